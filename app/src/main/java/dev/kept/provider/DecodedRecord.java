package dev.kept.provider;

import dev.kept.model.BoundedText;
import dev.kept.model.ConversationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one record says. The account of a source closes: every record has events, or a rule that maps it to none.
 *
 * @param recordType the provider's name for the record, e.g. {@code system/turn_duration}
 * @param events in order; a record that is not understood has one {@link ConversationEvent.ProviderRaw}
 * @param facts what it says about the session
 * @param rule why it has no events, in a few words; present exactly when there are none
 * @param repaired whether the record was JSON only when its damage was undone
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

    /** A record that becomes no event, for a reason with a name. */
    public static DecodedRecord nothing(String recordType, String rule, List<SessionFact> facts) {
        return new DecodedRecord(recordType, List.of(), facts, Optional.of(rule), false);
    }

    /** The same with one more fact. */
    public DecodedRecord with(SessionFact fact) {
        List<SessionFact> more = new ArrayList<>(facts);
        more.add(fact);
        return new DecodedRecord(recordType, events, more, rule, repaired);
    }

    /** The same, of a record whose damage was undone. */
    public DecodedRecord ofRepaired() {
        return new DecodedRecord(recordType, events, facts, rule, true);
    }

    /** True if the record was not understood. */
    public boolean isRaw() {
        return events.size() == 1 && events.getFirst() instanceof ConversationEvent.ProviderRaw;
    }
}
