package dev.kept.cli.terminal;

import dev.kept.config.JavaVariables;
import dev.kept.text.TerminalStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A pager for text of any length: the person's own if the text is longer than their terminal, else plain output. Not
 * thread-safe.
 */
public final class Pager implements AutoCloseable {
    private static final String USUAL = "less -R";

    private final CliContext context;
    private final String command;
    private final int rows;
    private final StringBuilder held = new StringBuilder();
    private int lines;
    private boolean direct;
    private @Nullable Process process;
    private @Nullable OutputStream toPager;
    private boolean left;

    public Pager(CliContext context) {
        this.context = context;
        this.command = context.environment().getOrDefault("PAGER", USUAL).strip();
        this.direct = !context.terminalOut() || !context.terminalIn() || command.isEmpty() || command.equals("cat");
        this.rows = direct ? 0 : Terminal.size().rows();
    }

    /** Adds text; returns false once the person has left the pager. */
    public boolean write(String text) throws IOException {
        if (direct) {
            context.out().print(text);
            left = context.out().checkError();
            return !left;
        }
        if (process == null) {
            held.append(text);
            lines += (int) text.chars().filter(c -> c == '\n').count();
            if (lines < rows) {
                return true;
            }
            start();
            return send(drain());
        }
        return send(text);
    }

    private String drain() {
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
        toPager = TerminalStream.filtered(process.getOutputStream(), context.color());
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
        context.out().print(drain());
        context.out().flush();
        OutputStream out = toPager;
        Process pager = process;
        if (out != null && pager != null) {
            try {
                out.close();
            } catch (IOException closed) {
                // The person left before everything was shown.
            }
            try {
                pager.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
