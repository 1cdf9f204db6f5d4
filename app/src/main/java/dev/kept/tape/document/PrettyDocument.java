package dev.kept.tape.document;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Adds the white space of {@code JSON.stringify(value, null, 2)} to JSON that has none, as it arrives. Not thread-safe.
 */
final class PrettyDocument {
    private final OutputStream out;
    private boolean inString;
    private boolean escaped;
    private boolean opened;
    private int depth;

    PrettyDocument(OutputStream out) {
        this.out = out;
    }

    void accept(byte[] bytes, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            process(bytes[i]);
        }
    }

    void process(byte b) throws IOException {
        if (inString) {
            out.write(b);
            inString = escaped || b != '"';
            escaped = !escaped && b == '\\';
            return;
        }
        boolean closes = b == '}' || b == ']';
        if (opened && !closes) {
            newline();
        }
        switch (b) {
            case '{', '[' -> {
                out.write(b);
                depth++;
            }
            case '}', ']' -> {
                depth--;
                if (!opened) {
                    newline();
                }
                out.write(b);
            }
            case ',' -> {
                out.write(b);
                newline();
            }
            case ':' -> {
                out.write(b);
                out.write(' ');
            }
            default -> {
                out.write(b);
                inString = b == '"';
            }
        }
        opened = b == '{' || b == '[';
    }

    private void newline() throws IOException {
        out.write('\n');
        for (int i = 0; i < depth; i++) {
            out.write(' ');
            out.write(' ');
        }
    }
}
