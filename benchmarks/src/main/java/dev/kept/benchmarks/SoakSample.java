package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the daemon takes at one moment.
 *
 * @param atSeconds since the soak began
 * @param heapKb in use after a full collection
 * @param outsideKb resident beside the heap that is committed: the runtime, threads, code, and native memory
 */
record SoakSample(
        double atSeconds, long rssKb, long heapKb, long committedKb, long outsideKb, int descriptors, int threads) {
    static SoakSample of(DaemonUnderTest daemon, double atSeconds) throws IOException, InterruptedException {
        HeapInUse heap = HeapInUse.afterCollection(daemon);
        Path process = Path.of("/proc", Long.toString(daemon.pid()));
        long rss = daemon.numbers().rssKb();
        return new SoakSample(
                atSeconds,
                rss,
                heap.usedKb(),
                heap.committedKb(),
                rss - heap.committedKb(),
                count(process.resolve("fd")),
                count(process.resolve("task")));
    }

    private static int count(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return Math.toIntExact(all.count());
        }
    }

    /**
     * What the least of the last third of these samples is above the least of the first: what is on its way at one
     * moment is not there at another, what is never given back is.
     */
    static double growth(List<SoakSample> samples, ToDoubleFunction<SoakSample> value) {
        int third = Math.max(1, samples.size() / 3);
        return least(samples.subList(samples.size() - third, samples.size()), value)
                - least(samples.subList(0, third), value);
    }

    private static double least(List<SoakSample> samples, ToDoubleFunction<SoakSample> value) {
        return samples.stream().mapToDouble(value).min().orElseThrow();
    }
}
