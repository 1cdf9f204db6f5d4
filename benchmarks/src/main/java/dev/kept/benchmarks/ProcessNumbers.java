package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the operating system says about a process at one moment. Linux only.
 *
 * @param rssKb resident now
 * @param peakKb the most that was resident ({@code VmHWM})
 * @param bytesRead by any read call, sockets included ({@code rchar})
 * @param bytesWritten by any write call, sockets included ({@code wchar})
 * @param diskBytesWritten that went, or will go, to a disk ({@code write_bytes})
 * @param readCalls read calls so far
 * @param writeCalls write calls so far
 * @param wakeups how often a living thread waited, and so had to be woken
 * @param cpuNanos on a processor, by living thread
 */
record ProcessNumbers(
        long rssKb,
        long peakKb,
        long bytesRead,
        long bytesWritten,
        long diskBytesWritten,
        long readCalls,
        long writeCalls,
        long wakeups,
        Map<String, Long> cpuNanos) {
    ProcessNumbers {
        cpuNanos = Map.copyOf(cpuNanos);
    }

    static ProcessNumbers of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        String status = Files.readString(process.resolve("status"));
        String io = Files.readString(process.resolve("io"));
        return new ProcessNumbers(
                number(status, "VmRSS:"),
                number(status, "VmHWM:"),
                number(io, "rchar:"),
                number(io, "wchar:"),
                number(io, "write_bytes:"),
                number(io, "syscr:"),
                number(io, "syscw:"),
                wakeups(process.resolve("task")),
                cpu(process.resolve("task")));
    }

    private static long wakeups(Path tasks) throws IOException {
        long wakeups = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                try {
                    wakeups += number(Files.readString(thread.resolve("status")), "voluntary_ctxt_switches:");
                } catch (NoSuchFileException ended) {
                    // A thread may end while the list is read.
                }
            }
        }
        return wakeups;
    }

    /** By thread. The ticks of {@code stat} are 10 ms long, which is more than a quiet minute takes. */
    private static Map<String, Long> cpu(Path tasks) throws IOException {
        Map<String, Long> nanos = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                try {
                    String told = Files.readString(thread.resolve("schedstat"));
                    nanos.put(thread.getFileName().toString(), Long.parseLong(told.substring(0, told.indexOf(' '))));
                } catch (NoSuchFileException ended) {
                    // A thread may end while the list is read.
                }
            }
        }
        return nanos;
    }

    /** Nanoseconds on a processor since then; what threads did that ended in between is not known. */
    long cpuNanosSince(ProcessNumbers before) {
        return cpuNanos.entrySet().stream()
                .mapToLong(thread -> thread.getValue() - before.cpuNanos.getOrDefault(thread.getKey(), 0L))
                .sum();
    }

    /** The same, of threads with one of these names alone. */
    long cpuNanosSince(ProcessNumbers before, long pid, Set<String> names) throws IOException {
        long nanos = 0;
        for (Map.Entry<String, Long> thread : cpuNanos.entrySet()) {
            Path name = Path.of("/proc", Long.toString(pid), "task", thread.getKey(), "comm");
            if (Files.exists(name) && names.contains(Files.readString(name).strip())) {
                nanos += thread.getValue() - before.cpuNanos.getOrDefault(thread.getKey(), 0L);
            }
        }
        return nanos;
    }

    /** Nanoseconds on a processor of all threads that live. */
    long cpuNanosOfProcess() {
        return cpuNanos.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long number(String text, String name) {
        int at = text.indexOf(name);
        int end = at < 0 ? -1 : text.indexOf('\n', at);
        return end < 0
                ? 0
                : Long.parseLong(text.substring(at + name.length(), end).replaceAll("\\D", ""));
    }
}
