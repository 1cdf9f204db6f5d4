package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecorderStep.Deliver;
import dev.kept.recording.RecorderStep.Move;
import dev.kept.recording.RecorderStep.Obey;
import dev.kept.recording.RecorderStep.Skipped;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;

/** The pending steps of a session, in order. Owned by the pipeline thread. */
final class PendingSteps {
    /** Limit for records whose events wait for a command; events beyond it are read from the tape. */
    private static final long MAX_HELD_BYTES = 1024 * 1024;

    private final Deque<RecorderStep> steps = new ArrayDeque<>();
    private long heldBytes;

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Returns the first step; there must be one. */
    RecorderStep first() {
        return steps.getFirst();
    }

    /** Removes and returns the first step. */
    RecorderStep remove() {
        RecorderStep step = steps.remove();
        if (step instanceof Deliver(var event)) {
            heldBytes -= event.header().source().length();
        }
        return step;
    }

    void add(RecorderStep step) {
        steps.add(step);
    }

    /** Adds a step before all others. */
    void addFirst(Obey step) {
        steps.addFirst(step);
    }

    /** Adds an event to deliver, or a note to read it from the tape if too many events wait. */
    void addEvent(ConversationEvent event) {
        long bytes = event.header().source().length();
        if (heldBytes + bytes <= MAX_HELD_BYTES) {
            heldBytes += bytes;
            steps.add(new Deliver(event));
            return;
        }
        TapePosition next = event.header().source().position().next();
        if (steps.peekLast() instanceof Skipped) {
            steps.removeLast();
        }
        steps.add(new Skipped(next));
    }

    /** Removes all steps. */
    void clear() {
        steps.clear();
        heldBytes = 0;
    }

    /** Returns the commands among the steps. */
    Stream<Obey> orders() {
        return steps.stream().filter(Obey.class::isInstance).map(Obey.class::cast);
    }

    /** Reports whether a step moves the conversation to that source. */
    boolean movesTo(String sourceId) {
        return steps.stream()
                .anyMatch(step -> step instanceof Move move && move.sourceId().equals(sourceId));
    }

    /** Returns the size in bytes of the records whose events wait. */
    long heldBytes() {
        return heldBytes;
    }
}
