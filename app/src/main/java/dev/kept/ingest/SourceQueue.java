package dev.kept.ingest;

import dev.kept.ingest.copy.SourceFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which sources are looked at next: those that were touched, then what a first import or a restart left to do, latest
 * first, then those that may have been rewritten. Owned by the ingest thread.
 */
final class SourceQueue {
    private static final int TURN_SOURCES = 32;

    private final Deque<SourceFile> live = new ArrayDeque<>();
    private final Deque<SourceFile> backlog = new ArrayDeque<>();
    private final Set<SourceFile> suspects = new LinkedHashSet<>();
    private boolean urgent;

    boolean isEmpty() {
        return live.isEmpty() && backlog.isEmpty() && suspects.isEmpty();
    }

    /** A source was touched. */
    void touched(SourceFile source) {
        if (!source.queuedLive) {
            source.queuedLive = true;
            live.add(source);
        }
    }

    /** A source is to be looked at for its own sake: not before what waits in the backlog anyway. */
    void swept(SourceFile source) {
        if (!source.queuedBacklog) {
            touched(source);
        }
    }

    /** A source has bytes to read or to hand on that nobody waits for. */
    void leftOver(SourceFile source) {
        if (!source.queuedBacklog) {
            source.queuedBacklog = true;
            backlog.add(source);
        }
    }

    /** A source's times moved and its length did not. */
    void suspect(SourceFile source) {
        suspects.add(source);
    }

    /** A source of the last turn has more to do. */
    void again(SourceFile source) {
        if (urgent) {
            touched(source);
        } else if (!source.queuedBacklog) {
            source.queuedBacklog = true;
            backlog.addFirst(source);
        }
    }

    /** Takes the sources of the next turn: all that are touched, or one of the others. */
    List<SourceFile> next() {
        List<SourceFile> turn = new ArrayList<>();
        urgent = !live.isEmpty();
        while (turn.size() < TURN_SOURCES && !live.isEmpty()) {
            SourceFile source = live.remove();
            source.queuedLive = false;
            turn.add(source);
        }
        if (turn.isEmpty() && !backlog.isEmpty()) {
            SourceFile source = backlog.remove();
            source.queuedBacklog = false;
            turn.add(source);
        } else if (turn.isEmpty() && !suspects.isEmpty()) {
            SourceFile source = suspects.iterator().next();
            suspects.remove(source);
            source.suspect();
            turn.add(source);
        }
        return turn;
    }
}
