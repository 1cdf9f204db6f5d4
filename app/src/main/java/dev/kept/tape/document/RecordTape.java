package dev.kept.tape.document;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * The tape of a document that its agent rewrites completely after each change. It holds the changes, not each full
 * copy.
 *
 * <p>Each version that was seen is a group of lines, and only complete groups count:
 *
 * <pre>
 * {"sessionId":…,"messages":[]}            the shell: the document without its records, without white space
 * {"id":"m7",…}                            each record that is new or changed, without white space
 * {"$kept":{"base64":"…"}}                 only if the parts do not reproduce the document: all of it
 * {"$kept":{"version":3,"bytes":812,"sha256":"…","at":210,"same":6,"then":["m7"],"changed":{"m7":"…"}}}
 * </pre>
 *
 * {@code same} records of the version before stay at its beginning, those of {@code then} follow; {@code changed} names
 * the records of this group in their order, with 128 bits of their SHA-256; {@code at} is the position of the records
 * in the shell. A record that was removed from the document stays on the tape. This object is the state that is needed
 * to write the next group, or to rebuild a version. Not thread-safe.
 */
public final class RecordTape {
    /** The only member of the lines that Kept adds to the records of the file. */
    public static final String MEMBER = "$kept";

    /** The beginning of the line that ends a group. */
    public static final String VERSION_LINE = "{\"" + MEMBER + "\":{\"version\":";

    private final Map<String, String> digests = new HashMap<>();
    private List<String> order = List.of();
    private int versions;
    private String sha256 = "";
    private long end;

    /**
     * One version of the document.
     *
     * @param number from 1
     * @param bytes its length
     * @param recordsAt position of the records in its shell; -1 if it was kept whole
     * @param changed the keys of the records in its group, in order, with their digests
     * @param order the keys of all its records; empty if it was kept whole
     * @param start position of its group on the tape
     * @param end end of its group
     */
    public record Version(
            int number,
            long bytes,
            String sha256,
            long recordsAt,
            Map<String, String> changed,
            List<String> order,
            long start,
            long end) {
        /** Reports whether the document is rebuilt from its parts. */
        public boolean inParts() {
            return recordsAt >= 0;
        }
    }

    /** Reads a tape. */
    public static RecordTape of(TapeReader tape) throws IOException {
        return of(tape, _ -> {});
    }

    /** Reads a tape and passes on each version. */
    public static RecordTape of(TapeReader tape, Consumer<Version> each) throws IOException {
        RecordTape read = new RecordTape();
        new TapeLines(tape, VERSION_LINE).forEach((line, lineEnd) -> each.accept(read.add(line, lineEnd)));
        return read;
    }

    private Version add(String line, long lineEnd) throws IOException {
        try {
            if (JsonReader.parse(line) instanceof JsonObject object
                    && object.object(MEMBER).isPresent()) {
                JsonObject note = object.object(MEMBER).get();
                Map<String, String> changed = new LinkedHashMap<>();
                JsonObject of = note.object("changed").orElse(JsonObject.EMPTY);
                of.members().keySet().forEach(key -> changed.put(key, of.stringOr(key, "")));
                List<String> then = new ArrayList<>();
                for (JsonValue key : note.array("then")) {
                    if (key instanceof JsonText text) {
                        then.add(text.value());
                    }
                }
                long at = note.longOr("at", -1);
                List<String> now = new ArrayList<>(order.subList(0, Math.toIntExact(note.longOr("same", 0))));
                now.addAll(then);
                Version version = new Version(
                        Math.toIntExact(note.longOr("version", 0)),
                        note.longOr("bytes", 0),
                        note.stringOr("sha256", ""),
                        at,
                        changed,
                        now,
                        end,
                        lineEnd);
                addVersion(version);
                return version;
            }
        } catch (MalformedJsonException | ArithmeticException | IndexOutOfBoundsException e) {
            throw new IOException("the record tape is damaged before byte " + lineEnd + ": " + e.getMessage(), e);
        }
        throw new IOException("the record tape is damaged before byte " + lineEnd);
    }

    /** Makes a version the newest one. */
    public void addVersion(Version version) {
        digests.putAll(version.changed());
        order = List.copyOf(version.order());
        versions = version.number();
        sha256 = version.sha256();
        end = version.end();
    }

    /** Reports whether the newest record under that key has that digest. */
    public boolean has(String key, String digest) {
        return digest.equals(digests.get(key));
    }

    /** Returns the number of versions. */
    public int versions() {
        return versions;
    }

    /** Returns the digest of the newest version; empty if there is none. */
    public String sha256() {
        return sha256;
    }

    /** Returns the end of the last complete group. */
    public long end() {
        return end;
    }

    /** Returns the line that ends the group of a version, with its line end. */
    public String line(Version version) {
        int same = 0;
        while (same < Math.min(order.size(), version.order().size())
                && order.get(same).equals(version.order().get(same))) {
            same++;
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.verbatim(text)) {
            out.writeStartObject();
            out.writeObjectPropertyStart(MEMBER);
            out.writeNumberProperty("version", version.number());
            out.writeNumberProperty("bytes", version.bytes());
            out.writeStringProperty("sha256", version.sha256());
            out.writeNumberProperty("at", version.recordsAt());
            out.writeNumberProperty("same", same);
            out.writeName("then");
            List<JsonValue> then = new ArrayList<>();
            version.order().stream().skip(same).forEach(key -> then.add(new JsonString(key)));
            out.writeRawValue(new JsonArray(then).toJson());
            out.writeObjectPropertyStart("changed");
            version.changed().forEach(out::writeStringProperty);
            out.writeEndObject();
            out.writeEndObject();
            out.writeEndObject();
        }
        return text + "\n";
    }
}
