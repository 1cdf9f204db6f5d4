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
 * The start of a run, which distinguishes the prompt of a headless run from one that was typed in a chat: no record
 * states it.
 *
 * <p>A run writes when it starts (a new header; on a resume the session's id and then the whole history), and its
 * prompt follows at once: after 7 to 18 ms in twelve runs of 0.61. In a chat, nobody types and sends a prompt within a
 * second of the program's start. A prompt on the command line of a chat ({@code -i}) counts as headless too. A headless
 * run whose prompt takes longer (a slow hook) counts as typed. In files before 0.39 nothing shows it; their prompts
 * count as typed.
 */
final class ProcessStart {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private Optional<Instant> began = Optional.empty();
    private boolean resuming;

    /** Reads a header. One that was copied from an older file has the start of the session, not of the run. */
    void readHeader(JsonObject header) {
        Optional<Instant> start = GeminiRecord.time(header, "startTime");
        Optional<Instant> updated = GeminiRecord.time(header, "lastUpdated");
        boolean fresh = start.isPresent()
                && updated.isPresent()
                && Duration.between(start.get(), updated.get()).abs().compareTo(AT_ONCE) < 0;
        began = fresh ? start : Optional.empty();
        resuming = false;
    }

    /** Notes that the session's id was written again. */
    void noteResume() {
        resuming = true;
    }

    /**
     * Notes that the whole history was written again. If it has anything new, it is a compression, and no run starts.
     */
    void noteHistory(Optional<Instant> at, boolean hasNews) {
        if (resuming) {
            began = hasNews ? Optional.empty() : at;
            resuming = false;
        }
    }

    /** Notes an answer of the model: the next prompt is not the run's first. */
    void noteAnswer() {
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
