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

/**
 * Takes the large strings out of a record that arrives piece by piece, so that a record of any length is read in bounded
 * memory: each string over {@link #MAX_STRING_BYTES} becomes a short mark, and its beginning, place and digest are kept.
 *
 * <p>One instance serves one record: {@link #accept} its bytes in order, then {@link #finish}. Not thread-safe.
 */
public final class JsonShrinker {
    /** Longer strings are not held in memory. */
    public static final int MAX_STRING_BYTES = 256 * 1024;

    /** What is left of a record may be this long; a record with more is not read at all. */
    public static final int MAX_REST_BYTES = 8 * 1024 * 1024;

    /** How much of a large string is held. */
    public static final int BEGINNING_BYTES = 4096;

    /** Begins the text that stands in for a large string; its number follows. */
    static final String MARK = "\u0000kept-large:";

    /** A record with more large strings is not read at all: the beginnings of so many would fill the heap. */
    private static final int MAX_LARGE_STRINGS = 500;

    private static final int MAX_ESCAPE_BYTES = 12;

    private final Rest rest = new Rest();
    private final List<JsonLargeString> large = new ArrayList<>();
    private long offset;
    private boolean inString;
    private boolean escaped;
    private long stringOffset;
    private int stringInRest;
    private byte[] beginning = new byte[0];
    private boolean swallowing;
    private MessageDigest digest = sha256();
    private boolean tooLong;

    /** What is left of a record: its text with marks, and the strings that the marks stand for. */
    public record Shrunk(byte[] bytes, List<JsonLargeString> large) {}

    /** Takes the next bytes of the record. */
    public void accept(byte[] bytes, int from, int to) {
        int swallowFrom = from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (!inString) {
                keep(b);
                if (b == '"') {
                    inString = true;
                    stringOffset = offset + (i - from);
                    stringInRest = rest.size() - 1;
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
            if (inString && !swallowing && !tooLong && rest.size() - stringInRest > MAX_STRING_BYTES + 1) {
                startLarge();
                swallowFrom = i + 1;
            }
        }
        if (swallowing) {
            digest.update(bytes, Math.min(swallowFrom, to), Math.max(0, to - swallowFrom));
        }
        offset += to - from;
    }

    /** Ends the record. Empty bytes mean that even without its large strings it was too long to be read. */
    public Shrunk finish() {
        return new Shrunk(tooLong ? new byte[0] : rest.toByteArray(), List.copyOf(large));
    }

    private void keep(byte b) {
        if (rest.size() >= MAX_REST_BYTES) {
            giveUp();
        } else if (!tooLong) {
            rest.write(b);
        }
    }

    /** A string may still turn out to be large, and then it does not count. */
    private void keepInString(byte b) {
        if (!swallowing && !tooLong) {
            rest.write(b);
        }
    }

    private void giveUp() {
        tooLong = true;
        rest.free();
        large.clear();
    }

    /** Bytes of heap that the record holds so far. */
    public long heldBytes() {
        return rest.buffer().length + beginning.length + (long) large.size() * 2 * BEGINNING_BYTES;
    }

    static String mark(int number) {
        return MARK + number;
    }

    private void startLarge() {
        if (large.size() == MAX_LARGE_STRINGS) {
            giveUp();
            return;
        }
        swallowing = true;
        digest = sha256();
        digest.update(rest.buffer(), stringInRest + 1, rest.size() - stringInRest - 1);
        beginning = rest.copy(stringInRest + 1, BEGINNING_BYTES);
        rest.truncate(stringInRest);
    }

    private void endLarge(long closingQuote) {
        swallowing = false;
        if (tooLong) {
            return;
        }
        String mark = "\"\\u0000" + mark(large.size()).substring(1) + "\"";
        for (byte b : mark.getBytes(StandardCharsets.US_ASCII)) {
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
