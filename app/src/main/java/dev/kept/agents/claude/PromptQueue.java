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
 * What was typed while the agent worked and is not taken up yet, by {@code queue-operation} records.
 *
 * <p>A prompt taken up after the turn is a {@code dequeue} and then a user record. One taken up during the turn is a {@code
 * remove}: versions that write attachments repeat the text in it and in a {@code queued_command} attachment; versions
 * before that (seen: 2.1.30, 2.1.37) write it nowhere else, so that the text of the {@code enqueue} is all there is.
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
            // Notifications may pile up, and no prompt is forgotten for them.
            if (takeOut(PromptQueue::isMachineText).isEmpty()) {
                takeOut(_ -> true);
            }
        }
    }

    /** Takes out what was taken up after the turn: the first text, but no notification in JSON while a prompt waits. */
    void dequeue() {
        if (takeOut(text -> !(text.stripLeading().startsWith("{") && isMachineText(text)))
                .isEmpty()) {
            takeOut(_ -> true);
        }
    }

    /**
     * Takes out what was taken up during the turn: the first prompt that is no slash command, which all wait for its end. A
     * notification of the agent's own is taken up only where no prompt waits, for it may be taken up without a record.
     */
    Optional<String> takeUp() {
        return takeOut(text -> !text.startsWith("/") && !isMachineText(text))
                .or(() -> takeOut(PromptQueue::isMachineText));
    }

    private static boolean isMachineText(String text) {
        return MachineText.subtypeOf(text, Attribution.Trust.NONE).isPresent();
    }

    private Optional<String> takeOut(Predicate<String> kind) {
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

    /** Takes out the first that says this, if there is one. */
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
