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
 * The events of a tape that a later event replaces: a tool call whose input came in parts, an agent's text that a
 * longer one continues, and a rewind that was refuted. A person's message is never replaced. Not thread-safe.
 */
final class ReplacedEvents {
    /** Limit of the ids remembered of one tape. */
    static final int MOST = 4096;

    /** Number of recent texts remembered: a fuller text follows soon after the one it replaces. */
    private static final int RECENT_TEXTS = 128;

    private static final int LENGTH_BITS = 32;

    private final Set<String> ids = new LinkedHashSet<>();

    /** By event id: the length of a text above {@link #LENGTH_BITS}, and its hash. */
    private final RecentHashes texts = new RecentHashes(RECENT_TEXTS);

    /** Accepts the next event of the tape. */
    void accept(ConversationEvent event) {
        switch (event) {
            case ToolCall call -> call.replaces().ifPresent(this::add);
            case ProviderInfo info -> info.refutes().ifPresent(this::add);
            case AssistantMessage message -> accept(event, message.text());
            case AssistantThinking thinking -> accept(event, thinking.text());
            case UserMessage _,
                    UserCommand _,
                    UserDecision _,
                    AssistantDecision _,
                    ToolResult _,
                    SystemMessage _,
                    ProviderRaw _ -> {}
        }
    }

    private void accept(ConversationEvent event, String text) {
        event.header()
                .earlierWording()
                .filter(before -> continues(text, texts.get(before, -1)))
                .ifPresent(this::add);
        texts.put(
                event.header().eventId(),
                ((long) text.length() << LENGTH_BITS) | Integer.toUnsignedLong(text.hashCode()));
    }

    private static boolean continues(String text, long before) {
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

    /** Returns the ids of the replaced events, {@value #MOST} at most. */
    Set<String> ids() {
        return ids;
    }
}
