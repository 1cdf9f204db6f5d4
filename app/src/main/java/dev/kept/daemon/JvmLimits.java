package dev.kept.daemon;

import dev.kept.config.KeptHome;
import java.util.List;
import java.util.Map;

/**
 * The limits of the Java runtime for a ceiling of the whole process. Pure.
 *
 * <p>With a ceiling of C MiB the heap may have C - 68; the other 68 hold what a bare runtime maps (about 40 MiB, half of
 * it pages of files), metaspace and compiled code as far as they are touched, direct buffers, stacks and the allocator's
 * slack. The figures are the most that each may become, not what is used: their sum is meant to be larger than 68.
 *
 * <pre>
 *   heap            C - 68      young generation: an eighth of it, 4 to 16
 *   metaspace       32          of it class space 16
 *   compiled code   8           first compiler only: the second one needs arenas of tens of MiB
 *   direct          4           file I/O goes through a few buffers that are made once
 *   stacks          0.5 each
 * </pre>
 */
public final class JvmLimits {
    /** What is not heap, in MiB. */
    public static final int BESIDE_HEAP_MB = 68;

    /** What of the heap is not the snapshot store's, in MiB. */
    public static final int BESIDE_STORE_MB = 24;

    private JvmLimits() {}

    /** The most the heap may have, in MiB. */
    public static int heapMb(int ceilingMb) {
        return ceilingMb - BESIDE_HEAP_MB;
    }

    /**
     * The snapshot store's share, in MiB: the heap less 24 for the young generation, the buffers on their way, the record
     * that is being read and what collections need to work.
     */
    public static int storeShareMb(int ceilingMb) {
        return heapMb(ceilingMb) - BESIDE_STORE_MB;
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
                "-XX:MaxMetaspaceSize=32m",
                "-XX:CompressedClassSpaceSize=16m",
                "-XX:ReservedCodeCacheSize=8m",
                "-XX:MaxDirectMemorySize=4m",
                "-Djdk.nio.maxCachedBufferSize=65536",
                "-Xss512k",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-HeapDumpOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-XX:ErrorFile=" + home.logs().resolve("crash.log"),
                "-Djava.io.tmpdir=" + home.temporary(),
                "--enable-native-access=ALL-UNNAMED");
    }

    /** Variables that the process needs in its environment: one arena, so that freed memory is found again. */
    public static Map<String, String> environment() {
        return Map.of("MALLOC_ARENA_MAX", "1");
    }
}
