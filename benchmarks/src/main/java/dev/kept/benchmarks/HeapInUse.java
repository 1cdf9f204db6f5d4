package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap in use of a daemon, in KB, asked from outside. */
final class HeapInUse {
    private static final Pattern USED = Pattern.compile("(?:DefNew|Tenured) .*? used (\\d+)K");

    private HeapInUse() {}

    /** After a full collection. */
    static long afterCollectionKb(DaemonUnderTest daemon) throws IOException, InterruptedException {
        // The second collection clears what the first one only found weakly reachable.
        jcmd(daemon, "GC.run");
        jcmd(daemon, "GC.run");
        return kb(daemon);
    }

    /** As it is: what was allocated and not collected yet counts. */
    static long kb(DaemonUnderTest daemon) throws IOException, InterruptedException {
        String told = jcmd(daemon, "GC.heap_info");
        Matcher generations = USED.matcher(told);
        long used = 0;
        int found = 0;
        while (generations.find()) {
            used += Long.parseLong(generations.group(1));
            found++;
        }
        if (found != 2) {
            throw new IOException("not the heap of a serial collector: " + told);
        }
        return used;
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
