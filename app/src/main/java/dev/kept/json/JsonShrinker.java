package dev.kept.json;

import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.JsonValue.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter that takes the large strings out of a record that arrives in pieces, so that a record of any length is read
 * in bounded memory. Each string over {@link #MAX_STRING_BYTES} is replaced by a short mark; its beginning, position
 * and digest are kept. When earlier strings have used much of the budget, shorter strings count as large. A record that
 * still exceeds the {@link RecordBudget} is given up as soon as that is known.
 *
 * <p>One instance serves one record: {@link #accept} its bytes in order, then {@link #finish}. Not thread-safe.
 */
public final class JsonShrinker {
    /** The longest string that is held in memory. */
    public static final int MAX_STRING_BYTES = 256 * 1024;

    /** The part of a large string that is held. */
    public static final int BEGINNING_BYTES = 4096;

    /** The beginning of a mark, which replaces a large string; the string's number follows. */
    static final String MARK = "\u0000kept-large:";

    /** The limit for strings when a third of the budget is used; the next constant, when two thirds are used. */
    private static final int LARGE_LATER = 32 * 1024;

    private static final int LARGE_AT_LAST = 4 * 1024;

    /** The fraction of a reduced limit that is held of a string over that limit. */
    private static final int BEGINNING_SHARE = 16;

    private static final int MAX_ESCAPE_BYTES = 12;

    private final Rest rest = new Rest();
    private final List<JsonLargeString> large = new ArrayList<>();
    private long offset;
    private boolean inString;
    private boolean escaped;
    private long stringOffset;
    private int stringInRest;
    private int stringLimit = MAX_STRING_BYTES;
    private boolean inWord;
    private int tokens;
    private long beginnings;
    private byte[] beginning = new byte[0];
    private boolean swallowing;
    private MessageDigest digest = sha256();
    private boolean tooLong;
    private @Nullable RecordScanner scanner;
    private long scannedFrom;
    private long tornAt = -1;
    private boolean anyWhole;

    /** Creates a shrinker for a record that may be torn. */
    public JsonShrinker() {
        this(true);
    }

    /**
     * Creates a shrinker at the first byte of a record.
     *
     * @param mayBeTorn whether to search for a tear
     */
    public JsonShrinker(boolean mayBeTorn) {
        scanner = mayBeTorn ? new RecordScanner() : null;
    }

    /** The remains of a record: its text with marks, and the strings that the marks replace. */
    public record Shrunk(byte[] bytes, List<JsonLargeString> large) {}

    /**
     * Accepts the next bytes of the record, up to the first byte which shows that the record was torn and another one
     * began: see {@link #tornAt}.
     *
     * @return the end of the accepted bytes
     */
    public int accept(byte[] bytes, int from, int to) {
        int swallowFrom = from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (showsTear(b, offset + (i - from))) {
                offset += i - from;
                return i;
            }
            if (!inString) {
                count(b);
                keep(b);
                if (b == '"') {
                    inString = true;
                    stringOffset = offset + (i - from);
                    stringInRest = rest.size() - 1;
                    stringLimit = stringLimit();
                }
            } else if (escaped) {
                escaped = false;
                keepInString(b);
            } else if (b == '\\') {
                escaped = true;
                keepInString(b);
            } else if (b == '"') {
                if (swallowing) {
                    digest.update(bytes, swallowFrom, i - swallowFrom);
                    endLarge(offset + (i - from));
                } else {
                    keep(b);
                }
                inString = false;
            } else {
                keepInString(b);
            }
            if (inString && !swallowing && !tooLong && rest.size() - stringInRest > stringLimit + 1) {
                startLarge();
                swallowFrom = i + 1;
            }
        }
        if (swallowing) {
            digest.update(bytes, Math.min(swallowFrom, to), Math.max(0, to - swallowFrom));
        }
        offset += to - from;
        return to;
    }

    /** Scans the values of the line one by one, as long as they are objects; returns true if the byte shows a tear. */
    private boolean showsTear(byte b, long at) {
        RecordScanner value = scanner;
        if (value == null) {
            return false;
        }
        if (value.offset() == 0) {
            if (b == ' ' || b == '\t' || b == '\r' || b == 0) {
                return false;
            }
            scannedFrom = at;
            if (b != '{') {
                scanner = null;
                return false;
            }
        }
        return switch (value.step(b)) {
            case CONTINUES -> false;
            case ENDS -> {
                scanner = new RecordScanner();
                anyWhole = true;
                yield false;
            }
            case BROKEN -> {
                scanner = null;
                yield false;
            }
            case TORN -> {
                tornAt = scannedFrom + value.tornAt();
                yield true;
            }
        };
    }

    /** Returns the length of the torn record, behind which another one begins; -1 if no tear was found. */
    public long tornAt() {
        return tornAt;
    }

    /** Reports whether the bytes so far are whole objects and nothing else. */
    public boolean isWhole() {
        return scanner != null && scanner.offset() == 0 && anyWhole;
    }

    /**
     * Finishes the record and releases its memory. Empty bytes mean that it exceeded its budget even without its large
     * strings.
     */
    public Shrunk finish() {
        Shrunk shrunk = new Shrunk(tooLong ? new byte[0] : rest.toByteArray(), List.copyOf(large));
        rest.free();
        large.clear();
        return shrunk;
    }

    /** Counts the token that begins with a byte outside of strings, as the reader of the result will count. */
    private void count(byte b) {
        boolean mark = b == '{' || b == '}' || b == '[' || b == ']';
        boolean between = b == ',' || b == ':' || b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0;
        boolean word = !mark && !between && b != '"';
        if (mark || b == '"' || (word && !inWord)) {
            tokens++;
        }
        inWord = word;
    }

    /** Returns the charge of the record so far. */
    private long charge() {
        return charge(rest.size());
    }

    private long charge(int bytes) {
        return RecordBudget.charge(bytes, tokens, beginnings, large.size());
    }

    /** Returns the length from which a string is taken out. */
    private int stringLimit() {
        long charge = charge();
        if (charge < RecordBudget.MOST_BYTES / 3) {
            return MAX_STRING_BYTES;
        }
        return charge < RecordBudget.MOST_BYTES / 3 * 2 ? LARGE_LATER : LARGE_AT_LAST;
    }

    private void keep(byte b) {
        if (tooLong) {
            return;
        }
        rest.write(b);
        if (charge() > RecordBudget.MOST_BYTES) {
            giveUp();
        }
    }

    /** Keeps a byte of a string. It is not charged yet, because the string may still turn out to be large. */
    private void keepInString(byte b) {
        if (!swallowing && !tooLong) {
            rest.write(b);
        }
    }

    /** Drops the record, which will not be read. */
    public void giveUp() {
        tooLong = true;
        rest.free();
        large.clear();
        beginning = new byte[0];
    }

    /** Returns the heap that the record holds so far, in bytes. */
    public long heldBytes() {
        return rest.buffer().length + beginning.length + 2 * beginnings * (large.isEmpty() ? 0 : 1);
    }

    /** Returns the heap that reading the record will use, in bytes, without the current string, which may be large. */
    public long expectedBytes() {
        return tooLong ? 0 : charge(inString ? stringInRest : rest.size());
    }

    static String mark(int number) {
        return MARK + number;
    }

    /** Returns the mark as written in the remains of a record. */
    static String quotedMark(int number) {
        return "\"\\u0000" + mark(number).substring(1) + "\"";
    }

    private void startLarge() {
        swallowing = true;
        digest = sha256();
        digest.update(rest.buffer(), stringInRest + 1, rest.size() - stringInRest - 1);
        beginning = rest.copy(stringInRest + 1, Math.min(BEGINNING_BYTES, stringLimit / BEGINNING_SHARE));
        beginnings += beginning.length;
        rest.truncate(stringInRest);
    }

    private void endLarge(long closingQuote) {
        swallowing = false;
        if (tooLong) {
            return;
        }
        for (byte b : quotedMark(large.size()).getBytes(StandardCharsets.US_ASCII)) {
            keep(b);
        }
        large.add(new JsonLargeString(
                unescape(beginning),
                stringOffset,
                closingQuote + 1 - stringOffset,
                HexFormat.of().formatHex(digest.digest())));
    }

    /** Returns the text of a truncated string, without an escape or a character that the truncation split. */
    private static String unescape(byte[] cut) {
        for (int drop = 0; drop <= Math.min(MAX_ESCAPE_BYTES, cut.length); drop++) {
            String json = "\"" + new String(cut, 0, cut.length - drop, StandardCharsets.UTF_8) + "\"";
            try {
                if (JsonReader.parse(json) instanceof JsonText text) {
                    String value = text.value();
                    return endsInHalf(value) ? value.substring(0, value.length() - 1) : value;
                }
            } catch (MalformedJsonException splitEscape) {
                // Try with one byte less.
            }
        }
        return "";
    }

    private static boolean endsInHalf(String value) {
        char last = value.isEmpty() ? ' ' : value.charAt(value.length() - 1);
        return last == '\uFFFD' || Character.isHighSurrogate(last);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A growing buffer that can be truncated and inspected. */
    private static final class Rest extends ByteArrayOutputStream {
        byte[] buffer() {
            return buf;
        }

        byte[] copy(int from, int atMost) {
            int length = Math.min(atMost, count - from);
            byte[] part = new byte[length];
            System.arraycopy(buf, from, part, 0, length);
            return part;
        }

        void truncate(int size) {
            count = size;
        }

        void free() {
            buf = new byte[0];
            count = 0;
        }
    }
}
