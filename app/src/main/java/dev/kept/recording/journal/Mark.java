package dev.kept.recording.journal;

import dev.kept.model.TapePosition;
import dev.kept.text.SafeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * @param folds where in subagents' lines it is, a subagent's subagent behind it; only the last may have ended
 * @param told up to where lines of subagents were told, those that were told last behind; the latest {@value #MOST_TOLD}
 */
public record Mark(
        TapePosition next, String writerState, long written, List<Fold> folds, Map<String, TapePosition> told) {
    /** So many lines are remembered as told; one that does more work after so many others is told from its beginning. */
    static final int MOST_TOLD = 128;

    /** Behind everything on any tape. */
    private static final TapePosition END = new TapePosition(Integer.MAX_VALUE, 0, 0);

    /**
     * Inside the work of a subagent, which stands before the event that names it: at {@link Mark#next}, or at the place of the
     * fold around it.
     *
     * @param line the subagent's
     * @param next the first place of its line that is not rendered yet
     * @param writerState what the next text of that line depends on; empty before its first
     * @param ended whether all of it is rendered
     * @param inline whether its events stand between those of the line that it is folded in, on the same tape
     * @param stopped whether it was stopped before it came to its end
     */
    public record Fold(
            String line, TapePosition next, String writerState, boolean ended, boolean inline, boolean stopped) {
        public Fold {
            line = SafeId.of(Objects.requireNonNull(line, "line"));
            Objects.requireNonNull(next, "next");
            Objects.requireNonNull(writerState, "writerState");
        }

        /** Further in the same work. */
        public Fold at(TapePosition place, String state) {
            return new Fold(line, place, state, ended, inline, stopped);
        }
    }

    public Mark {
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(writerState, "writerState");
        folds = List.copyOf(folds);
        // Not Map.copyOf: the order is part of it.
        told = Collections.unmodifiableMap(new LinkedHashMap<>(told));
        if (written < 0) {
            throw new IllegalArgumentException("written is " + written);
        }
    }

    /** Between two events of the main line, where no subagent's work was told before. */
    public static Mark at(TapePosition next, String writerState) {
        return new Mark(next, writerState, 0, List.of(), Map.of());
    }

    /** Further on in the main line, between two of its events. */
    public Mark onwards(TapePosition place, String state) {
        return new Mark(place, state, 0, List.of(), told);
    }

    /** Before an event of the main line; with the work that was told before it. */
    public Mark before(TapePosition place, String state) {
        return new Mark(place, state, 0, folds, told);
    }

    /** So many bytes further in the text that is rendered from here on. */
    public Mark plus(long bytes) {
        return new Mark(next, writerState, written + bytes, folds, told);
    }

    /** The fold whose events come next; empty in the main line. */
    public Optional<Fold> inside() {
        return folds.stream().filter(fold -> !fold.ended()).reduce((_, last) -> last);
    }

    /** The line whose work was told just now, so that the event comes next that names it. */
    public Optional<String> justTold() {
        return folds.isEmpty() || !folds.getLast().ended()
                ? Optional.empty()
                : Optional.of(folds.getLast().line());
    }

    /** Whether that line is being told. */
    public boolean isIn(String line) {
        return folds.stream().anyMatch(fold -> !fold.ended() && fold.line().equals(line));
    }

    /** Up to where a line was told; its beginning, if it was not. */
    public TapePosition toldOf(String line) {
        return told.getOrDefault(line, TapePosition.START);
    }

    /** In a fold more, inside those where this is; what was told just now is left. */
    public Mark in(Fold fold) {
        List<Fold> deeper = new ArrayList<>(open());
        deeper.add(fold);
        return new Mark(next, writerState, 0, deeper, told);
    }

    /** The same fold further on; what was told just now in it is left. */
    public Mark within(Fold further) {
        List<Fold> same = new ArrayList<>(open());
        same.set(same.size() - 1, further);
        return new Mark(next, writerState, 0, same, told);
    }

    /** Behind the innermost fold: its work is told. */
    public Mark ended() {
        List<Fold> same = new ArrayList<>(open());
        Fold last = same.removeLast();
        same.add(new Fold(last.line(), last.next(), "", true, last.inline(), last.stopped()));
        Map<String, TapePosition> more = new LinkedHashMap<>(told);
        more.remove(last.line());
        // Places of an inline line are another tape's: whatever is told of it elsewhere is the same work.
        more.put(last.line(), last.inline() ? END : last.next());
        while (more.size() > MOST_TOLD) {
            more.remove(more.keySet().iterator().next());
        }
        return new Mark(next, writerState, 0, same, more);
    }

    private List<Fold> open() {
        return folds.stream().filter(fold -> !fold.ended()).toList();
    }
}
