package dev.kept.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is done to system calls of a running process, by {@code strace}. Each thread counts its own calls.
 *
 * @param calls the system calls' names, separated by commas
 * @param error the error that they fail with instead of being made; empty: the process is killed before one is made
 * @param from the first call of a thread to which that is done
 * @param step how many calls later it is done again, and so on; 0 for never
 */
record Injection(String calls, Optional<String> error, int from, int step) {
    private static final Pattern CALLED = Pattern.compile("^(\\d+) +([a-z0-9_]+)\\(.*");
    private static final long ATTACHED_WITHIN_S = 20;
    private static final long DETACHED_WITHIN_S = 20;

    /** The process is killed at one call. */
    static Injection kill(String calls, int at) {
        return new Injection(calls, Optional.empty(), at, 0);
    }

    /** One call fails. */
    static Injection once(String calls, String error, int at) {
        return new Injection(calls, Optional.of(error), at, 0);
    }

    /** Each call fails, or each so many. */
    static Injection often(String calls, String error, int step) {
        return new Injection(calls, Optional.of(error), step, step);
    }

    @Override
    public String toString() {
        String again = step == 0 ? "" : step == 1 ? " and on" : " and each " + step;
        return calls + " " + error.orElse("KILL") + " at " + from + again;
    }

    private String expression() {
        return "inject=" + calls + error.map(name -> ":error=" + name).orElse(":signal=KILL") + ":when=" + from
                + (step == 0 ? "" : "+" + step);
    }

    /** An attached {@code strace}. */
    static final class Attached implements AutoCloseable {
        private final Process strace;
        private final Path log;

        private Attached(Process strace, Path log) {
            this.strace = strace;
            this.log = log;
        }

        /** Lets the process go on by itself. */
        @Override
        public void close() throws IOException {
            try {
                strace.destroy();
                if (!strace.waitFor(DETACHED_WITHIN_S, TimeUnit.SECONDS)) {
                    strace.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                strace.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }

        /** How often a call failed that would not have. */
        long injected() throws IOException {
            try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
                return lines.filter(line -> line.contains("(INJECTED)")).count();
            }
        }

        /** For each call: how often all threads made it, and how often that one which made it most. */
        Map<String, Count> counts() throws IOException {
            Map<String, Map<String, Integer>> byThread = new TreeMap<>();
            try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
                lines.forEach(line -> {
                    Matcher called = CALLED.matcher(line);
                    if (called.matches()) {
                        byThread.computeIfAbsent(called.group(2), _ -> new HashMap<>())
                                .merge(called.group(1), 1, Integer::sum);
                    }
                });
            }
            Map<String, Count> counts = new TreeMap<>();
            byThread.forEach((call, threads) -> counts.put(
                    call,
                    new Count(
                            threads.values().stream()
                                    .mapToInt(Integer::intValue)
                                    .sum(),
                            threads.values().stream()
                                    .mapToInt(Integer::intValue)
                                    .max()
                                    .orElse(0))));
            return counts;
        }
    }

    /**
     * How often a call is made.
     *
     * @param all by all threads
     * @param most by the thread that makes it most often
     */
    record Count(int all, int most) {}

    /** Attaches to all threads of that process; what it does to them is done from then on. */
    Attached attach(long pid, Path log) throws IOException {
        return attach(pid, log, List.of("-e", "trace=" + calls, "-e", expression()));
    }

    /** Attaches only to count. */
    static Attached counting(long pid, Path log) throws IOException {
        return attach(pid, log, List.of());
    }

    private static Attached attach(long pid, Path log, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "strace", "-f", "-s", "0", "-e", "signal=none", "-o", log.toString(), "-p", Long.toString(pid)));
        command.addAll(more);
        Process strace = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said = strace.errorReader(StandardCharsets.UTF_8);
        StringBuilder all = new StringBuilder();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ATTACHED_WITHIN_S);
        String line;
        while (System.nanoTime() - end < 0 && (line = said.readLine()) != null) {
            all.append(line).append('\n');
            if (line.contains("attached")) {
                // What it says later is little, and fills no pipe.
                return new Attached(strace, log);
            }
        }
        strace.destroyForcibly();
        throw new IOException("strace did not attach: " + all.toString().strip());
    }

    /** Why no system call of another process can be made to fail here; empty if one can. */
    static Optional<String> unusable() throws InterruptedException {
        try {
            Process tried = new ProcessBuilder(
                            "strace", "-qq", "-e", "trace=none", "-e", "inject=sync:error=EIO", "true")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(tried.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return tried.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
