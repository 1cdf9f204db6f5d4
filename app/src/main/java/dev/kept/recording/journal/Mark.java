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
 * @param next the first position of the main branch whose event is not rendered yet
 * @param writerState the state that the next text depends on
 * @param written the bytes rendered from there on that come before the mark; above 0 only inside a text that takes
 *     several chunks
 * @param nested the places in nested subagents' branches, from the outermost to the innermost; only the last may have
 *     ended
 * @param rendered the positions up to which subagents' branches were rendered, the most recent last; the latest
 *     {@value #MAX_RENDERED}
 */
public record Mark(
        TapePosition next, String writerState, long written, List<Nested> nested, Map<String, TapePosition> rendered) {
    /**
     * Limit for the remembered subagent branches; one that does more work after so many others is rendered again from
     * its beginning.
     */
    static final int MAX_RENDERED = 128;

    /** A mark after everything on any tape. */
    private static final TapePosition END = new TapePosition(Integer.MAX_VALUE, 0, 0);

    /**
     * A place inside the work of a subagent, which is rendered before the event that names it: at {@link Mark#next}, or
     * at the place of the enclosing subagent.
     *
     * @param branch the subagent's branch
     * @param next the first position of its branch that is not rendered yet
     * @param writerState the state that the next text of that branch depends on; empty before its first
     * @param ended whether all of it is rendered
     * @param inline whether its events lie between those of the enclosing branch, on the same tape
     * @param stopped whether it was stopped before its end
     */
    public record Nested(
            String branch, TapePosition next, String writerState, boolean ended, boolean inline, boolean stopped) {
        public Nested {
            branch = SafeId.of(Objects.requireNonNull(branch, "branch"));
            Objects.requireNonNull(next, "next");
            Objects.requireNonNull(writerState, "writerState");
        }

        /** Returns a later place in the same work. */
        public Nested at(TapePosition place, String state) {
            return new Nested(branch, place, state, ended, inline, stopped);
        }
    }

    public Mark {
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(writerState, "writerState");
        nested = List.copyOf(nested);
        // Not Map.copyOf: the order is part of it.
        rendered = Collections.unmodifiableMap(new LinkedHashMap<>(rendered));
        if (written < 0) {
            throw new IllegalArgumentException("written is " + written);
        }
    }

    /** Returns a mark between two events of the main branch, before any subagent's work was rendered. */
    public static Mark at(TapePosition next, String writerState) {
        return new Mark(next, writerState, 0, List.of(), Map.of());
    }

    /** Returns a later mark between two events of the main branch. */
    public Mark onwards(TapePosition place, String state) {
        return new Mark(place, state, 0, List.of(), rendered);
    }

    /** Returns a mark before an event of the main branch, with the work that was rendered before it. */
    public Mark before(TapePosition place, String state) {
        return new Mark(place, state, 0, nested, rendered);
    }

    /** Returns the mark that many bytes further in the text that is rendered from here on. */
    public Mark plus(long bytes) {
        return new Mark(next, writerState, written + bytes, nested, rendered);
    }

    /** Returns the subagent whose events come next; empty in the main branch. */
    public Optional<Nested> inside() {
        return nested.stream().filter(each -> !each.ended()).reduce((_, last) -> last);
    }

    /** Returns the branch whose work was just rendered, so that the event that names it comes next. */
    public Optional<String> justRendered() {
        return nested.isEmpty() || !nested.getLast().ended()
                ? Optional.empty()
                : Optional.of(nested.getLast().branch());
    }

    /** Reports whether that branch is being rendered. */
    public boolean isIn(String branch) {
        return nested.stream().anyMatch(each -> !each.ended() && each.branch().equals(branch));
    }

    /** Returns the position up to which a branch was rendered; its beginning, if it was not. */
    public TapePosition renderedUpTo(String branch) {
        return rendered.getOrDefault(branch, TapePosition.START);
    }

    /** Returns a mark in one more nested subagent, inside the current ones. Drops the one that was just rendered. */
    public Mark enter(Nested each) {
        List<Nested> deeper = new ArrayList<>(open());
        deeper.add(each);
        return new Mark(next, writerState, 0, deeper, rendered);
    }

    /** Returns a mark further on in the same subagent. Drops the nested one that was just rendered in it. */
    public Mark within(Nested further) {
        List<Nested> same = new ArrayList<>(open());
        same.set(same.size() - 1, further);
        return new Mark(next, writerState, 0, same, rendered);
    }

    /** Returns a mark after the innermost subagent: its work is rendered. */
    public Mark ended() {
        List<Nested> same = new ArrayList<>(open());
        Nested last = same.removeLast();
        same.add(new Nested(last.branch(), last.next(), "", true, last.inline(), last.stopped()));
        Map<String, TapePosition> more = new LinkedHashMap<>(rendered);
        more.remove(last.branch());
        // Positions of an inline branch are on another tape; what is rendered of it elsewhere is the same work.
        more.put(last.branch(), last.inline() ? END : last.next());
        while (more.size() > MAX_RENDERED) {
            more.remove(more.keySet().iterator().next());
        }
        return new Mark(next, writerState, 0, same, more);
    }

    private List<Nested> open() {
        return nested.stream().filter(each -> !each.ended()).toList();
    }
}
