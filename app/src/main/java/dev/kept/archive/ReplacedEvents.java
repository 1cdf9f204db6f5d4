package dev.kept.archive;

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
import dev.kept.provider.support.RecentHashes;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The events of a tape that a later one replaces: the call of a tool whose input came in parts, a text of the agent's
 * that went on where it ended, and a going back that was none. What a person said is never one. Not thread-safe.
 */
final class ReplacedEvents {
    /** Ids that are remembered, of one tape. */
    static final int MOST = 4096;

    /** A fuller wording follows what it replaces closely. */
    private static final int RECENT_TEXTS = 128;

    private static final int LENGTH_BITS = 32;

    private final Set<String> ids = new LinkedHashSet<>();

    /** By event id: the length of a text above {@link #LENGTH_BITS}, and its hash. */
    private final RecentHashes texts = new RecentHashes(RECENT_TEXTS);

    /** Takes the next event of the tape. */
    void take(ConversationEvent event) {
        switch (event) {
            case ToolCall call -> call.replaces().ifPresent(this::add);
            case ProviderInfo info -> info.refutes().ifPresent(this::add);
            case AssistantMessage message -> take(event, message.text());
            case AssistantThinking thinking -> take(event, thinking.text());
            case UserMessage _,
                    UserCommand _,
                    UserDecision _,
                    AssistantDecision _,
                    ToolResult _,
                    SystemMessage _,
                    ProviderRaw _ -> {}
        }
    }

    private void take(ConversationEvent event, String text) {
        event.header()
                .earlierWording()
                .filter(before -> goesOn(text, texts.get(before, -1)))
                .ifPresent(this::add);
        texts.put(
                event.header().eventId(),
                ((long) text.length() << LENGTH_BITS) | Integer.toUnsignedLong(text.hashCode()));
    }

    private static boolean goesOn(String text, long before) {
        long length = before >>> LENGTH_BITS;
        return before >= 0
                && length <= text.length()
                && text.substring(0, (int) length).hashCode() == (int) before;
    }

    private void add(String id) {
        if (ids.size() < MOST) {
            ids.add(id);
        }
    }

    /** Returns the ids of the events that were found, {@value #MOST} at most. */
    Set<String> ids() {
        return ids;
    }
}
