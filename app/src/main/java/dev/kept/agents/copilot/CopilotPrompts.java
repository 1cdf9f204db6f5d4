package dev.kept.agents.copilot;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The decision who wrote a prompt. A {@code user.message} is a person's, unless it names another source or belongs to a
 * subagent's branch.
 *
 * <p>No record states in time that a run is headless ({@code -p}): the hook with the prompt of the command line is
 * written after the prompt. So the time of the prompt decides. It comes 0.1 s after the start of the program (1.0.102),
 * 1.3 to 2.0 s in nine published runs with hooks. In a chat, nobody types and sends one within three seconds of the
 * start; in one of eleven published runs a prompt of the command line came later, and counts as typed.
 */
final class CopilotPrompts {
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private Optional<Instant> began = Optional.empty();

    /** Notes that the program started, or resumed the session. */
    void noteStart(Optional<Instant> at) {
        began = at;
    }

    /** Notes an answer of the agent: the next prompt is not the run's first. */
    void noteAnswer() {
        began = Optional.empty();
    }

    Authorship of(CopilotRecord record) {
        JsonObject data = record.data();
        if (!record.onMainLine() || !isUser(data) || isSet(data, "isAutopilotContinuation")) {
            return Authorship.NONE;
        }
        if (began.isEmpty() || record.time().isEmpty()) {
            return Authorship.TYPED;
        }
        Duration after = Duration.between(began.get(), record.time().get());
        return after.isNegative() || after.compareTo(AT_ONCE) >= 0 ? Authorship.TYPED : Authorship.HEADLESS;
    }

    /** Reports whether no other source is named; an unreadable one counts as another. */
    private static boolean isUser(JsonObject data) {
        return switch (data.get("source").orElse(JsonNull.NULL)) {
            case JsonNull _ -> true;
            case JsonText source ->
                source.value().equals("user") || source.value().isEmpty();
            case JsonValue _ -> false;
        };
    }

    /** Reports whether a mark is present and not {@code false}. */
    private static boolean isSet(JsonObject data, String mark) {
        JsonValue value = data.get(mark).orElse(JsonNull.NULL);
        return !(value instanceof JsonNull) && !value.equals(new JsonBoolean(false));
    }

    void save(StateWriter out) {
        out.flag(began.isPresent());
        out.number(began.map(Instant::toEpochMilli).orElse(0L));
    }

    void restore(StateReader in) throws IOException {
        boolean known = in.flag();
        long at = in.number();
        began = known ? Optional.of(Instant.ofEpochMilli(at)) : Optional.empty();
    }
}
