package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The heap of a daemon at one moment, asked from outside.
 *
 * @param usedKb what was allocated and not collected yet counts
 */
record HeapInUse(long usedKb, long committedKb) {
    private static final Pattern GENERATIONS = Pattern.compile("(?:DefNew|Tenured) .*? total (\\d+)K, used (\\d+)K");

    /** After a full collection. */
    static HeapInUse afterCollection(DaemonUnderTest daemon) throws IOException, InterruptedException {
        // The second collection clears what the first one only found weakly reachable.
        jcmd(daemon, "GC.run");
        jcmd(daemon, "GC.run");
        return of(daemon);
    }

    /** As it is. */
    static HeapInUse of(DaemonUnderTest daemon) throws IOException, InterruptedException {
        String told = jcmd(daemon, "GC.heap_info");
        Matcher generations = GENERATIONS.matcher(told);
        long committed = 0;
        long used = 0;
        int found = 0;
        while (generations.find()) {
            committed += Long.parseLong(generations.group(1));
            used += Long.parseLong(generations.group(2));
            found++;
        }
        if (found != 2) {
            throw new IOException("not the heap of a serial collector: " + told);
        }
        return new HeapInUse(used, committed);
    }

    private static String jcmd(DaemonUnderTest daemon, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(daemon.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + told);
        }
        return told;
    }
}
