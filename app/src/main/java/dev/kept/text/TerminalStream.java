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
 * The one place through which every printed word of a process passes, in UTF-8 whatever the locale. What
 * {@linkplain TerminalText#drives drives a terminal} comes out as U+FFFD, but line ends and tabs; where colors are wanted, so
 * do the few sequences that set a word off. Kept's own moves of the cursor are {@link Control}s. Thread-safe as its base is.
 */
public final class TerminalStream extends PrintStream {
    private static final Set<String> READER_LEFT = Set.of("Broken pipe", "Connection reset by peer");

    private final TerminalFilter filter;
    private final NotedTarget target;

    /** What Kept itself does to a terminal, apart from printing. */
    public enum Control {
        /** Back to the beginning of the line. */
        LINE_START("\r"),
        /** Clears the rest of the line. */
        CLEAR_LINE("\u001b[K"),
        /** Another screen than that of the shell, without a cursor. */
        ENTER_SCREEN("\u001b[?1049h\u001b[?25l\u001b[2J"),
        /** The screen of the shell as it was, with its cursor. */
        LEAVE_SCREEN("\u001b[?25h\u001b[?1049l"),
        /** To the upper left corner. */
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

    /** A target that remembers why it first could not be written to, which a {@link PrintStream} does not. */
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
     * @param colors whether sequences that set words off are let through
     */
    public static TerminalStream to(OutputStream target, boolean autoFlush, boolean colors) {
        NotedTarget noted = new NotedTarget(target);
        return new TerminalStream(new TerminalFilter(noted, colors), noted, autoFlush);
    }

    /**
     * Returns why something that was printed could not be written, in the words of the system; empty if all was, or if its
     * reader left, as {@code head} does.
     */
    public Optional<String> failure() {
        flush();
        return target.failure.filter(reason -> !READER_LEFT.contains(reason));
    }

    /** Returns the standard output of this process, not flushed before it is told to. */
    public static TerminalStream standardOutput(boolean colors) {
        return to(new FileOutputStream(FileDescriptor.out), false, colors);
    }

    /** Returns the standard error of this process. */
    public static TerminalStream standardError(boolean colors) {
        return to(new FileOutputStream(FileDescriptor.err), true, colors);
    }

    /** Returns a target for bytes of UTF-8 that filters as this class does and, unlike it, throws. */
    public static OutputStream filtered(OutputStream target, boolean colors) {
        return new TerminalFilter(target, colors);
    }

    /**
     * Prints a text for a program: also with those invisible characters that belong to writing, such as marks of direction
     * and soft hyphens, and no terminal obeys.
     */
    public synchronized void printData(String text) {
        filter.setData(true);
        try {
            print(text);
        } finally {
            filter.setData(false);
        }
    }

    /** Does something to the terminal. */
    public synchronized void control(Control control) {
        try {
            filter.writeRaw(control.sequence.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException closed) {
            setError();
        }
    }
}
