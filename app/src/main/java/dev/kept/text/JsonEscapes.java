package dev.kept.text;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * A writer that escapes, as {@code \}{@code uXXXX}, the characters of a JSON text that {@linkplain TerminalText#drives
 * drive a terminal}. The only such characters outside of strings in valid JSON are line ends and tabs; these are not
 * escaped. The escaped text has the same meaning as JSON. Closing it closes the target.
 */
public final class JsonEscapes extends FilterWriter {
    private static final int NONE = 0;
    private static final String HEX_DIGITS = "0123456789ABCDEF";

    /** The first half of a surrogate pair whose second half has not arrived yet. */
    private char high = NONE;

    public JsonEscapes(Writer target) {
        super(target);
    }

    @Override
    public void write(int c) throws IOException {
        write(new char[] {(char) c}, 0, 1);
    }

    @Override
    public void write(char[] text, int from, int count) throws IOException {
        int end = from + count;
        int written = from;
        for (int i = from; i < end; i++) {
            char c = text[i];
            if (high == NONE && isPlain(c)) {
                continue;
            }
            out.write(text, written, i - written);
            written = i + 1;
            next(c);
        }
        out.write(text, written, end - written);
    }

    @Override
    public void write(String text, int from, int count) throws IOException {
        int plain = from;
        while (high == NONE && plain < from + count && isPlain(text.charAt(plain))) {
            plain++;
        }
        if (plain == from + count) {
            out.write(text, from, count);
            return;
        }
        write(text.substring(from, from + count).toCharArray(), 0, count);
    }

    private static boolean isPlain(char c) {
        return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\t' || c == '\r';
    }

    private void next(char c) throws IOException {
        if (high != NONE && Character.isLowSurrogate(c)) {
            int point = Character.toCodePoint(high, c);
            if (TerminalText.drives(point)) {
                escape(high);
                escape(c);
            } else {
                out.write(high);
                out.write(c);
            }
            high = NONE;
            return;
        }
        finish();
        if (Character.isHighSurrogate(c)) {
            high = c;
        } else if (!isPlain(c) && TerminalText.drives(c)) {
            escape(c);
        } else {
            out.write(c);
        }
    }

    private void finish() throws IOException {
        if (high != NONE) {
            escape(high);
            high = NONE;
        }
    }

    private void escape(char c) throws IOException {
        out.write("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.write(HEX_DIGITS.charAt((c >> shift) & 0xF));
        }
    }

    /** Writes the accepted characters to the target; half a surrogate pair is held until its other half arrives. */
    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        finish();
        out.close();
    }
}
