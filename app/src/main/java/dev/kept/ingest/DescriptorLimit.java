package dev.kept.ingest;

import dev.kept.config.KernelFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The limit of files that this process may have open at once, and the share of it that open tapes may take. Pure. */
final class DescriptorLimit {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LINE = "Max open files";

    /** The number of tapes beyond which keeping them open saves nothing. */
    private static final int MOST_TAPES = 64;

    private static final int LEAST_TAPES = 2;

    /** The descriptors for the runtime, its jars, sockets and watches, logs, files in use, and a few clients. */
    private static final int OTHERS = 52;

    /** A tape and its sums, with one to spare. */
    private static final int FOR_EACH_TAPE = 3;

    private DescriptorLimit() {}

    /** Returns how many tapes this process may keep open. */
    static int openTapes() {
        try {
            return openTapes(KernelFiles.lines(LIMITS));
        } catch (IOException notThisSystem) {
            return MOST_TAPES;
        }
    }

    /** Returns how many tapes a process with these limits, in the form of Linux, may keep open. */
    static int openTapes(List<String> limits) {
        return limits.stream()
                .filter(line -> line.startsWith(LINE))
                .map(line -> line.substring(LINE.length()).strip().split("\\s+", -1)[0])
                .filter(soft -> soft.matches("[0-9]{1,9}"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .stream()
                .map(limit -> Math.clamp((limit - OTHERS) / FOR_EACH_TAPE, LEAST_TAPES, MOST_TAPES))
                .findFirst()
                .orElse(MOST_TAPES);
    }
}
