package dev.kept.session;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.provider.SessionFact;
import java.util.List;
import java.util.Objects;

/**
 * New events and facts of a session.
 *
 * @param events in order, none of which the session had before
 * @param facts in order
 */
public record SessionUpdate(SessionKey key, List<ConversationEvent> events, List<SessionFact> facts) {
    public SessionUpdate {
        Objects.requireNonNull(key, "key");
        events = List.copyOf(events);
        facts = List.copyOf(facts);
    }
}
