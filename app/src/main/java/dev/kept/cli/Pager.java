package dev.kept.cli;

import dev.kept.config.JavaVariables;
import dev.kept.text.TerminalStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Shows a text of any length: through the person's pager when it is longer than their terminal, else as it is. Not
 * thread-safe.
 */
final class Pager implements AutoCloseable {
    private static final String USUAL = "less -R";

    private final Surroundings surroundings;
    private final String command;
    private final int rows;
    private final StringBuilder held = new StringBuilder();
    private int lines;
    private boolean direct;
    private @Nullable Process process;
    private @Nullable OutputStream toPager;
    private boolean left;

    Pager(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.command = surroundings.environment().getOrDefault("PAGER", USUAL).strip();
        this.direct =
                !surroundings.terminalOut() || !surroundings.terminalIn() || command.isEmpty() || command.equals("cat");
        this.rows = direct ? 0 : Terminal.size().rows();
    }

    /** Adds text; false when the person has seen enough. */
    boolean write(String text) throws IOException {
        if (direct) {
            surroundings.out().print(text);
            left = surroundings.out().checkError();
            return !left;
        }
        if (process == null) {
            held.append(text);
            lines += (int) text.chars().filter(c -> c == '\n').count();
            if (lines < rows) {
                return true;
            }
            start();
            return send(take());
        }
        return send(text);
    }

    private String take() {
        String text = held.toString();
        held.setLength(0);
        return text;
    }

    private void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        JavaVariables.restoreLocale(builder.environment());
        builder.environment().putIfAbsent("LESS", "R");
        process = builder.start();
        toPager = TerminalStream.filtered(process.getOutputStream(), surroundings.color());
    }

    private boolean send(String text) {
        OutputStream out = toPager;
        if (out != null && !left) {
            try {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException closed) {
                left = true;
            }
        }
        return !left;
    }

    /** Shows the rest, and returns when the person leaves the pager. */
    @Override
    public void close() throws IOException {
        surroundings.out().print(take());
        surroundings.out().flush();
        OutputStream out = toPager;
        Process pager = process;
        if (out != null && pager != null) {
            try {
                out.close();
            } catch (IOException closed) {
                // The person left before all of it was shown.
            }
            try {
                pager.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
