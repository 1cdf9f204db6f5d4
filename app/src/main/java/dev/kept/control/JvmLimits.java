package dev.kept.control;

import dev.kept.config.KeptHome;
import java.util.List;
import java.util.Map;

/**
 * The limits of the Java runtime for a ceiling of the whole process. Pure.
 *
 * <p>With a ceiling of C MiB the heap may have C - 72; the other 72 hold what a bare runtime maps (about 40 MiB, half of
 * it pages of files), metaspace and compiled code as far as they are touched, direct buffers, stacks and the allocator's
 * slack. The figures are the most that each may become, not what is used: their sum is meant to be larger than 72.
 *
 * <pre>
 *   heap            C - 72      young generation: an eighth of it, 4 to 16
 *   metaspace       32          of it class space 16
 *   compiled code   8           first compiler only: the second one needs arenas of tens of MiB
 *   direct          4           file I/O goes through a few buffers that are made once
 *   stacks          0.5 each
 * </pre>
 */
public final class JvmLimits {
    /** What is not heap, in MiB. */
    public static final int BESIDE_HEAP_MB = 72;

    /** What of the heap is not the snapshot store's, in MiB. */
    public static final int BESIDE_STORE_MB = 21;

    private static final int METASPACE_MB = 32;
    private static final int CODE_MB = 8;
    private static final int DIRECT_MB = 4;

    /** How often what the allocator holds for nobody is given back: compiling at the start leaves some MiB behind. */
    private static final int TRIM_MS = 10_000;

    /**
     * How often the runtime looks whether locks and its own tables have something to give back: four times and once a second
     * unless it is told, which was most of what a daemon at rest woke up for.
     */
    private static final int HOUSEKEEPING_MS = 10_000;

    /** Stacks of all threads, were each as deep as it may be; there are about 20, and up to 32 more that write notes. */
    private static final int STACKS_MB = 32;

    /** What a bare runtime maps, half of it pages of files. */
    private static final int RUNTIME_MB = 40;

    /** Pages of files on their way to the disk, the supervising shell, and what the kernel holds for them. */
    private static final int FILES_MB = 16;

    private JvmLimits() {}

    /** The most the heap may have, in MiB. */
    public static int heapMb(int ceilingMb) {
        return ceilingMb - BESIDE_HEAP_MB;
    }

    /**
     * The snapshot store's share, in MiB: the heap less 21 for the young generation, the buffers on their way, the record
     * that is being read and what collections need to work.
     */
    public static int storeShareMb(int ceilingMb) {
        return heapMb(ceilingMb) - BESIDE_STORE_MB;
    }

    /**
     * The limit for a service manager that ends what is over it, in MiB: what the flags below allow together, were all of it
     * used at once, with the pages of files that a control group counts and a process does not. It is a fence behind the
     * ceiling: what reaches it is out of control.
     */
    public static int serviceMb(int ceilingMb) {
        return heapMb(ceilingMb) + METASPACE_MB + CODE_MB + DIRECT_MB + STACKS_MB + RUNTIME_MB + FILES_MB;
    }

    /** The runtime's flags for a ceiling in MiB, in a fixed order. */
    public static List<String> flags(int ceilingMb, KeptHome home) {
        int heap = heapMb(ceilingMb);
        int young = Math.clamp(heap / 8, 4, 16);
        return List.of(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "-Xms8m",
                "-Xmx" + heap + "m",
                "-XX:MaxNewSize=" + young + "m",
                "-XX:MaxMetaspaceSize=" + METASPACE_MB + "m",
                "-XX:CompressedClassSpaceSize=16m",
                "-XX:ReservedCodeCacheSize=" + CODE_MB + "m",
                "-XX:MaxDirectMemorySize=" + DIRECT_MB + "m",
                "-Djdk.nio.maxCachedBufferSize=16384",
                "-XX:TrimNativeHeapInterval=" + TRIM_MS,
                // For those who look after the runtime: a later one may not have them.
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:AsyncDeflationInterval=" + HOUSEKEEPING_MS,
                "-XX:ServiceThreadCleanupInterval=" + HOUSEKEEPING_MS,
                "-Xss512k",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-HeapDumpOnOutOfMemoryError",
                "-XX:-UsePerfData",
                // A start may wait for its standard output: what the runtime itself has to say goes the other way.
                "-XX:+DisplayVMOutputToStderr",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-XX:ErrorFile=" + home.logs().resolve("crash.log"),
                DaemonCommandLine.TEMPORARY + home.temporary(),
                "--enable-native-access=ALL-UNNAMED");
    }

    /** Variables that the process needs in its environment: one arena, so that freed memory is found again. */
    public static Map<String, String> environment() {
        return Map.of("MALLOC_ARENA_MAX", "1");
    }
}
