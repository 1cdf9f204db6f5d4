package dev.kept.cli.terminal;

import dev.kept.config.JavaVariables;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The person's terminal, queried and set through {@code stty}. */
public final class Terminal {
    private static final File DEVICE = new File("/dev/tty");
    private static final Size USUAL = new Size(24, 80);

    private Terminal() {}

    /** The size of a terminal. */
    public record Size(int rows, int columns) {}

    /** Returns the current size; 24 by 80 if unknown. */
    public static Size size() {
        try {
            String[] words = stty("size").orElse("").strip().split(" ", -1);
            if (words.length == 2) {
                Size size = new Size(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
                return size.rows() > 0 && size.columns() > 0 ? size : USUAL;
            }
        } catch (NumberFormatException notSaid) {
            return USUAL;
        }
        return USUAL;
    }

    /** Runs {@code stty} with these arguments and returns its output; empty if there is no terminal. */
    public static Optional<String> stty(String... arguments) {
        if (!DEVICE.canRead()) {
            return Optional.empty();
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of("stty"), Stream.of(arguments))
                            .toList())
                    .redirectInput(DEVICE)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            JavaVariables.restoreLocale(builder.environment());
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(out)
                    : Optional.empty();
        } catch (IOException noStty) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
