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
 * Tells who gave a prompt. A {@code user.message} is a person's, unless it names another source or a subagent's line.
 *
 * <p>No record says in time that a run is headless ({@code -p}): the hook that is told the prompt of the command line is
 * written behind the prompt. So it is told by when the prompt comes: 0.1 s after the program began (1.0.102), 1.3 to 2.0 s in
 * nine published runs with hooks. In a chat nobody has typed and sent one three seconds after the program began; in one of
 * eleven published runs a prompt of the command line came later, and counts as typed.
 */
final class CopilotPrompts {
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private Optional<Instant> began = Optional.empty();

    /** The program began, or went on with the session. */
    void began(Optional<Instant> at) {
        began = at;
    }

    /** The agent answered: the next prompt is not the run's first. */
    void answered() {
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

    /** Whether no other source is named; one that cannot be read is another. */
    private static boolean isUser(JsonObject data) {
        return switch (data.get("source").orElse(JsonNull.NULL)) {
            case JsonNull _ -> true;
            case JsonText source ->
                source.value().equals("user") || source.value().isEmpty();
            case JsonValue _ -> false;
        };
    }

    /** Whether a mark is there and not {@code false}. */
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
