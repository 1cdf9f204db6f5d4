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
 * The threads of other agents that tool calls started, waited for or closed. If a call waits for several, the first one
 * in its result counts.
 */
final class CodexAgents {
    private static final int OPEN_CALLS = 64;

    /** Size of the ids of a call and a thread. */
    private static final int CALL_BYTES = 24 + 48 + 16 + 24 + 48 + 16;

    private static final Set<String> CALLS =
            Set.of("spawn_agent", "resume_agent", "send_input", "wait", "wait_agent", "close_agent");

    /** The thread that each open call names; empty where only its result names it. */
    private final RecentMap<String> calls = new RecentMap<>(OPEN_CALLS);

    /** Records a call, if it concerns another agent. */
    void recordCall(String callId, String name, String input) {
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

    /** Records the thread that a call started, according to its event. */
    void recordThread(String callId, String thread) {
        if (!callId.isEmpty() && !thread.isEmpty()) {
            calls.renew(callId, SafeId.of(thread));
        }
    }

    /** Removes a call and returns the branch of the thread that its result is about. */
    Optional<String> removeBranch(String callId, String output) {
        String named = calls.remove(callId);
        if (named == null) {
            return Optional.empty();
        }
        JsonObject result = parse(output);
        return result.string("agent_id")
                .or(() -> result.string("thread_id"))
                .or(() -> result.get("status").orElse(JsonNull.NULL) instanceof JsonObject status
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

    /** Returns the thread that an event reports as started; empty if none. */
    static String startedThread(JsonObject event) {
        return event.get("new_thread_id").orElse(JsonNull.NULL) instanceof JsonText thread ? thread.value() : "";
    }

    void save(StateWriter out) {
        out.all(calls, StateWriter::text);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, calls::put);
    }

    /** Returns the heap that this object uses, in bytes. */
    long heldBytes() {
        return calls.heldBytes(CALL_BYTES);
    }
}
