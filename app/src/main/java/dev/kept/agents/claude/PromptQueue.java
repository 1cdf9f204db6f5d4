package dev.kept.agents.claude;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The prompts that were typed while the agent was active and are not submitted yet, according to {@code
 * queue-operation} records.
 *
 * <p>A prompt that is submitted after the turn is a {@code dequeue} and then a user record. One that is submitted
 * during the turn is a {@code remove}. Versions that write attachments repeat its text there and in a {@code
 * queued_command} attachment. Earlier versions (seen: 2.1.30, 2.1.37) do not repeat it, so that only the {@code
 * enqueue} has the text.
 */
final class PromptQueue {
    private static final int MAX_WAITING = 64;
    private static final int MAX_HELD_CHARS = 64 * 1024;

    private final Deque<String> waiting = new ArrayDeque<>();
    private int held;

    long heldBytes() {
        return 160 + 2L * held;
    }

    void enqueue(String text) {
        waiting.addLast(text);
        held += text.length();
        while (waiting.size() > MAX_WAITING || (held > MAX_HELD_CHARS && waiting.size() > 1)) {
            // Notifications may pile up; no prompt is dropped because of them.
            if (removeFirst(PromptQueue::isMachineText).isEmpty()) {
                removeFirst(_ -> true);
            }
        }
    }

    /**
     * Removes the prompt that was submitted after the turn: the first text, except a notification in JSON while a
     * prompt waits.
     */
    void dequeue() {
        if (removeFirst(text -> !(text.stripLeading().startsWith("{") && isMachineText(text)))
                .isEmpty()) {
            removeFirst(_ -> true);
        }
    }

    /**
     * Removes and returns the prompt that was submitted during the turn: the first one that is not a slash command,
     * since all of these wait for the end of the turn. Returns a notification of the agent's own only if no prompt
     * waits, since one may be submitted without a record.
     */
    Optional<String> removeSubmitted() {
        return removeFirst(text -> !text.startsWith("/") && !isMachineText(text))
                .or(() -> removeFirst(PromptQueue::isMachineText));
    }

    private static boolean isMachineText(String text) {
        return MachineText.subtypeOf(text, Attribution.Trust.NONE).isPresent();
    }

    private Optional<String> removeFirst(Predicate<String> kind) {
        for (Iterator<String> texts = waiting.iterator(); texts.hasNext(); ) {
            String text = texts.next();
            if (kind.test(text)) {
                texts.remove();
                held -= text.length();
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    /** Removes the first entry with this text, if there is one. */
    Optional<String> remove(String text) {
        if (!waiting.removeFirstOccurrence(text)) {
            return Optional.empty();
        }
        held -= text.length();
        return Optional.of(text);
    }

    void save(StateWriter out) {
        out.all(waiting, out::text);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text).forEach(this::enqueue);
    }

    void clear() {
        waiting.clear();
        held = 0;
    }
}
