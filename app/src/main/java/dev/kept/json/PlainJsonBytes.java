package dev.kept.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kept.json.JsonValue.JsonNumber;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of one record and the position of {@link PlainReader} in them; creates its strings and numbers. Not
 * thread-safe.
 */
final class PlainJsonBytes {
    /** The longest number that is read here; the parser reads longer ones, and has limits for them. */
    private static final int LONGEST_NUMBER = 100;

    /** The initial size of the buffer for texts with escapes or non-ASCII characters; few are longer. */
    private static final int FIRST_ROOM = 4 * 1024;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long BLANKS = ' ' * ONES;

    private byte[] bytes = {};
    private int from;
    private int to;
    private int at;
    private byte[] unescaped = {};

    void begin(byte[] record, int offset, int length) {
        bytes = record;
        from = offset;
        at = offset;
        to = offset + length;
    }

    /** Returns the offset of the next byte in the record. */
    int position() {
        return at - from;
    }

    byte next() throws NotPlainException {
        NotPlainException.when(at >= to);
        return bytes[at++];
    }

    /** Skips blanks and returns the offset of the next other byte. */
    int skipBlanks() {
        while (at < to && isBlank(bytes[at])) {
            at++;
        }
        return position();
    }

    byte nextThatIsNoBlank() throws NotPlainException {
        byte b = next();
        while (isBlank(b)) {
            b = next();
        }
        return b;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** Returns the number that begins with {@code first}, which was already read. */
    JsonNumber number(byte first) throws NotPlainException {
        int start = at - 1;
        byte b = first == '-' ? next() : first;
        NotPlainException.when(b < '0' || b > '9');
        if (b != '0') {
            skipDigits();
        }
        if (at < to && bytes[at] == '.') {
            at++;
            someDigits();
        }
        if (at < to && (bytes[at] == 'e' || bytes[at] == 'E')) {
            at++;
            if (at < to && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            someDigits();
        }
        NotPlainException.when(at - start > LONGEST_NUMBER);
        return new JsonNumber(new String(bytes, start, at - start, ISO_8859_1));
    }

    private void someDigits() throws NotPlainException {
        int start = at;
        skipDigits();
        NotPlainException.when(at == start);
    }

    private void skipDigits() {
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
    }

    /** Returns a member's name, from after its opening quote. Names are shared, because records have the same few. */
    String name() throws NotPlainException {
        int hash = 0;
        int i = at;
        while (i < to && isText(bytes[i])) {
            hash = 31 * hash + bytes[i];
            i++;
        }
        if (i < to && bytes[i] == '"') {
            int start = at;
            at = i + 1;
            return KnownNames.of(bytes, start, i - start, hash);
        }
        return text();
    }

    /** Returns the text from after the opening quote to the closing one. */
    String text() throws NotPlainException {
        int start = at;
        int i = start;
        while (i + Long.BYTES <= to && isText((long) EIGHT.get(bytes, i))) {
            i += Long.BYTES;
        }
        while (i < to && isText(bytes[i])) {
            i++;
        }
        NotPlainException.when(i >= to);
        if (bytes[i] == '"') {
            at = i + 1;
            return new String(bytes, start, i - start, ISO_8859_1);
        }
        byte[] out = room(i - start + Long.BYTES);
        System.arraycopy(bytes, start, out, 0, i - start);
        at = i;
        return mixedText(i - start);
    }

    /** Reports whether a byte is ASCII that needs no escape. */
    private static boolean isText(byte b) {
        return b >= ' ' && b != '"' && b != '\\';
    }

    /** Returns true only if each of eight bytes is {@link #isText(byte)}. */
    private static boolean isText(long eight) {
        long quotes = eight ^ QUOTES;
        long backslashes = eight ^ BACKSLASHES;
        long special = ((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes) | (eight - BLANKS) | eight;
        return (special & HIGHEST) == 0;
    }

    /**
     * Reads the rest of a text of which {@code length} bytes are in {@link #unescaped}, from a byte that is escaped or
     * not ASCII.
     */
    private String mixedText(int length) throws NotPlainException {
        byte[] in = bytes;
        byte[] out = unescaped;
        int n = length;
        int i = at;
        boolean ascii = true;
        while (true) {
            if (n + Long.BYTES > out.length) {
                out = room(n + Long.BYTES);
            }
            while (i + Long.BYTES <= to && n + Long.BYTES <= out.length) {
                long eight = (long) EIGHT.get(in, i);
                if (!isText(eight)) {
                    break;
                }
                EIGHT.set(out, n, eight);
                i += Long.BYTES;
                n += Long.BYTES;
            }
            while (i < to && n < out.length && isText(in[i])) {
                out[n++] = in[i++];
            }
            if (n + Utf8.LONGEST > out.length) {
                continue;
            }
            NotPlainException.when(i >= to);
            if (in[i] == '"') {
                at = i + 1;
                return new String(out, 0, n, ascii ? ISO_8859_1 : UTF_8);
            }
            if (in[i] < 0) {
                ascii = false;
                for (int end = i + Utf8.length(in, i, to); i < end; i++) {
                    out[n++] = in[i];
                }
            } else {
                at = i;
                int escaped = escaped();
                i = at;
                ascii &= escaped < 0x80;
                n = Utf8.write(escaped, out, n);
            }
        }
    }

    /** Returns the buffer for such texts, grown if needed; its content is kept. */
    private byte[] room(int least) {
        if (unescaped.length < least) {
            unescaped = Arrays.copyOf(unescaped, Math.max(least, Math.max(FIRST_ROOM, unescaped.length * 2)));
        }
        return unescaped;
    }

    /** Reads an escaped character, which may consist of two escapes. */
    private int escaped() throws NotPlainException {
        NotPlainException.when(next() != '\\');
        byte escaped = next();
        return switch (escaped) {
            case '"', '\\', '/' -> escaped;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                char unit = unit();
                if (!Character.isSurrogate(unit)) {
                    yield unit;
                }
                NotPlainException.when(next() != '\\' || next() != 'u');
                char low = unit();
                NotPlainException.when(!Character.isSurrogatePair(unit, low));
                yield Character.toCodePoint(unit, low);
            }
            default -> throw new NotPlainException();
        };
    }

    private char unit() throws NotPlainException {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            byte b = next();
            int digit = b < 0 ? -1 : Character.digit(b, 16);
            NotPlainException.when(digit < 0);
            unit = (unit << 4) | digit;
        }
        return (char) unit;
    }
}
