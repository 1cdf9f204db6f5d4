package dev.kept.text;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * The only stream through which a process prints, in UTF-8 whatever the locale. Characters that {@linkplain
 * TerminalText#drives drive a terminal} are printed as U+FFFD, except line ends and tabs; with colors, the few
 * sequences for emphasis pass. Kept's own cursor movements are {@link Control}s. Thread-safe as its base is.
 */
public final class TerminalStream extends PrintStream {
    private static final Set<String> READER_LEFT = Set.of("Broken pipe", "Connection reset by peer");

    private final TerminalFilter filter;
    private final NotedTarget target;

    /** A control of the terminal by Kept itself. */
    public enum Control {
        /** Moves the cursor to the beginning of the line. */
        LINE_START("\r"),
        /** Clears the rest of the line. */
        CLEAR_LINE("\u001b[K"),
        /** Switches to the alternate screen, without a cursor. */
        ENTER_SCREEN("\u001b[?1049h\u001b[?25l\u001b[2J"),
        /** Switches back to the screen of the shell, with its cursor. */
        LEAVE_SCREEN("\u001b[?25h\u001b[?1049l"),
        /** Moves the cursor to the upper left corner. */
        HOME("\u001b[H"),
        /** Clears the whole screen. */
        CLEAR_SCREEN("\u001b[2J"),
        /** Clears everything below. */
        CLEAR_BELOW("\u001b[J");

        private final String sequence;

        Control(String sequence) {
            this.sequence = sequence;
        }
    }

    private TerminalStream(TerminalFilter filter, NotedTarget target, boolean autoFlush) {
        super(filter, autoFlush, StandardCharsets.UTF_8);
        this.filter = filter;
        this.target = target;
    }

    /** A target that remembers its first write error, which a {@link PrintStream} does not. */
    private static final class NotedTarget extends FilterOutputStream {
        private volatile Optional<String> failure = Optional.empty();

        NotedTarget(OutputStream target) {
            super(target);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                out.write(bytes, from, count);
            } catch (IOException e) {
                if (failure.isEmpty()) {
                    failure = Optional.of(String.valueOf(e.getMessage()));
                }
                throw e;
            }
        }
    }

    /**
     * Returns a stream that prints to a target.
     *
     * @param colors whether sequences for emphasis pass
     */
    public static TerminalStream to(OutputStream target, boolean autoFlush, boolean colors) {
        NotedTarget noted = new NotedTarget(target);
        return new TerminalStream(new TerminalFilter(noted, colors), noted, autoFlush);
    }

    /**
     * Returns the reason of the first write error, in the words of the system; empty if there was none, or if the
     * reader left, as {@code head} does.
     */
    public Optional<String> failure() {
        flush();
        return target.failure.filter(reason -> !READER_LEFT.contains(reason));
    }

    /** Returns the standard output of this process, flushed only on request. */
    public static TerminalStream standardOutput(boolean colors) {
        return to(new FileOutputStream(FileDescriptor.out), false, colors);
    }

    /** Returns the standard error of this process. */
    public static TerminalStream standardError(boolean colors) {
        return to(new FileOutputStream(FileDescriptor.err), true, colors);
    }

    /** Returns a target that filters UTF-8 bytes as this class does, but throws exceptions. */
    public static OutputStream filtered(OutputStream target, boolean colors) {
        return new TerminalFilter(target, colors);
    }

    /**
     * Prints a text for a program. Invisible characters that belong to writing, such as marks of direction and soft
     * hyphens, pass, because no terminal obeys them.
     */
    public synchronized void printData(String text) {
        filter.setData(true);
        try {
            print(text);
        } finally {
            filter.setData(false);
        }
    }

    /** Controls the terminal. */
    public synchronized void control(Control control) {
        try {
            filter.writeRaw(control.sequence.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException closed) {
            setError();
        }
    }
}
