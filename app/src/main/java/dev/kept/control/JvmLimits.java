package dev.kept.control;

import dev.kept.config.KeptHome;
import java.util.List;
import java.util.Map;

/**
 * The limits of the Java runtime for a memory ceiling of the whole process. Pure.
 *
 * <p>With a ceiling of C MiB the heap may have C - 72; the other 72 hold what a bare runtime maps (about 40 MiB, half
 * of it pages of files), metaspace and compiled code as far as they are touched, direct buffers, stacks and the
 * allocator's slack. The figures are limits of each part, not its usual size: their sum is larger than 72 on purpose.
 *
 * <pre>
 * heap            C - 72      young generation: an eighth of it, 4 to 16
 * metaspace       32          of it class space 16
 * compiled code   8           first compiler only: the second one needs arenas of tens of MiB
 * direct          4           file I/O goes through a few buffers that are allocated once
 * stacks          0.5 each
 * </pre>
 */
public final class JvmLimits {
    /** Memory outside the heap, in MiB. */
    public static final int BESIDE_HEAP_MB = 72;

    /** Heap outside the snapshot store, in MiB. */
    public static final int BESIDE_STORE_MB = 21;

    private static final int METASPACE_MB = 32;
    private static final int CODE_MB = 8;
    private static final int DIRECT_MB = 4;

    /** Interval at which the allocator's unused memory is returned: compiling at the start leaves some MiB behind. */
    private static final int TRIM_MS = 10_000;

    /**
     * Interval of the runtime's housekeeping of locks and internal tables. Its defaults, four times and once a second,
     * caused most wake-ups of an idle daemon.
     */
    private static final int HOUSEKEEPING_MS = 10_000;

    /** Stacks of all threads at full depth: about 20 threads, and up to 32 more that write notes. */
    private static final int STACKS_MB = 32;

    /** Memory that a bare runtime maps, half of it pages of files. */
    private static final int RUNTIME_MB = 40;

    /** Pages of files on their way to the disk, the supervising shell, and the kernel's memory for them. */
    private static final int FILES_MB = 16;

    private JvmLimits() {}

    /** Returns the limit of the heap, in MiB. */
    public static int heapMb(int ceilingMb) {
        return ceilingMb - BESIDE_HEAP_MB;
    }

    /**
     * Returns the snapshot store's share, in MiB: the heap less 21 for the young generation, buffers in flight, the
     * record being read, and what collections need.
     */
    public static int storeShareMb(int ceilingMb) {
        return heapMb(ceilingMb) - BESIDE_STORE_MB;
    }

    /**
     * Returns the memory limit for a service manager that ends a process above it, in MiB: the sum of what the flags
     * below allow, with the pages of files that a control group counts and a process does not. A second barrier behind
     * the ceiling: a process that reaches it is out of control.
     */
    public static int serviceMb(int ceilingMb) {
        return heapMb(ceilingMb) + METASPACE_MB + CODE_MB + DIRECT_MB + STACKS_MB + RUNTIME_MB + FILES_MB;
    }

    /** Returns the runtime's flags for a ceiling in MiB, in a fixed order. */
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
                // Flags for maintainers of a runtime; a later one may not have them.
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:AsyncDeflationInterval=" + HOUSEKEEPING_MS,
                "-XX:ServiceThreadCleanupInterval=" + HOUSEKEEPING_MS,
                "-Xss512k",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-HeapDumpOnOutOfMemoryError",
                "-XX:-UsePerfData",
                // A start may wait for the standard output, so the runtime's own messages go to standard error.
                "-XX:+DisplayVMOutputToStderr",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-XX:ErrorFile=" + home.logs().resolve("crash.log"),
                DaemonCommandLine.TEMPORARY + home.temporary(),
                "--enable-native-access=ALL-UNNAMED");
    }

    /** Returns variables for the process's environment: a single arena, so that freed memory is reused. */
    public static Map<String, String> environment() {
        return Map.of("MALLOC_ARENA_MAX", "1");
    }
}
