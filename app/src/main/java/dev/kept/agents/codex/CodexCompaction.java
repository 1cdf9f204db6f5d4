package dev.kept.agents.codex;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.Optional;

/**
 * The reader of compactions. Up to three successive records report one compaction; the first becomes an event. The
 * conversation that they repeat ({@code replacement_history}) is not read.
 */
final class CodexCompaction {
    private boolean emittedByMark;
    private boolean emittedByHistory;

    /** Ends the current compaction, because the model speaks: the next record reports another one. */
    void end() {
        emittedByMark = false;
        emittedByHistory = false;
    }

    void save(StateWriter out) {
        out.flag(emittedByMark);
        out.flag(emittedByHistory);
    }

    void restore(StateReader in) throws IOException {
        emittedByMark = in.flag();
        emittedByHistory = in.flag();
    }

    /** Reads {@code compacted}. Returns the rule if it becomes no event. */
    Optional<String> readHistory(CodexRecord record, String summary) {
        if (emittedByMark) {
            end();
            return Optional.of("a compaction that was told before");
        }
        emittedByHistory = true;
        record.system("compacted", "compacted", summary);
        return Optional.empty();
    }

    /** Reads an event or an item that only reports the compaction. Returns the rule if it becomes no event. */
    Optional<String> readMark(CodexRecord record, String summary) {
        if (emittedByMark || emittedByHistory) {
            return Optional.of("a compaction that was told before");
        }
        emittedByMark = true;
        record.system("compacted", "compacted", summary);
        return Optional.empty();
    }
}
