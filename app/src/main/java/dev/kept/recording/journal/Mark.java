package dev.kept.recording.journal;

import dev.kept.model.TapePosition;
import java.util.Objects;
import java.util.Optional;

/**
 * A place in the text of a recording, by what it is rendered from: the same tapes from the same mark on give the same
 * text.
 *
 * @param next the first place of the main line whose event is not rendered yet
 * @param writerState what the next text depends on
 * @param written how many bytes of what is rendered from there on come before the mark; above 0 only inside a text that
 *     takes several chunks
 * @param fold where in a subagent's line it is, if it is in one
 */
public record Mark(TapePosition next, String writerState, long written, Optional<Fold> fold) {
    /**
     * Inside the work of a subagent, which stands before the main line's event at {@link Mark#next}.
     *
     * @param line the subagent's
     * @param next the first place of its line that is not rendered yet
     * @param writerState what the next text of that line depends on
     * @param ended whether all of it is rendered
     */
    public record Fold(String line, TapePosition next, String writerState, boolean ended) {
        public Fold {
            Objects.requireNonNull(line, "line");
            Objects.requireNonNull(next, "next");
            Objects.requireNonNull(writerState, "writerState");
        }
    }

    public Mark {
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(writerState, "writerState");
        Objects.requireNonNull(fold, "fold");
        if (written < 0) {
            throw new IllegalArgumentException("written is " + written);
        }
    }

    /** Between two events of the main line. */
    public static Mark at(TapePosition next, String writerState) {
        return new Mark(next, writerState, 0, Optional.empty());
    }

    /** So many bytes further in the text that is rendered from here on. */
    public Mark plus(long bytes) {
        return new Mark(next, writerState, written + bytes, fold);
    }

    /** The same place of the main line, in a subagent's work. */
    public Mark in(Fold inside) {
        return new Mark(next, writerState, 0, Optional.of(inside));
    }
}
