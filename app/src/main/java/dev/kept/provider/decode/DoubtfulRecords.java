package dev.kept.provider.decode;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserDecision;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.provider.DecodedRecord;
import java.util.List;

/** Readings of records that may be objects from inside a torn one: nobody is their author, and they say nothing of a session. */
final class DoubtfulRecords {
    private DoubtfulRecords() {}

    static DecodedRecord reading(DecodedRecord reading) {
        if (reading.events().isEmpty()) {
            return DecodedRecord.nothing(reading.recordType(), reading.rule().orElse("in doubt"), List.of());
        }
        return DecodedRecord.of(
                reading.recordType(),
                reading.events().stream().map(DoubtfulRecords::byNobody).toList(),
                List.of());
    }

    private static ConversationEvent byNobody(ConversationEvent event) {
        return switch (event) {
            case UserMessage(var header, var text, var references) ->
                new UserMessage(byNobody(header), text, references);
            case UserCommand(var header, var name, var arguments) -> new UserCommand(byNobody(header), name, arguments);
            case UserDecision(var header, var decisionId, var outcome, var text) ->
                new UserDecision(byNobody(header), decisionId, outcome, text);
            case ConversationEvent.AssistantMessage _,
                    ConversationEvent.AssistantThinking _,
                    ConversationEvent.AssistantDecision _,
                    ConversationEvent.ToolCall _,
                    ConversationEvent.ToolResult _,
                    ConversationEvent.SystemMessage _,
                    ConversationEvent.ProviderInfo _,
                    ConversationEvent.ProviderRaw _ -> event;
        };
    }

    private static EventHeader byNobody(EventHeader header) {
        return new EventHeader(
                header.eventId(),
                header.timestamp(),
                header.turnId(),
                header.parentId(),
                header.line(),
                Authorship.NONE,
                header.source());
    }
}
