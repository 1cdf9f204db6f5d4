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
 * Reads the records that agents write by the thousand: one object, or one array, of well-formed JSON in well-formed UTF-8.
 *
 * <p>Whatever else a record is (glued values, damage, a bare word, half a surrogate pair, too deep, too many tokens), this
 * gives up and says nothing of it: {@link JsonReader} has jackson-core read it from its first byte, and what that says
 * counts. So this has no errors, no tolerance and no limits of its own to be right about; for what it does read, it makes the
 * tree that the parser would ({@code PlainReaderTest}).
 *
 * <p>It exists because the daemon runs with the runtime's first compiler alone, with which a string costs the parser several
 * loops over its characters; here it costs one over its bytes, eight at a time. See {@code docs/decisions/0077}.
 *
 * <p>One instance reads records one after the other, and keeps room for their texts. Not thread-safe.
 */
public final class PlainReader {
    /** What the parser reads of one record is a few more: the brackets that are still open count before they close. */
    static final int TOKENS_OF_A_RECORD = JsonReader.MAX_TOKENS - JsonReader.MAX_DEPTH;

    private final PlainJsonBytes in = new PlainJsonBytes();
    private int mostTokens;
    private int tokens;

    /**
     * The record's one value, with the bytes it covers, counted from the start of the record; empty if the record is anything
     * but plain.
     *
     * @param most values, names and brackets; a record with more is not plain
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

    /** Values, names and brackets of the record that was read last. */
    public int tokens() {
        return tokens;
    }

    private void count() throws NotPlainException {
        tokens++;
        NotPlainException.when(tokens > mostTokens);
    }

    /** The value that begins with {@code first}, which was taken. */
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
