package dev.kept.json;

import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * A reader of the JSON values of one record into trees.
 *
 * <p>A record may hold several values: after a truncation that left no final newline, an agent's next append is glued
 * to the last record (four real Claude Code files). Invalid UTF-8 is read as U+FFFD, and then no string has a known
 * offset.
 */
public final class JsonReader {
    /** The maximum depth; deeper values are refused with a {@link MalformedJsonException}. */
    public static final int MAX_DEPTH = 500;

    /** Strings of at least this length have a known offset; shorter ones are never referred to. */
    public static final int LOCATED_CHARS = 64;

    /**
     * The maximum number of values, names and brackets of a record; more exceed the {@link RecordBudget}, however short
     * they are.
     */
    public static final int MAX_TOKENS = RecordBudget.mostTokens(0);

    /**
     * The factory for JSON that Kept wrote itself: a status of many sessions has more tokens than a record may have.
     */
    private static final JsonFactory OWN_FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final JsonFactory FACTORY = foreign(MAX_TOKENS);
    private static final JsonFactory INNER_FACTORY = foreign(MAX_TOKENS / 4);

    private JsonReader() {}

    private static JsonFactory foreign(int mostTokens) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(64 * 1024)
                        .maxTokenCount(mostTokens)
                        .build())
                .build();
    }

    /** One value of a record and its range of bytes, counted from the start of the record. */
    public record LocatedValue(JsonValue value, long offset, long length) {}

    /** Reads one value from text, for Kept's own files. */
    public static JsonValue parse(String text) throws MalformedJsonException {
        List<LocatedValue> values = new ArrayList<>(1);
        try (JsonParser parser = OWN_FACTORY.createParser(ObjectReadContext.empty(), text)) {
            new Pass(parser, false, List.of()).readValues(values);
        } catch (JacksonException e) {
            throw new MalformedJsonException(e.getOriginalMessage(), offsetOf(e), values);
        }
        if (values.size() != 1) {
            throw new MalformedJsonException("expected one JSON value, found " + values.size(), 0);
        }
        return values.getFirst().value();
    }

    /**
     * Reads one value from a text that is a string of a record. It may have a quarter as many values as a record.
     *
     * @throws MalformedJsonException if it is anything else, or has more values
     */
    public static JsonValue parseInner(String text) throws MalformedJsonException {
        List<LocatedValue> values = new ArrayList<>(1);
        try (JsonParser parser = INNER_FACTORY.createParser(ObjectReadContext.empty(), text)) {
            new Pass(parser, false, List.of()).readValues(values);
        } catch (JacksonException e) {
            throw new MalformedJsonException(e.getOriginalMessage(), offsetOf(e));
        } catch (StackOverflowError tooDeep) {
            throw MalformedJsonException.tooDeep();
        }
        if (values.size() != 1) {
            throw new MalformedJsonException("expected one JSON value, found " + values.size(), 0);
        }
        return values.getFirst().value();
    }

    /**
     * Reads all values of a record.
     *
     * @param plain the reader to try first
     * @param large the strings that {@link JsonShrinker} took out of the record, in order; empty if it was not used
     * @throws MalformedJsonException if any part of the record is not JSON; the exception has the values before it
     */
    public static List<LocatedValue> readAll(
            byte[] bytes, int from, int length, List<JsonLargeString> large, PlainReader plain)
            throws MalformedJsonException {
        Optional<LocatedValue> value =
                large.isEmpty() ? plain.read(bytes, from, length, PlainReader.TOKENS_OF_A_RECORD) : Optional.empty();
        return value.isPresent() ? List.of(value.get()) : readAny(bytes, from, length, large);
    }

    /** Reads all values of a record without trying the plain reader. */
    static List<LocatedValue> readAny(byte[] bytes, int from, int length, List<JsonLargeString> large)
            throws MalformedJsonException {
        if (looksWide(bytes, from, length)) {
            return readReplaced(new String(bytes, from, length, StandardCharsets.UTF_8), length, large);
        }
        List<LocatedValue> values = new ArrayList<>(1);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes, from, length)) {
            readForeign(new Pass(parser, true, large), values);
            return values;
        } catch (JacksonException e) {
            if (isUtf8(bytes, from, length)) {
                throw new MalformedJsonException(e.getOriginalMessage(), offsetOf(e), values);
            }
            return readReplaced(new String(bytes, from, length, StandardCharsets.UTF_8), length, large);
        }
    }

    /**
     * Reads a record whose strings may contain unescaped line feeds, carriage returns and tabs, which JSON does not
     * allow, as if they had been escaped. No string has a known offset, and each value covers all bytes.
     *
     * @throws MalformedJsonException if it is not JSON even so
     */
    public static List<LocatedValue> readRepaired(byte[] bytes, int from, int length) throws MalformedJsonException {
        StringBuilder text = new StringBuilder(length + 64);
        boolean inString = false;
        boolean escaped = false;
        String raw = new String(bytes, from, length, StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (inString && !escaped && (c == '\n' || c == '\r' || c == '\t')) {
                text.append('\\').append(c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
            } else {
                text.append(c);
            }
            if (c == '"' && !escaped) {
                inString = !inString;
            }
            escaped = inString && !escaped && c == '\\';
        }
        try {
            return readReplaced(text.toString(), length, List.of());
        } catch (StackOverflowError tooDeep) {
            throw MalformedJsonException.tooDeep();
        }
    }

    /** Reports whether the parser would detect UTF-16 or UTF-32 in the first bytes; records are always UTF-8. */
    private static boolean looksWide(byte[] bytes, int from, int length) {
        for (int i = 0; i < Math.min(4, length); i++) {
            byte b = bytes[from + i];
            if (b == 0 || b == (byte) 0xFE || b == (byte) 0xFF) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUtf8(byte[] bytes, int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static List<LocatedValue> readReplaced(String text, int length, List<JsonLargeString> large)
            throws MalformedJsonException {
        List<LocatedValue> values = new ArrayList<>(1);
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), withoutMark)) {
            readForeign(new Pass(parser, false, large), values);
        } catch (MalformedJsonException tooLarge) {
            throw MalformedJsonException.tooLarge(
                    String.valueOf(tooLarge.getMessage()), covering(tooLarge.before(), length));
        } catch (JacksonException e) {
            throw new MalformedJsonException(e.getOriginalMessage(), offsetOf(e), covering(values, length));
        }
        return covering(values, length);
    }

    /**
     * Reads the values of a record into a list.
     *
     * @throws MalformedJsonException if there are too many values
     */
    private static void readForeign(Pass pass, List<LocatedValue> values) throws MalformedJsonException {
        try {
            pass.readValues(values);
        } catch (StreamConstraintsException e) {
            if (pass.parser.currentTokenCount() > MAX_TOKENS) {
                throw MalformedJsonException.tooLarge(
                        "more than " + MAX_TOKENS + " values, names and brackets", values);
            }
            throw e;
        }
    }

    /** Returns the values with the range of the whole record, since character offsets do not give byte offsets. */
    private static List<LocatedValue> covering(List<LocatedValue> values, int length) {
        return values.stream()
                .map(value -> new LocatedValue(value.value(), 0, length))
                .toList();
    }

    private static long offsetOf(JacksonException e) {
        return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
    }

    /**
     * One pass over a record's text. It adds the length that the marks of large strings left out, so that offsets are
     * those of the record.
     */
    private static final class Pass {
        private final JsonParser parser;
        private final boolean located;
        private final List<JsonLargeString> large;
        private long leftOut;
        private int nextLarge;

        Pass(JsonParser parser, boolean located, List<JsonLargeString> large) {
            this.parser = parser;
            this.located = located;
            this.large = large;
        }

        void readValues(List<LocatedValue> values) {
            JsonToken token = parser.nextToken();
            while (token != null) {
                long start = located ? start() : 0;
                JsonValue value = read(token);
                values.add(new LocatedValue(value, start, located ? lengthOf(value, start) : 0));
                token = parser.nextToken();
            }
        }

        /** Returns the length of the last value. The parser reads one character past a number at the top level. */
        private long lengthOf(JsonValue value, long start) {
            return value instanceof JsonNumber(String literal) ? literal.length() : end() - start;
        }

        private long start() {
            return parser.currentTokenLocation().getByteOffset() + leftOut;
        }

        private long end() {
            return parser.currentLocation().getByteOffset() + leftOut;
        }

        private JsonValue read(JsonToken token) {
            return switch (token) {
                case VALUE_STRING -> text();
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getString());
                case VALUE_TRUE -> new JsonBoolean(true);
                case VALUE_FALSE -> new JsonBoolean(false);
                case START_ARRAY -> {
                    List<JsonValue> elements = new ArrayList<>();
                    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
                        elements.add(read(t));
                    }
                    yield new JsonArray(elements);
                }
                case START_OBJECT -> {
                    Map<String, JsonValue> members = new LinkedHashMap<>();
                    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                        String whole = nextLarge < large.size() ? nameOf(name) : name;
                        members.put(whole, read(parser.nextToken()));
                    }
                    yield new JsonObject(members);
                }
                case VALUE_NULL, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE, END_ARRAY, END_OBJECT, PROPERTY_NAME ->
                    JsonNull.NULL;
            };
        }

        /** Returns the name of a member; of a large name, its beginning. */
        private String nameOf(String name) {
            if (!isMark(name)) {
                return name;
            }
            JsonLargeString string = large.get(nextLarge);
            leftOut += string.rawLength() - JsonShrinker.quotedMark(nextLarge).length();
            nextLarge++;
            return string.value();
        }

        /**
         * Reports whether a text is a mark. A record may contain text that looks like one, so the exact offset of the
         * mark is checked.
         */
        private boolean isMark(String value) {
            return nextLarge < large.size()
                    && value.equals(JsonShrinker.mark(nextLarge))
                    && (!located || start() == large.get(nextLarge).offset());
        }

        private JsonValue text() {
            String value = parser.getString();
            if (isMark(value)) {
                JsonLargeString string = large.get(nextLarge++);
                leftOut = string.offset()
                        + string.rawLength()
                        - parser.currentLocation().getByteOffset();
                return string;
            }
            if (!located || value.length() < LOCATED_CHARS) {
                return new JsonString(value);
            }
            long start = start();
            return new JsonString(value, start, end() - start);
        }
    }
}
