package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecorderStep.Deliver;
import dev.kept.recording.RecorderStep.Missed;
import dev.kept.recording.RecorderStep.Move;
import dev.kept.recording.RecorderStep.Obey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;

/** The steps of a session that were not carried out yet, in their order. Owned by the pipeline thread. */
final class PendingSteps {
    /** Records whose events wait for a command to be carried out; what comes beyond that is read from the tape. */
    private static final long MAX_HELD_BYTES = 1024 * 1024;

    private final Deque<RecorderStep> steps = new ArrayDeque<>();
    private long heldBytes;

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** The first; there is one. */
    RecorderStep first() {
        return steps.getFirst();
    }

    /** Takes the first out. */
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

    /** Is carried out before all that waits. */
    void addFirst(Obey step) {
        steps.addFirst(step);
    }

    /** An event to deliver, or, where too much waits, to be read from the tape. */
    void hold(ConversationEvent event) {
        long bytes = event.header().source().length();
        if (heldBytes + bytes <= MAX_HELD_BYTES) {
            heldBytes += bytes;
            steps.add(new Deliver(event));
            return;
        }
        TapePosition next = event.header().source().position().next();
        if (steps.peekLast() instanceof Missed) {
            steps.removeLast();
        }
        steps.add(new Missed(next));
    }

    /** Leaves all of them. */
    void clear() {
        steps.clear();
        heldBytes = 0;
    }

    /** The commands among them. */
    Stream<Obey> orders() {
        return steps.stream().filter(Obey.class::isInstance).map(Obey.class::cast);
    }

    /** Whether the conversation is to go on in that source. */
    boolean goTo(String sourceId) {
        return steps.stream()
                .anyMatch(step -> step instanceof Move move && move.sourceId().equals(sourceId));
    }

    /** Bytes of the records whose events wait. */
    long heldBytes() {
        return heldBytes;
    }
}
