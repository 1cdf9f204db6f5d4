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
 * Takes the large strings out of a record that arrives piece by piece, so that a record of any length is read in bounded
 * memory: each string over {@link #MAX_STRING_BYTES} becomes a short mark, and its beginning, place and digest are kept.
 * Where the strings before took much of what a record may take, shorter ones are large; and what is over the
 * {@link RecordBudget} even so is given up as soon as that is known.
 *
 * <p>One instance serves one record: {@link #accept} its bytes in order, then {@link #finish}. Not thread-safe.
 */
public final class JsonShrinker {
    /** Longer strings are not held in memory. */
    public static final int MAX_STRING_BYTES = 256 * 1024;

    /** How much of a large string is held. */
    public static final int BEGINNING_BYTES = 4096;

    /** Begins the text that stands in for a large string; its number follows. */
    static final String MARK = "\u0000kept-large:";

    /** What is large where a third of the budget is taken, and where two thirds are. */
    private static final int LARGE_LATER = 32 * 1024;

    private static final int LARGE_AT_LAST = 4 * 1024;

    /** A string that is large for little is told by a shorter beginning. */
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

    /** Begins with the first byte of a record that may be torn. */
    public JsonShrinker() {
        this(true);
    }

    /**
     * Begins with the first byte of a record.
     *
     * @param mayBeTorn whether to look for a tear
     */
    public JsonShrinker(boolean mayBeTorn) {
        scanner = mayBeTorn ? new RecordScanner() : null;
    }

    /** What is left of a record: its text with marks, and the strings that the marks stand for. */
    public record Shrunk(byte[] bytes, List<JsonLargeString> large) {}

    /**
     * Takes the next bytes of the record, up to the first that shows that the record was torn before and another one began:
     * see {@link #tornAt}.
     *
     * @return the end of the bytes that were taken
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

    /** Follows the values of the line one by one, as long as they are objects. */
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
            case GOES_ON -> false;
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

    /** Returns where the record is torn and another one begins, in bytes from its start; -1 if that was not found. */
    public long tornAt() {
        return tornAt;
    }

    /** Reports whether the bytes so far are whole objects and nothing else. */
    public boolean isWhole() {
        return scanner != null && scanner.offset() == 0 && anyWhole;
    }

    /**
     * Ends the record; the shrinker holds nothing any more. Empty bytes mean that even without its large strings it was over
     * its budget.
     */
    public Shrunk finish() {
        Shrunk shrunk = new Shrunk(tooLong ? new byte[0] : rest.toByteArray(), List.copyOf(large));
        rest.free();
        large.clear();
        return shrunk;
    }

    /** Counts what begins with a byte that stands in no string: as the reader of the rest will count. */
    private void count(byte b) {
        boolean mark = b == '{' || b == '}' || b == '[' || b == ']';
        boolean between = b == ',' || b == ':' || b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0;
        boolean word = !mark && !between && b != '"';
        if (mark || b == '"' || (word && !inWord)) {
            tokens++;
        }
        inWord = word;
    }

    /** What the record is charged so far. */
    private long charge() {
        return charge(rest.size());
    }

    private long charge(int bytes) {
        return RecordBudget.charge(bytes, tokens, beginnings, large.size());
    }

    /** A string that is longer is taken out. */
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

    /** A string may still turn out to be large, and then it does not count. */
    private void keepInString(byte b) {
        if (!swallowing && !tooLong) {
            rest.write(b);
        }
    }

    /** Holds nothing of the record any more: it will not be read. */
    public void giveUp() {
        tooLong = true;
        rest.free();
        large.clear();
        beginning = new byte[0];
    }

    /** Bytes of heap that the record holds so far. */
    public long heldBytes() {
        return rest.buffer().length + beginning.length + 2 * beginnings * (large.isEmpty() ? 0 : 1);
    }

    /** Bytes of heap that it will take while it is read, without the string that is not ended: that may be large. */
    public long expectedBytes() {
        return tooLong ? 0 : charge(inString ? stringInRest : rest.size());
    }

    static String mark(int number) {
        return MARK + number;
    }

    /** The mark as it stands in what is left of a record. */
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

    /** The text of a string that is cut anywhere: an escape or a character that the cut split is left out. */
    private static String unescape(byte[] cut) {
        for (int drop = 0; drop <= Math.min(MAX_ESCAPE_BYTES, cut.length); drop++) {
            String json = "\"" + new String(cut, 0, cut.length - drop, StandardCharsets.UTF_8) + "\"";
            try {
                if (JsonReader.parse(json) instanceof JsonText text) {
                    String value = text.value();
                    return endsInHalf(value) ? value.substring(0, value.length() - 1) : value;
                }
            } catch (MalformedJsonException splitEscape) {
                // One byte less, then.
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

    /** A growing buffer that can be cut back and looked into. */
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
