package dev.kept.json;

import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fast reader of the common form of records: one object or array of well-formed JSON in well-formed UTF-8.
 *
 * <p>For any other record (glued values, damage, a bare word, a lone surrogate, too deep, too many tokens) it gives up
 * without an error; {@link JsonReader} then reads the record with jackson-core from its first byte, and that result
 * counts. So this class needs no error messages, no tolerance and no limits of its own. If it does read a record, it
 * builds the same tree as the parser ({@code PlainReaderTest}).
 *
 * <p>It exists because the daemon runs with the runtime's first compiler only, with which the parser needs several
 * loops over the characters of a string; this class needs one over its bytes, eight at a time. See {@code
 * docs/decisions/0077}.
 *
 * <p>One instance reads any number of records one after the other, and reuses a buffer for their texts. Not
 * thread-safe.
 */
public final class PlainReader {
    /** Reserve for tokens that the parser also counts: it counts open brackets before they close. */
    static final int TOKENS_OF_A_RECORD = JsonReader.MAX_TOKENS - JsonReader.MAX_DEPTH;

    private final PlainJsonBytes in = new PlainJsonBytes();
    private int mostTokens;
    private int tokens;

    /**
     * Returns the record's one value with its range, counted from the start of the record; empty if the record is not
     * plain.
     *
     * @param most the maximum number of values, names and brackets; a record with more is not plain
     */
    public Optional<JsonReader.LocatedValue> read(byte[] bytes, int from, int length, int most) {
        in.begin(bytes, from, length);
        mostTokens = most;
        tokens = 0;
        try {
            int start = in.skipBlanks();
            JsonValue value = switch (in.next()) {
                case '{' -> object(1);
                case '[' -> array(1);
                default -> throw new NotPlainException();
            };
            int end = in.position();
            NotPlainException.when(in.skipBlanks() < length);
            return Optional.of(new JsonReader.LocatedValue(value, start, end - start));
        } catch (NotPlainException leftToTheParser) {
            return Optional.empty();
        }
    }

    /** Returns the number of values, names and brackets of the last record. */
    public int tokens() {
        return tokens;
    }

    private void count() throws NotPlainException {
        tokens++;
        NotPlainException.when(tokens > mostTokens);
    }

    /** Returns the value that begins with {@code first}, which was already read. */
    private JsonValue value(byte first, int depth) throws NotPlainException {
        count();
        return switch (first) {
            case '"' -> string();
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case 't' -> word("true", new JsonBoolean(true));
            case 'f' -> word("false", new JsonBoolean(false));
            case 'n' -> word("null", JsonNull.NULL);
            default -> in.number(first);
        };
    }

    private JsonValue word(String word, JsonValue meaning) throws NotPlainException {
        for (int i = 1; i < word.length(); i++) {
            NotPlainException.when(in.next() != word.charAt(i));
        }
        return meaning;
    }

    private JsonString string() throws NotPlainException {
        int quote = in.position() - 1;
        String value = in.text();
        return value.length() < JsonReader.LOCATED_CHARS
                ? new JsonString(value)
                : new JsonString(value, quote, in.position() - quote);
    }

    private JsonObject object(int depth) throws NotPlainException {
        NotPlainException.when(depth > JsonReader.MAX_DEPTH);
        count();
        byte b = in.nextThatIsNoBlank();
        if (b == '}') {
            return JsonObject.EMPTY;
        }
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (true) {
            NotPlainException.when(b != '"');
            count();
            String name = in.name();
            NotPlainException.when(in.nextThatIsNoBlank() != ':');
            members.put(name, value(in.nextThatIsNoBlank(), depth));
            b = in.nextThatIsNoBlank();
            if (b == '}') {
                return new JsonObject(members);
            }
            NotPlainException.when(b != ',');
            b = in.nextThatIsNoBlank();
        }
    }

    private JsonArray array(int depth) throws NotPlainException {
        NotPlainException.when(depth > JsonReader.MAX_DEPTH);
        count();
        List<JsonValue> elements = new ArrayList<>();
        byte b = in.nextThatIsNoBlank();
        if (b == ']') {
            return new JsonArray(elements);
        }
        while (true) {
            elements.add(value(b, depth));
            b = in.nextThatIsNoBlank();
            if (b == ']') {
                return new JsonArray(elements);
            }
            NotPlainException.when(b != ',');
            b = in.nextThatIsNoBlank();
        }
    }
}
