package dev.kept.agents.codex;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecentMap;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Which thread of another agent the result of a call is about: one that was begun by it, waited for or closed. Where a call
 * waits for several, the first that its result tells of counts.
 */
final class CodexAgents {
    private static final int OPEN_CALLS = 64;

    /** A call's id and a thread's. */
    private static final int CALL_BYTES = 24 + 48 + 16 + 24 + 48 + 16;

    private static final Set<String> CALLS =
            Set.of("spawn_agent", "resume_agent", "send_input", "wait", "wait_agent", "close_agent");

    /** The thread that a call names; empty where its result does. */
    private final RecentMap<String> calls = new RecentMap<>(OPEN_CALLS);

    /** A call begins. */
    void called(String callId, String name, String input) {
        if (CALLS.contains(name)) {
            JsonObject arguments = parse(input);
            calls.renew(
                    callId,
                    arguments
                            .string("id")
                            .or(() -> arguments.string("target"))
                            .map(SafeId::of)
                            .orElse(""));
        }
    }

    /** The event of a call tells which thread was begun. */
    void began(String callId, String thread) {
        if (!callId.isEmpty() && !thread.isEmpty()) {
            calls.renew(callId, SafeId.of(thread));
        }
    }

    /** The line of the thread that a result is about. */
    Optional<String> lineOf(String callId, String output) {
        String named = calls.remove(callId);
        if (named == null) {
            return Optional.empty();
        }
        JsonObject told = parse(output);
        return told.string("agent_id")
                .or(() -> told.string("thread_id"))
                .or(() -> told.get("status").orElse(JsonNull.NULL) instanceof JsonObject status
                        ? status.members().keySet().stream().findFirst()
                        : Optional.empty())
                .or(() -> Optional.of(named))
                .filter(thread -> !thread.isEmpty())
                .map(SafeId::of);
    }

    private static JsonObject parse(String text) {
        try {
            JsonValue value = text.startsWith("{") ? JsonReader.parseInner(text) : JsonNull.NULL;
            return value instanceof JsonObject object ? object : JsonObject.EMPTY;
        } catch (MalformedJsonException noJson) {
            return JsonObject.EMPTY;
        }
    }

    /** The thread that an event says was begun. */
    static String begun(JsonObject event) {
        return event.get("new_thread_id").orElse(JsonNull.NULL) instanceof JsonText thread ? thread.value() : "";
    }

    void save(StateWriter out) {
        out.all(calls, StateWriter::text);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, calls::put);
    }

    /** Bytes of heap that it takes. */
    long heldBytes() {
        return calls.heldBytes(CALL_BYTES);
    }
}
