package dev.kept.text;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Bytes of UTF-8 on their way to a terminal, without what drives it. A character or a sequence may come in several pieces.
 * Not thread-safe.
 */
final class TerminalFilter extends FilterOutputStream {
    private static final byte[] REPLACEMENT =
            String.valueOf(TerminalText.REPLACEMENT).getBytes(StandardCharsets.UTF_8);
    private static final int ESCAPE = 0x1B;
    private static final int BLACK_FLAG = 0x1F3F4;

    /** Weight, slope, underline and the foreground colors that Kept and its help use; nothing that hides a word. */
    private static final String CODE = "(?:[0-4]|2[1-4]|3[12369])";
    private static final Pattern EMPHASIS = Pattern.compile("\u001b\\[(?:" + CODE + "(?:;" + CODE + ")*)?m");

    private static final int LONGEST_EMPHASIS = 16;

    private final boolean colors;
    private boolean data;
    private boolean inFlag;

    /** The beginning of a character or a sequence whose rest has not come yet. */
    private byte[] held = new byte[0];

    TerminalFilter(OutputStream target, boolean colors) {
        super(target);
        this.colors = colors;
    }

    /** Decides whether invisible characters pass that belong to writing. */
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

    /** Returns how many bytes the character or sequence has that begins there; one more than there are if the rest is missing. */
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
            boolean inner = end - at == 2 ? b == '[' : (b >= '0' && b <= '9') || b == ';';
            if (!inner) {
                return b == 'm' && isEmphasis(bytes, at, end - at) ? end - at : 1;
            }
        }
        return end - at < LONGEST_EMPHASIS ? end - at + 1 : 1;
    }

    private static boolean isEmphasis(byte[] bytes, int at, int length) {
        return EMPHASIS.matcher(new String(bytes, at, length, StandardCharsets.US_ASCII))
                .matches();
    }

    private void show(byte[] bytes, int at, int length, ByteArrayOutputStream shown) {
        if (length > 1 && bytes[at] == ESCAPE) {
            shown.write(bytes, at, length);
            return;
        }
        // Half a surrogate pair, or bytes that are no character at all, decode to the replacement.
        int c = new String(bytes, at, length, StandardCharsets.UTF_8).codePointAt(0);
        inFlag = c == BLACK_FLAG || (inFlag && TerminalText.isTag(c));
        boolean kept = c == '\n'
                || c == '\t'
                || (data ? !TerminalText.isObeyed(c) || (inFlag && TerminalText.isTag(c)) : !TerminalText.drives(c));
        if (kept && c != TerminalText.REPLACEMENT) {
            shown.write(bytes, at, length);
        } else {
            shown.writeBytes(REPLACEMENT);
        }
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
