package dev.kept.provider;

import dev.kept.model.BoundedText;
import dev.kept.model.ConversationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The events and facts of one record. Every record is accounted for: it has events, or a rule that says why it has
 * none.
 *
 * @param recordType the provider's name for the record, e.g. {@code system/turn_duration}
 * @param events the events in order; a record that is not understood has one {@link ConversationEvent.ProviderRaw}
 * @param facts the facts about the session
 * @param rule the reason for having no events, in a few words; present exactly when there are none
 * @param repaired true if the record became valid JSON only by a repair
 */
public record DecodedRecord(
        String recordType,
        List<ConversationEvent> events,
        List<SessionFact> facts,
        Optional<String> rule,
        boolean repaired) {
    public DecodedRecord {
        recordType = BoundedText.shortened(recordType, BoundedText.MAX_NAME);
        Objects.requireNonNull(rule, "rule");
        events = List.copyOf(events);
        facts = List.copyOf(facts);
        if (events.isEmpty() != rule.isPresent()) {
            throw new IllegalArgumentException(recordType + " needs either events or a rule");
        }
    }

    public static DecodedRecord of(String recordType, List<ConversationEvent> events, List<SessionFact> facts) {
        return new DecodedRecord(recordType, events, facts, Optional.empty(), false);
    }

    /** Returns a record without events, for the reason that {@code rule} names. */
    public static DecodedRecord withoutEvents(String recordType, String rule, List<SessionFact> facts) {
        return new DecodedRecord(recordType, List.of(), facts, Optional.of(rule), false);
    }

    /** Returns this record with one more fact. */
    public DecodedRecord with(SessionFact fact) {
        List<SessionFact> more = new ArrayList<>(facts);
        more.add(fact);
        return new DecodedRecord(recordType, events, more, rule, repaired);
    }

    /** Returns this record, marked as repaired. */
    public DecodedRecord asRepaired() {
        return new DecodedRecord(recordType, events, facts, rule, true);
    }

    /** Reports whether the record was not understood. */
    public boolean isRaw() {
        return events.size() == 1 && events.getFirst() instanceof ConversationEvent.ProviderRaw;
    }
}
