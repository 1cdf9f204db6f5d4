package dev.kept.benchmarks;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What packing session files with zstd gives and costs, by level, by the length of a frame, and by the window. */
final class Packing {
    private static final int[] LEVELS = {1, 3, 6, 9, 12, 19};
    private static final int[] FRAMES = {64 * 1024, 128 * 1024, 256 * 1024, 512 * 1024, 1024 * 1024};
    private static final int WHOLE = Integer.MAX_VALUE;
    private static final int WARM_UP_BYTES = 4_000_000;

    /** Finds what stands twice up to so far apart: 2^27 bytes. */
    private static final int LONG_WINDOW_LOG = 27;

    private final String name;
    private final List<Path> files;
    private final long mostBytes;

    /** @param mostBytes of each measurement; so many bytes of the files are packed */
    Packing(String name, List<Path> files, long mostBytes) {
        this.name = name;
        this.files = List.copyOf(files);
        this.mostBytes = mostBytes;
    }

    private record Packed(long from, long to, long packNanos, long unpackNanos) {
        double ratio() {
            return (double) from / Math.max(1, to);
        }

        private static double rate(long bytes, long nanos) {
            return bytes / 1e6 / Math.max(1e-9, nanos / 1e9);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%9.2f %13.0f %15.0f", ratio(), rate(from, packNanos), rate(from, unpackNanos));
        }
    }

    void print(int frame, int level) throws IOException, InterruptedException {
        System.out.printf("%n%s, frames of %,d KiB%n", name, frame / 1024);
        System.out.printf(
                "%-24s %9s %13s %15s %13s%n", "level", "ratio", "packing MB/s", "unpacking MB/s", "memory kB");
        for (int each : LEVELS) {
            System.out.printf(Locale.ROOT, "%-24s %s %,13d%n", each, pack(each, frame, 0), memoryKb(each, frame));
        }
        System.out.printf(
                "%nlevel %d%n%-24s %9s %13s %15s%n", level, "frame", "ratio", "packing MB/s", "unpacking MB/s");
        for (int each : FRAMES) {
            System.out.printf("%-24s %s%n", each / 1024 + " KiB", pack(level, each, 0));
        }
        System.out.printf("%-24s %s%n", "the file", pack(level, WHOLE, 0));
        System.out.printf("%-24s %s%n", "the file, long window", pack(level, WHOLE, LONG_WINDOW_LOG));
    }

    private Packed pack(int level, int frame, int windowLog) throws IOException {
        // The first few megabytes are there to warm up.
        measure(level, frame, windowLog, WARM_UP_BYTES);
        return measure(level, frame, windowLog, mostBytes);
    }

    private Packed measure(int level, int frame, int windowLog, long most) throws IOException {
        long from = 0;
        long to = 0;
        long packNanos = 0;
        long unpackNanos = 0;
        try (ZstdCompressCtx packer = new ZstdCompressCtx()) {
            packer.setLevel(level).setChecksum(true);
            if (windowLog > 0) {
                packer.setLong(windowLog);
            }
            for (Path file : files) {
                if (from >= most) {
                    break;
                }
                byte[] content = Files.readAllBytes(file);
                for (int at = 0; at < content.length && from < most; at += Math.min(frame, content.length - at)) {
                    byte[] piece = Arrays.copyOfRange(content, at, at + Math.min(frame, content.length - at));
                    long began = System.nanoTime();
                    byte[] packed = packer.compress(piece);
                    long half = System.nanoTime();
                    byte[] again = Zstd.decompress(packed, piece.length);
                    unpackNanos += System.nanoTime() - half;
                    packNanos += half - began;
                    if (!Arrays.equals(piece, again)) {
                        throw new IOException(file + " was not packed as it is");
                    }
                    from += piece.length;
                    to += packed.length;
                }
            }
        }
        return new Packed(from, to, packNanos, unpackNanos);
    }

    private static long memoryKb(int level, int frame) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-Xms32m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Memory.class.getName(),
                        Integer.toString(level),
                        Integer.toString(frame))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException("the process that measures memory failed");
        }
        return Long.parseLong(answer);
    }

    /** What packing adds to a process beside its heap, the library not counted: run as a process of its own. */
    static final class Memory {
        private static final int PIECES = 16;

        private Memory() {}

        /** {@code LEVEL FRAME}. */
        public static void main(String[] arguments) throws IOException {
            int level = Integer.parseInt(arguments[0]);
            byte[] piece = new byte[Integer.parseInt(arguments[1])];
            byte[] packed = new byte[(int) Zstd.compressBound(piece.length)];
            long pid = ProcessHandle.current().pid();
            // Everything but the tables of the level is there before it is measured.
            pack(1, piece, packed);
            long before = ProcessNumbers.of(pid).rssKb();
            pack(level, piece, packed);
            System.out.println(ProcessNumbers.of(pid).peakKb() - before);
        }

        private static void pack(int level, byte[] piece, byte[] packed) {
            SplitText text = new SplitText();
            try (ZstdCompressCtx packer = new ZstdCompressCtx()) {
                packer.setLevel(level).setChecksum(true);
                for (int i = 0; i < PIECES; i++) {
                    text.fill(piece);
                    packer.compressByteArray(packed, 0, packed.length, piece, 0, piece.length);
                }
            }
        }
    }

    /** Bytes that are neither all alike nor all different. */
    private static final class SplitText {
        private long state = 1;

        void fill(byte[] into) {
            for (int i = 0; i < into.length; i++) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                into[i] = (byte) ('a' + ((state >>> 40) % 13));
            }
        }
    }
}
