package dev.kept.daemon;

import dev.kept.config.KeptHome;
import dev.kept.control.LastExit;
import dev.kept.control.QuarantinedSource;
import dev.kept.ingest.IngestHeartbeat;
import dev.kept.ingest.UnkeptSources;
import dev.kept.ingest.UnkeptSources.Unkept;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong with the daemon itself, found without asking its threads: by the disk, and by when each of them last went on.
 * Thread-safe; asked by who answers a person.
 */
final class SelfCheck {
    /** A thread does one thing for milliseconds; a disk may hang for a while. */
    static final Duration STUCK = Duration.ofSeconds(60);

    /** Who looks every second gets the same answer for a while. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final KeptHome home;
    private final UnkeptSources sources;
    private final IngestHeartbeat ingest;
    private Instant lookedAt = Instant.EPOCH;
    private List<Unkept> unkept = List.of();

    SelfCheck(KeptHome home, UnkeptSources sources, IngestHeartbeat ingest) {
        this.home = home;
        this.sources = sources;
        this.ingest = ingest;
    }

    /**
     * What is wrong now.
     *
     * @param known what the pipeline told
     * @param heartbeatAt when the pipeline last went on
     */
    List<Problem> with(List<Problem> known, Instant heartbeatAt, Instant now) {
        List<Problem> all = new ArrayList<>();
        LastExit.lately(home, now).ifPresent(end -> all.add(end.problem(home, true, now)));
        QuarantinedSource.read(home).forEach(each -> all.add(each.problem(home)));
        Duration silent = Duration.between(heartbeatAt, now);
        if (silent.compareTo(STUCK) > 0) {
            all.add(stuck("makes nothing of what is kept", "kept-pipeline", silent, now));
        }
        Duration atOneThing = ingest.atOneThing();
        if (atOneThing.compareTo(STUCK) > 0) {
            all.add(stuck("copies nothing", "kept-ingest", atOneThing, now));
        }
        boolean reported = known.stream().noneMatch(problem -> problem.code().equals("watch.limit"));
        unkept(now, reported).ifPresent(all::add);
        all.addAll(known);
        return all;
    }

    private static Problem stuck(String what, String thread, Duration lasting, Instant now) {
        return new Problem(
                "daemon.stuck",
                "The daemon " + what + ": its thread " + thread + " has been at one thing for "
                        + HumanReadable.lasting(lasting) + ".",
                "See that the disks it reads and writes answer, then: kept restart",
                Optional.of(now.minus(lasting)),
                0);
    }

    private synchronized Optional<Problem> unkept(Instant now, boolean reported) {
        if (Duration.between(lookedAt, now).abs().compareTo(AGAIN) > 0) {
            unkept = sources.look(now, ingest.idleAt(), reported);
            lookedAt = now;
        }
        if (unkept.isEmpty()) {
            return Optional.empty();
        }
        Unkept first = unkept.getFirst();
        String more = unkept.size() == 1 ? "" : ", and " + HumanReadable.count(unkept.size() - 1, "other file");
        return Optional.of(new Problem(
                "source.behind",
                "Not being kept: " + home.forPeople(first.path())
                        + (first.bytes() == 0
                                ? ""
                                : ", of which " + HumanReadable.bytes(first.bytes()) + " are not copied")
                        + more + ".",
                "kept restart; if it comes back, see: kept doctor",
                Optional.of(first.since()),
                0));
    }
}
