package dev.kept.ingest;

import dev.kept.ingest.copy.SourceFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The queue of sources to examine: changed ones, then those that a first import or a restart left to do, latest first,
 * then those that may have been rewritten. Owned by the ingest thread.
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

    /** Adds a source that was touched. */
    void addTouched(SourceFile source) {
        if (!source.queuedLive) {
            source.queuedLive = true;
            live.add(source);
        }
    }

    /** Adds a source that a sweep selected; one in the backlog keeps its place there. */
    void addSwept(SourceFile source) {
        if (!source.queuedBacklog) {
            addTouched(source);
        }
    }

    /** Adds a source to the backlog: it has bytes to read or to hand on that nobody waits for. */
    void addBacklog(SourceFile source) {
        if (!source.queuedBacklog) {
            source.queuedBacklog = true;
            backlog.add(source);
        }
    }

    /** Adds a source whose times changed while its length did not. */
    void addSuspect(SourceFile source) {
        suspects.add(source);
    }

    /** Adds a source of the last turn that has more to do. */
    void requeue(SourceFile source) {
        if (urgent) {
            addTouched(source);
        } else if (!source.queuedBacklog) {
            source.queuedBacklog = true;
            backlog.addFirst(source);
        }
    }

    /** Removes and returns the sources of the next turn: all touched ones, or one of the others. */
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
