package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredTape;
import dev.kept.cli.service.DaemonProcess;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.Age;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.ProgressLine;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptHome;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.ExitCode;
import dev.kept.control.InstanceLock;
import dev.kept.control.SealAnswer;
import dev.kept.ingest.seal.SealProgress;
import dev.kept.ingest.seal.SealRule;
import dev.kept.status.HumanReadable;
import dev.kept.tape.Sealing;
import dev.kept.tape.Segment;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command {@code kept seal}: seals tapes now, by the daemon, which does it when idle, or without one in this
 * process.
 */
@Command(
        name = "seal",
        description = {
            "Pack the copies of files that rest, to a fraction of their size. All commands read them as before, and so does"
                    + " zstdcat.",
            "The daemon does this by itself for what has rested for as long as tape.sealAfter says. Each copy is read back"
                    + " and compared before the plain one goes."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept seal                           what has rested for as long as config.yaml says",
            "  kept seal --older-than 1d           what has rested for a day",
            "  kept seal --older-than 0d --dry-run how much there is in all"
        })
public final class SealCommand implements Action {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration USUAL = Duration.ofDays(14);
    private static final long ASK_MS = 200;

    private final CliContext context;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            description = "How long a file must have rested: 30d, or a day such as 2026-01-31.")
    private String olderThan = "";

    @Option(names = "--dry-run", description = "Only say how much there is to seal.")
    private boolean dryRun;

    public SealCommand(CliContext context) {
        this.context = context;
    }

    /** A tape and its segments that are due. */
    private record Due(StoredTape tape, List<Segment> segments) {
        long bytes() {
            return segments.stream().mapToLong(Segment::length).sum();
        }
    }

    @Override
    public Integer call() throws Exception {
        SealRule rule = new SealRule(rest());
        List<Due> due = due(rule);
        long bytes = due.stream().mapToLong(Due::bytes).sum();
        if (due.isEmpty()) {
            context.out().println("Nothing is to be sealed.");
            return ExitCode.DONE;
        }
        String what = HumanReadable.count(due.size(), "tape") + ", " + HumanReadable.bytes(bytes);
        if (dryRun) {
            context.out().println("To be sealed: " + what + ".");
            return ExitCode.DONE;
        }
        KeptHome home = context.home();
        if (new DaemonProcess(home).runningPid().isPresent()) {
            return byTheDaemon(rule, bytes);
        }
        try (InstanceLock _ = InstanceLock.acquire(home)) {
            return here(rule, bytes);
        } catch (InstanceLock.HeldException starting) {
            context.err().println("kept: the daemon is just starting or ending; try again in a moment");
            return ExitCode.FAILED;
        }
    }

    private Duration rest() throws Exception {
        if (olderThan.isEmpty()) {
            return ConfigReader.read(context.home(), Providers.NAMES)
                    .tape()
                    .sealAfter()
                    .orElse(USUAL);
        }
        Instant now = context.clock().instant();
        Duration rest = Duration.between(Age.before(olderThan, now), now);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    private List<Due> due(SealRule rule) throws IOException {
        List<Due> due = new ArrayList<>();
        for (StoredTape tape : new SessionArchive(context.home(), Providers.ALL).tapes()) {
            List<Segment> segments = rule.due(
                    tape.folder(),
                    tape.manifest(),
                    tape.kind().layout(),
                    context.clock().instant());
            if (!segments.isEmpty()) {
                due.add(new Due(tape, segments));
            }
        }
        return due;
    }

    private int byTheDaemon(SealRule rule, long bytes) throws Exception {
        ControlClient client = new ControlClient(context.home(), PATIENCE);
        Optional<SealProgress> before = ask(client, new ControlRequest.Seal(Optional.empty()));
        if (before.isEmpty()) {
            context.err().println("kept: the daemon is of another version, or has just ended\n  → Try: kept restart");
            return ExitCode.FAILED;
        }
        Optional<SealProgress> now = ask(client, new ControlRequest.Seal(Optional.of(rule.rest())));
        try (ProgressLine progress = new ProgressLine(context, "Sealing")) {
            progress.begin(0, bytes);
            while (now.isPresent() && now.get().running()) {
                progress.at(now.get().bytes() - before.get().bytes() + now.get().underWay());
                Thread.sleep(ASK_MS);
                now = ask(client, new ControlRequest.Seal(Optional.empty()));
            }
        }
        if (now.isEmpty()) {
            context.err().println("kept: the daemon has just ended. Start it with: kept start");
            return ExitCode.NOT_RUNNING;
        }
        return printResult(
                now.get().segments() - before.get().segments(),
                now.get().bytes() - before.get().bytes(),
                now.get().packedBytes() - before.get().packedBytes(),
                now.get().failed() - before.get().failed());
    }

    private static Optional<SealProgress> ask(ControlClient client, ControlRequest.Seal request) throws IOException {
        return client.ask(request).flatMap(SealAnswer::read);
    }

    private int here(SealRule rule, long bytes) throws IOException {
        long segments = 0;
        long sealed = 0;
        long packed = 0;
        long failed = 0;
        try (ProgressLine progress = new ProgressLine(context, "Sealing")) {
            progress.begin(0, bytes);
            long done = 0;
            // Determined again: only now no other process writes.
            for (Due due : due(rule)) {
                for (Segment segment : due.segments()) {
                    try (Sealing sealing = Sealing.of(segment)) {
                        while (!sealing.step()) {
                            progress.at(done + sealing.done() / 2);
                        }
                        if (sealing.publish()) {
                            segments++;
                            sealed += segment.length();
                            packed += sealing.packedBytes();
                        }
                    } catch (IOException e) {
                        failed++;
                        context.err().println("kept: " + e.getMessage());
                    }
                    done += segment.length();
                }
            }
        }
        return printResult(segments, sealed, packed, failed);
    }

    private int printResult(long segments, long bytes, long packed, long failed) {
        context.out()
                .println("Sealed: " + HumanReadable.count(segments, "file") + ", " + HumanReadable.bytes(bytes) + " in "
                        + HumanReadable.bytes(packed) + ".");
        if (failed > 0) {
            context.err()
                    .println("kept: " + HumanReadable.count(failed, "file")
                            + " could not be sealed and stays as it is\n  → kept status, or kept doctor --verify");
            return ExitCode.FAILED;
        }
        return ExitCode.DONE;
    }
}
