package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes one table and one JSON array of what several benchmarks gathered with {@link Figures}. */
public final class FigureTable {
    private static final Pattern LINE = Pattern.compile(
            "\\{\"benchmark\":\"(.*)\",\"what\":\"(.*)\",\"unit\":\"(.*)\",\"runs\":(.*),\"median\":(.*),\"least\":(.*),\"most\":(.*)}");

    private FigureTable() {}

    /** Arguments: the file that was gathered, and the one to write. */
    public static void main(String[] arguments) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(arguments[0]));
        String row = "%-13s %-76s %5s %10s %10s %10s  %s%n";
        System.out.printf(row, "benchmark", "what", "runs", "median", "least", "most", "unit");
        for (String line : lines) {
            Matcher figure = LINE.matcher(line);
            if (!figure.matches()) {
                throw new IOException("no figure: " + line);
            }
            System.out.printf(
                    row,
                    figure.group(1),
                    figure.group(2),
                    figure.group(4),
                    figure.group(5),
                    figure.group(6),
                    figure.group(7),
                    figure.group(3));
        }
        Files.writeString(Path.of(arguments[1]), "[\n" + String.join(",\n", lines) + "\n]\n");
    }
}
