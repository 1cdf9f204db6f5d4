package dev.kept.agents.codex;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.Optional;

/**
 * Marks where a conversation was compacted. Up to three records say so, one behind the other; the first is told. What they
 * hold of the conversation ({@code replacement_history}) was said before and is not read.
 */
final class CodexCompaction {
    private boolean toldByMark;
    private boolean toldByHistory;

    /** The model speaks: the next compaction is another one. */
    void over() {
        toldByMark = false;
        toldByHistory = false;
    }

    void save(StateWriter out) {
        out.flag(toldByMark);
        out.flag(toldByHistory);
    }

    void restore(StateReader in) throws IOException {
        toldByMark = in.flag();
        toldByHistory = in.flag();
    }

    /** Reads {@code compacted}. Returns the rule if it becomes nothing. */
    Optional<String> readHistory(CodexRecord record, String summary) {
        if (toldByMark) {
            over();
            return Optional.of("a compaction that was told before");
        }
        toldByHistory = true;
        record.system("compacted", "compacted", summary);
        return Optional.empty();
    }

    /** Reads an event or an item that only says that it happened. Returns the rule if it becomes nothing. */
    Optional<String> readMark(CodexRecord record, String summary) {
        if (toldByMark || toldByHistory) {
            return Optional.of("a compaction that was told before");
        }
        toldByMark = true;
        record.system("compacted", "compacted", summary);
        return Optional.empty();
    }
}
