package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What benchmarks measured, gathered by {@code benchmarks/run.sh} for one table and one file. Without {@code
 * -Dkept.figures=FILE} nothing is gathered.
 */
final class Figures {
    private static final String FILE = System.getProperty("kept.figures", "");

    private Figures() {}

    /**
     * Adds what was measured once or several times.
     *
     * @param benchmark the command
     * @param what the figure, with what it depends on
     * @param unit of each value
     */
    static void add(String benchmark, String what, String unit, double... values) throws IOException {
        if (FILE.isEmpty() || values.length == 0) {
            return;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        String line = String.format(
                Locale.ROOT,
                "{\"benchmark\":\"%s\",\"what\":\"%s\",\"unit\":\"%s\",\"runs\":%d,\"median\":%s,\"least\":%s,\"most\":%s}%n",
                benchmark,
                what,
                unit,
                sorted.length,
                number(sorted[sorted.length / 2]),
                number(sorted[0]),
                number(sorted[sorted.length - 1]));
        Files.writeString(Path.of(FILE), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The value that so large a share of the sorted values does not exceed. */
    static double quantile(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3f", value);
    }
}
