package dev.kept.provider.claude;

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
import dev.kept.provider.RecentHashes;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells a record that says more than an earlier one of the same id from one that repeats it. A message that is written while
 * it streams has the same ids each time; a later one that is longer is a revision, an event of its own whose id ends with
 * {@code ~2}, {@code ~3} and so on. Anything else keeps its id, and a reading drops ids that it knows.
 */
final class ClaudeRevisions {
    /** A revision follows what it revises closely. */
    private static final int RECENT_EVENTS = 64;

    private static final int LENGTH_BITS = 32;
    private static final long LENGTH = (1L << LENGTH_BITS) - 1;

    /** By event id: the number of the last wording above {@link #LENGTH_BITS}, and how long it was. */
    private final RecentHashes wordings = new RecentHashes(RECENT_EVENTS);

    /** Returns the events with the ids of revisions where they are some. */
    List<ConversationEvent> of(List<ConversationEvent> events) {
        List<ConversationEvent> numbered = events;
        for (int i = 0; i < events.size(); i++) {
            ConversationEvent event = events.get(i);
            int length = length(event);
            if (length < 0) {
                continue;
            }
            String id = event.header().eventId();
            long before = wordings.get(id, 0);
            if (before == 0) {
                wordings.put(id, wording(1, length));
            } else if (length > (before & LENGTH)) {
                long number = (before >>> LENGTH_BITS) + 1;
                wordings.put(id, wording(number, length));
                numbered = numbered == events ? new ArrayList<>(events) : numbered;
                numbered.set(i, renamed(event, id + "~" + number));
            }
        }
        return numbered;
    }

    private static long wording(long number, int length) {
        return number << LENGTH_BITS | length;
    }

    /** Returns how much an event says; -1 for a kind that is not revised. */
    private static int length(ConversationEvent event) {
        return switch (event) {
            case UserMessage message -> message.text().length();
            case AssistantMessage message -> message.text().length();
            case AssistantThinking thinking -> thinking.text().length();
            case ToolCall call -> call.input().length();
            case ToolResult result -> result.text().length();
            case UserCommand _,
                    UserDecision _,
                    AssistantDecision _,
                    SystemMessage _,
                    ProviderInfo _,
                    ProviderRaw _ -> -1;
        };
    }

    private static ConversationEvent renamed(ConversationEvent event, String id) {
        EventHeader old = event.header();
        EventHeader header = new EventHeader(
                id, old.timestamp(), old.turnId(), old.parentId(), old.line(), old.authorship(), old.source());
        return switch (event) {
            case UserMessage(_, var text, var references) -> new UserMessage(header, text, references);
            case AssistantMessage(_, var text, var call, var references) ->
                new AssistantMessage(header, text, call, references);
            case AssistantThinking(_, var text, var call, var references) ->
                new AssistantThinking(header, text, call, references);
            case ToolCall(_, var callId, var name, var input, var call, var references) ->
                new ToolCall(header, callId, name, input, call, references);
            case ToolResult(_, var callId, var text, var error, var references, var subagent) ->
                new ToolResult(header, callId, text, error, references, subagent);
            case UserCommand _,
                    UserDecision _,
                    AssistantDecision _,
                    SystemMessage _,
                    ProviderInfo _,
                    ProviderRaw _ -> event;
        };
    }

    void save(StateWriter out) {
        wordings.save(out);
    }

    void restore(StateReader in) throws IOException {
        wordings.restore(in);
    }

    /** Bytes of heap that it takes. */
    long heldBytes() {
        return 16 + wordings.heldBytes();
    }
}
