package dev.kept.recording.writer;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.MalformedJsonException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The state that the next lines of a Markdown note depend on. Immutable.
 *
 * @param speaker the speaker of the last heading
 * @param record the record that the last heading was made for; the rest of that record needs no heading
 * @param calls names of the latest tools that ran, by call id, oldest first
 */
record WriterState(Speaker speaker, String record, Map<String, String> calls) {
    enum Speaker {
        NOBODY,
        PERSON,
        AGENT
    }

    /** Limit for remembered calls. More at one time are rare; the result of a forgotten call lacks the tool's name. */
    static final int MAX_CALLS = 8;

    private static final int MAX_CHARACTERS = 64;

    static final WriterState START = new WriterState(Speaker.NOBODY, "", Map.of());

    WriterState {
        Objects.requireNonNull(speaker, "speaker");
        Objects.requireNonNull(record, "record");
        // Not Map.copyOf: the order is part of the state, and of its text.
        calls = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(calls));
    }

    WriterState headed(Speaker next, String nextRecord) {
        return new WriterState(next, cut(nextRecord), calls);
    }

    boolean isHeaded(Speaker who, String what) {
        return speaker == who && record.equals(cut(what));
    }

    WriterState called(String callId, String name) {
        Map<String, String> next = new LinkedHashMap<>(calls);
        next.remove(cut(callId));
        next.put(cut(callId), cut(name));
        while (next.size() > MAX_CALLS) {
            next.remove(next.keySet().iterator().next());
        }
        return new WriterState(speaker, record, next);
    }

    WriterState answered(String callId) {
        Map<String, String> next = new LinkedHashMap<>(calls);
        next.remove(cut(callId));
        return new WriterState(speaker, record, next);
    }

    /** Returns the name of the tool that a result belongs to; empty if forgotten. */
    String tool(String callId) {
        return calls.getOrDefault(cut(callId), "");
    }

    private static String cut(String text) {
        return TextEscapes.beginning(text, MAX_CHARACTERS);
    }

    String toJson() {
        Map<String, JsonValue> names = new LinkedHashMap<>();
        calls.forEach((callId, name) -> names.put(callId, new JsonString(name)));
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("speaker", new JsonString(speaker.name()));
        members.put("record", new JsonString(record));
        members.put("calls", new JsonObject(names));
        return new JsonObject(members).toJson();
    }

    static WriterState parse(String json) {
        try {
            if (!(JsonReader.parse(json) instanceof JsonObject object)) {
                return START;
            }
            Map<String, String> calls = new LinkedHashMap<>();
            JsonObject names = object.object("calls").orElse(JsonObject.EMPTY);
            names.members().keySet().forEach(callId -> calls.put(callId, names.stringOr(callId, "")));
            return new WriterState(
                    Speaker.valueOf(object.stringOr("speaker", "")), object.stringOr("record", ""), calls);
        } catch (MalformedJsonException | IllegalArgumentException notOurs) {
            return START;
        }
    }
}
