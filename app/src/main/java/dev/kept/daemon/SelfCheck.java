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
 * Problems of the daemon itself, found without asking its threads: from the disk, and from the time each thread last
 * made progress. Thread-safe; called by the thread that answers a request.
 */
final class SelfCheck {
    /**
     * Time without progress after which a thread counts as stuck. One step takes milliseconds; a disk may hang for a
     * while.
     */
    static final Duration STUCK = Duration.ofSeconds(60);

    /** Time for which an answer is reused, for clients that ask every second. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final KeptHome home;
    private final UnkeptSources sources;
    private final IngestHeartbeat ingest;
    private Instant checkedAt = Instant.EPOCH;
    private List<Unkept> unkept = List.of();

    SelfCheck(KeptHome home, UnkeptSources sources, IngestHeartbeat ingest) {
        this.home = home;
        this.sources = sources;
        this.ingest = ingest;
    }

    /**
     * Returns the problems of the daemon itself, followed by the known ones.
     *
     * @param known problems that the pipeline published
     * @param heartbeatAt time of the pipeline's last heartbeat
     */
    List<Problem> problems(List<Problem> known, Instant heartbeatAt, Instant now) {
        List<Problem> all = new ArrayList<>();
        LastExit.recent(home, now).ifPresent(end -> all.add(end.problem(home, true, now)));
        QuarantinedSource.read(home).forEach(each -> all.add(each.problem(home)));
        Duration silent = Duration.between(heartbeatAt, now);
        if (silent.compareTo(STUCK) > 0) {
            all.add(stuck("makes nothing of what is kept", "kept-pipeline", silent, now));
        }
        Duration atOneThing = ingest.timeOnTask();
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
        if (Duration.between(checkedAt, now).abs().compareTo(AGAIN) > 0) {
            unkept = sources.check(now, ingest.idleAt(), reported);
            checkedAt = now;
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
