package dev.kept.benchmarks;

import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Faults that take longer than a test of the build may, with the real daemon: what happened, and whether anything was
 * lost.
 */
public final class Faults {
    private static final int CEILING_MB = 128;
    private static final int MANY = 100_000;
    private static final int LONG_LINE = 100_000_000;
    private static final long STOPPED_MS = 60_000;
    /** The sweep comes every 60 s. */
    private static final long A_SWEEP_MS = 80_000;

    private static final long PATIENCE_MS = 120_000;
    private static final long LONGEST_MS = 1_200_000;

    private Faults() {}

    /** How one fault ended. */
    private record Outcome(String happened, long lost) {}

    /** One fault. */
    @FunctionalInterface
    private interface Fault {
        Outcome inject(Path home) throws IOException, InterruptedException;
    }

    private static final Map<String, Fault> FAULTS = new LinkedHashMap<>();

    static {
        FAULTS.put("stopped", Faults::stopped);
        FAULTS.put("no-reports", Faults::withoutReports);
        FAULTS.put("full-disk", Faults::fullDisk);
        FAULTS.put("long-line", Faults::longLine);
        FAULTS.put("many-files", Faults::manyFiles);
    }

    private static List<String> settings(Path home, String... more) {
        List<String> settings = new ArrayList<>(
                List.of("allowedWriteRoots: ['" + home.resolve("work") + "']", "recordings:", "  timeZone: UTC"));
        settings.addAll(List.of(more));
        return settings;
    }

    private static long waitFor(BooleanSupplier done, long atMostMs) throws InterruptedException {
        long begin = System.nanoTime();
        while (!done.getAsBoolean() && System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(atMostMs)) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private static Outcome stopped(Path home) throws IOException, InterruptedException {
        try (DaemonUnderTest daemon = DaemonUnderTest.start(home, CEILING_MB, settings(home), List.of())) {
            List<FaultTalk> talks =
                    List.of(new FaultTalk("a", home), new FaultTalk("b", home), new FaultTalk("c", home));
            for (FaultTalk talk : talks) {
                talk.turn();
                talk.capture();
            }
            TimeUnit.SECONDS.sleep(2);
            run("kill", "-STOP", Long.toString(daemon.pid()));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOPPED_MS);
            while (System.nanoTime() < end) {
                for (FaultTalk talk : talks) {
                    talk.turn();
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            run("kill", "-CONT", Long.toString(daemon.pid()));
            Path tapes = daemon.home().tapes();
            long took = waitFor(() -> lost(talks, tapes) == 0, PATIENCE_MS);
            int turns = talks.stream().mapToInt(FaultTalk::turns).sum();
            return new Outcome(
                    turns + " turns during 60 s; all on tape and in 3 notes " + took + " ms after it went on",
                    lost(talks, tapes));
        }
    }

    private static long lost(List<FaultTalk> talks, Path tapes) {
        return talks.stream()
                .mapToLong(talk -> talk.missing() + talk.unkept(tapes))
                .sum();
    }

    private static Outcome withoutReports(Path home) throws IOException, InterruptedException {
        List<String> blind = List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "sh",
                "-c",
                "echo 0 > /proc/sys/user/max_inotify_instances && exec \"$@\"",
                "sh");
        // A root that is not there yet is looked for more often than the sweep comes.
        new FaultTalk("early", home).turn();
        try (DaemonUnderTest daemon = DaemonUnderTest.startBehind(blind, home, CEILING_MB, settings(home))) {
            daemon.awaitImport(1);
            FaultTalk talk = new FaultTalk("late", home);
            talk.turn();
            talk.capture();
            talk.turn();
            List<FaultTalk> talks = List.of(talk);
            Path tapes = daemon.home().tapes();
            long took = waitFor(() -> lost(talks, tapes) == 0, A_SWEEP_MS);
            boolean said = daemon.status().problems().stream()
                    .anyMatch(problem -> problem.code().equals("watch.limit"));
            return new Outcome(
                    "found by the sweep after " + took + " ms; " + (said ? "said" : "NOT SAID"),
                    lost(talks, tapes) + (said ? 0 : 1));
        }
    }

    private static Outcome fullDisk(Path home) throws IOException, InterruptedException {
        Path tapes = Files.createDirectories(home.resolve(".kept/tapes"));
        List<String> small = List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "t=$1 && shift && mount -t tmpfs -o size=8m,mode=700 none \"$t\" && exec \"$@\"",
                "sh",
                tapes.toString());
        try (DaemonUnderTest daemon =
                DaemonUnderTest.startBehind(small, home, CEILING_MB, settings(home, "keep: {minFreeBytes: 0MB}"))) {
            Path seen = Path.of("/proc/" + daemon.pid() + "/root")
                    .resolve(Path.of("/").relativize(tapes));
            FaultTalk talk = new FaultTalk("full", home);
            List<FaultTalk> talks = List.of(talk);
            talk.turn();
            talk.capture();
            waitFor(() -> lost(talks, seen) == 0, PATIENCE_MS);
            Path filler = seen.resolve("filler.bin");
            try (OutputStream out = Files.newOutputStream(filler)) {
                byte[] zeros = new byte[4096];
                while (true) {
                    out.write(zeros);
                }
            } catch (IOException full) {
                // As wanted.
            }
            for (int i = 0; i < 20; i++) {
                talk.record("assistant", "x".repeat(5_000));
                talk.turn();
            }
            boolean[] said = {false};
            waitFor(() -> said[0] |= says(daemon, "No space left"), PATIENCE_MS);
            Files.delete(filler);
            long took = waitFor(() -> lost(talks, seen) == 0, A_SWEEP_MS);
            return new Outcome(
                    (said[0] ? "said" : "NOT SAID") + "; with room again, and nothing more written, all kept after "
                            + took + " ms",
                    lost(talks, seen) + (said[0] ? 0 : 1));
        }
    }

    private static boolean says(DaemonUnderTest daemon, String words) {
        try {
            return daemon.status().problems().stream()
                    .anyMatch(problem -> problem.message().contains(words));
        } catch (IOException e) {
            return false;
        }
    }

    private static Outcome longLine(Path home) throws IOException, InterruptedException {
        try (DaemonUnderTest daemon = DaemonUnderTest.start(home, CEILING_MB, settings(home), List.of())) {
            FaultTalk talk = new FaultTalk("long", home);
            List<FaultTalk> talks = List.of(talk);
            talk.turn();
            talk.capture();
            String part = "x".repeat(1_000_000);
            talk.append("{\"type\":\"assistant\",\"unknown\":\"");
            for (int i = 0; i < LONG_LINE / part.length(); i++) {
                talk.append(part);
            }
            talk.append("\"}\n");
            talk.turn();
            Path tapes = daemon.home().tapes();
            long took = waitFor(() -> talk.missing() == 0, PATIENCE_MS);
            long lost = lost(talks, tapes);
            long peakMb = daemon.numbers().peakKb() >> 10;
            boolean under = peakMb <= CEILING_MB;
            return new Outcome(
                    "the turn behind it in its note after " + took + " ms; the process took " + peakMb + " MiB of "
                            + CEILING_MB,
                    lost + (under ? 0 : 1));
        }
    }

    private static long count(TapeLibrary library) {
        try {
            return library.tapes("claude").size();
        } catch (IOException notYet) {
            return 0;
        }
    }

    private static Outcome manyFiles(Path home) throws IOException, InterruptedException {
        Path projects = home.resolve(".claude/projects");
        List<FaultTalk> some = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Path folder = Files.createDirectories(projects.resolve("-work-" + i / 1_000));
            String id = UUID.randomUUID().toString();
            Files.writeString(
                    folder.resolve(id + ".jsonl"),
                    "{\"type\":\"user\",\"isSidechain\":false,\"cwd\":\"/work\",\"sessionId\":\"" + id
                            + "\",\"version\":\"2.1.219\",\"message\":{\"role\":\"user\",\"content\":\"hello\"},\"uuid\":\""
                            + id + "\",\"timestamp\":\"2026-01-02T03:04:05Z\"}\n");
        }
        long begin = System.nanoTime();
        try (DaemonUnderTest daemon = DaemonUnderTest.start(home, CEILING_MB, settings(home), List.of())) {
            TapeLibrary library = new TapeLibrary(daemon.home().tapes());
            waitFor(() -> count(library) >= MANY, LONGEST_MS);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            long kept = count(library);
            boolean said = says(daemon, "are copied and not read");
            FaultTalk talk = new FaultTalk("new", home);
            some.add(talk);
            talk.turn();
            talk.capture();
            talk.turn();
            Path tapes = daemon.home().tapes();
            long noted = waitFor(() -> lost(some, tapes) == 0, PATIENCE_MS);
            long peakMb = daemon.numbers().peakKb() >> 10;
            return new Outcome(
                    kept + " files on tape after " + took / 1_000 + " s, "
                            + daemon.status().imports().filesTotal() + " of them followed, "
                            + (said ? "the others said" : "the others NOT SAID")
                            + "; a new conversation among them in its note after " + noted + " ms; the process took "
                            + peakMb + " MiB of " + CEILING_MB,
                    MANY - kept + lost(some, tapes) + (peakMb <= CEILING_MB ? 0 : 1) + (said ? 0 : 1));
        }
    }

    /**
     * Arguments: which faults; none means all. Exit code 1 if anything was lost, doubled, not said, or over the
     * ceiling.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> wanted = arguments.length > 0 ? List.of(arguments) : List.copyOf(FAULTS.keySet());
        boolean good = true;
        System.out.println("fault | what happened | lost");
        for (String name : wanted) {
            Fault fault = FAULTS.get(name);
            if (fault == null) {
                System.err.println("There is no fault " + name + "; there are " + String.join(", ", FAULTS.keySet()));
                System.exit(2);
                return;
            }
            Path home = Files.createTempDirectory("kept-fault").toRealPath();
            Files.createDirectories(home.resolve("work"));
            Outcome outcome;
            try {
                outcome = fault.inject(home);
            } catch (IOException e) {
                outcome = new Outcome("the daemon ended or does not answer: " + e.getMessage(), 1);
            }
            System.out.println(name + " | " + outcome.happened() + " | " + outcome.lost());
            good &= outcome.lost() == 0;
            if (outcome.lost() == 0) {
                TemporaryHome.delete(home);
            } else {
                System.out.println("Left for a look: " + home);
            }
        }
        System.exit(good ? 0 : 1);
    }
}
