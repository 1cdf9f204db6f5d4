package dev.kept.agents.gemini;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells the prompt of a headless run from one typed in a chat by when it came: no record says it.
 *
 * <p>A run writes when it begins (a fresh header; on a resume the session's id and then the whole history), and its prompt
 * follows at once: 7 to 18 ms in twelve runs of 0.61. In a chat nobody has typed and sent a prompt a second after the
 * program began. A prompt given on the command line of a chat ({@code -i}) counts as headless too. A headless run that
 * takes longer to its prompt (a slow hook) counts as typed. In files before 0.39 nothing tells; they count as typed.
 */
final class ProcessStart {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private Optional<Instant> began = Optional.empty();
    private boolean resuming;

    /** A header; one that was copied from an older file says when the session began, not the run. */
    void header(JsonObject header) {
        Optional<Instant> start = GeminiRecord.time(header, "startTime");
        Optional<Instant> updated = GeminiRecord.time(header, "lastUpdated");
        boolean fresh = start.isPresent()
                && updated.isPresent()
                && Duration.between(start.get(), updated.get()).abs().compareTo(AT_ONCE) < 0;
        began = fresh ? start : Optional.empty();
        resuming = false;
    }

    /** The session's id is written again. */
    void resumed() {
        resuming = true;
    }

    /** The whole history is written again; if it says anything new, that is a compression, and no run begins. */
    void history(Optional<Instant> at, boolean saysNew) {
        if (resuming) {
            began = saysNew ? Optional.empty() : at;
            resuming = false;
        }
    }

    /** The model answered: the next prompt is not the run's first. */
    void answered() {
        began = Optional.empty();
    }

    void save(StateWriter out) {
        out.flag(resuming);
        out.flag(began.isPresent());
        out.number(began.map(Instant::toEpochMilli).orElse(0L));
    }

    void restore(StateReader in) throws IOException {
        resuming = in.flag();
        boolean known = in.flag();
        long at = in.number();
        began = known ? Optional.of(Instant.ofEpochMilli(at)) : Optional.empty();
    }

    Authorship of(Optional<Instant> prompt) {
        if (began.isEmpty() || prompt.isEmpty()) {
            return Authorship.TYPED;
        }
        Duration after = Duration.between(began.get(), prompt.get());
        return after.isNegative() || after.compareTo(AT_ONCE) >= 0 ? Authorship.TYPED : Authorship.HEADLESS;
    }
}
