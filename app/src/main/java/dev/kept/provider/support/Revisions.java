package dev.kept.provider.support;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantDecision;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserDecision;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A filter that distinguishes a record with more text than an earlier one of the same id from a mere repetition. A
 * message that is written while it streams has the same ids each time. A later, longer one is a revision: an event of
 * its own whose id ends with {@code ~2}, {@code ~3} and so on. All other events keep their ids, and the decoder drops
 * known ids.
 */
public final class Revisions {
    /** A revision follows closely after the event that it revises. */
    private static final int RECENT_EVENTS = 64;

    private static final int LENGTH_BITS = 32;
    private static final long LENGTH = (1L << LENGTH_BITS) - 1;

    /** By event id: the number of the last wording above {@link #LENGTH_BITS}, and its length below. */
    private final RecentHashes wordings = new RecentHashes(RECENT_EVENTS);

    /** Returns the events; revisions get the ids of revisions. */
    public List<ConversationEvent> of(List<ConversationEvent> events) {
        List<ConversationEvent> numbered = new ArrayList<>(events.size());
        for (ConversationEvent event : events) {
            numbered.add(ofOne(event));
        }
        return numbered;
    }

    /** Reports whether an event of that id was among the last. */
    public boolean knows(String eventId) {
        return wordings.get(eventId, 0) != 0;
    }

    private ConversationEvent ofOne(ConversationEvent event) {
        int length = length(event);
        if (length < 0) {
            return event;
        }
        String id = event.header().eventId();
        long before = wordings.get(id, 0);
        if (before == 0) {
            wordings.put(id, wording(1, length));
            return event;
        }
        if (length <= (before & LENGTH)) {
            return event;
        }
        long number = (before >>> LENGTH_BITS) + 1;
        wordings.put(id, wording(number, length));
        return renamed(event, id + "~" + number);
    }

    private static long wording(long number, int length) {
        return number << LENGTH_BITS | length;
    }

    /** Returns the length of an event's text; -1 for a kind that is not revised. */
    private static int length(ConversationEvent event) {
        return switch (event) {
            case UserMessage message -> message.text().length();
            case AssistantMessage message -> message.text().length();
            case AssistantThinking thinking -> thinking.text().length();
            case ToolCall call -> call.input().length();
            case ToolResult result -> result.text().length();
            case UserCommand _, UserDecision _, AssistantDecision _, SystemMessage _, ProviderInfo _, ProviderRaw _ ->
                -1;
        };
    }

    private static ConversationEvent renamed(ConversationEvent event, String id) {
        EventHeader old = event.header();
        EventHeader header = new EventHeader(
                id, old.timestamp(), old.turnId(), old.parentId(), old.line(), old.authorship(), old.source());
        return switch (event) {
            case UserMessage message -> new UserMessage(header, message.text(), message.references());
            case AssistantMessage message ->
                new AssistantMessage(header, message.text(), message.call(), message.references());
            case AssistantThinking thinking ->
                new AssistantThinking(header, thinking.text(), thinking.call(), thinking.references());
            case ToolCall call ->
                new ToolCall(header, call.callId(), call.name(), call.input(), call.call(), call.references());
            case ToolResult result ->
                new ToolResult(
                        header, result.callId(), result.text(), result.error(), result.references(), result.subagent());
            case UserCommand _, UserDecision _, AssistantDecision _, SystemMessage _, ProviderInfo _, ProviderRaw _ ->
                event;
        };
    }

    /** Writes the wordings. */
    public void save(StateWriter out) {
        wordings.save(out);
    }

    /** Restores the wordings. */
    public void restore(StateReader in) throws IOException {
        wordings.restore(in);
    }

    /** Returns the heap that this object uses, in bytes. */
    public long heldBytes() {
        return 16 + wordings.heldBytes();
    }
}
