package dev.kept.text;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A stream of UTF-8 bytes to a terminal that replaces characters and sequences which drive it. A character or a
 * sequence may arrive in several pieces. Not thread-safe.
 */
final class TerminalFilter extends FilterOutputStream {
    private static final byte[] REPLACEMENT =
            String.valueOf(TerminalText.REPLACEMENT).getBytes(StandardCharsets.UTF_8);
    private static final int ESCAPE = 0x1B;
    private static final int NO_CHARACTER = Character.MIN_SURROGATE;
    private static final int BLACK_FLAG = 0x1F3F4;

    private static final int LONGEST_EMPHASIS = 16;

    private final boolean colors;
    private boolean data;
    private boolean inFlag;

    /** The beginning of a character or a sequence whose rest has not arrived yet. */
    private byte[] held = new byte[0];

    TerminalFilter(OutputStream target, boolean colors) {
        super(target);
        this.colors = colors;
    }

    /** Sets whether invisible characters that belong to writing pass. */
    void setData(boolean data) {
        this.data = data;
    }

    /** Writes Kept's own bytes as they are. */
    void writeRaw(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (held.length == 0 && isPlain(bytes, from, count)) {
            out.write(bytes, from, count);
            return;
        }
        byte[] all = new byte[held.length + count];
        System.arraycopy(held, 0, all, 0, held.length);
        System.arraycopy(bytes, from, all, held.length, count);
        held = new byte[0];
        ByteArrayOutputStream shown = new ByteArrayOutputStream(all.length + 16);
        int at = 0;
        while (at < all.length) {
            int length = length(all, at);
            if (length > all.length - at) {
                held = Arrays.copyOfRange(all, at, all.length);
                break;
            }
            show(all, at, length, shown);
            at += length;
        }
        out.write(shown.toByteArray());
    }

    private static boolean isPlain(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count; i++) {
            byte b = bytes[i];
            if (b < ' ' ? b != '\n' && b != '\t' : b == 0x7F) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the number of bytes of the character or sequence that begins at {@code at}; one more than there are if
     * its rest is missing.
     */
    private int length(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        if (first == ESCAPE && colors) {
            return emphasisLength(bytes, at);
        }
        int length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
        for (int i = 1; i < length && at + i < bytes.length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 1;
            }
        }
        return length;
    }

    private static int emphasisLength(byte[] bytes, int at) {
        int end = at + 1;
        while (end < bytes.length && end - at < LONGEST_EMPHASIS) {
            byte b = bytes[end++];
            boolean inner = end - at == 2 ? b == '[' : isDigit(b) || b == ';';
            if (!inner) {
                return b == 'm' && end - at > 2 && isEmphasis(bytes, at + 2, end - 1) ? end - at : 1;
            }
        }
        return end - at < LONGEST_EMPHASIS ? end - at + 1 : 1;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isEmphasis(byte[] bytes, int from, int to) {
        int code = 0;
        for (int i = from; i <= to; i++) {
            if (i < to && isDigit(bytes[i])) {
                code = Math.min(100, code * 10 + bytes[i] - '0');
            } else if (isEmphasis(code)) {
                code = 0;
            } else {
                return false;
            }
        }
        return true;
    }

    /**
     * Reports whether a code is for weight, slope, underline or the colors that Kept and its help use; none of these
     * hides a word.
     */
    private static boolean isEmphasis(int code) {
        return code <= 4 || (code >= 21 && code <= 24) || (code >= 31 && code <= 33) || code == 36 || code == 39;
    }

    private void show(byte[] bytes, int at, int length, ByteArrayOutputStream shown) {
        if (length > 1 && bytes[at] == ESCAPE) {
            shown.write(bytes, at, length);
            return;
        }
        int c = length == 1 && bytes[at] < 0 ? NO_CHARACTER : codePoint(bytes, at, length);
        inFlag = c == BLACK_FLAG || (inFlag && TerminalText.isTag(c));
        boolean kept = c == '\n'
                || c == '\t'
                || (data ? !TerminalText.isObeyed(c) || (inFlag && TerminalText.isTag(c)) : !TerminalText.drives(c));
        if (kept) {
            shown.write(bytes, at, length);
        } else {
            shown.writeBytes(REPLACEMENT);
        }
    }

    /** Returns the code point of a character; a surrogate for malformed UTF-8, such as an overlong encoding. */
    private static int codePoint(byte[] bytes, int at, int length) {
        if (length == 1) {
            return bytes[at];
        }
        int c = bytes[at] & (0xFF >> (length + 1));
        for (int i = 1; i < length; i++) {
            c = (c << 6) | (bytes[at + i] & 0x3F);
        }
        boolean tooLong = length == 3 ? c < 0x800 : length == 4 && c < 0x10000;
        return tooLong || c > Character.MAX_CODE_POINT ? NO_CHARACTER : c;
    }

    @Override
    public void close() throws IOException {
        if (held.length > 0) {
            held = new byte[0];
            out.write(REPLACEMENT);
        }
        super.close();
    }
}
