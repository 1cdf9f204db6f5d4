package dev.kept.provider.decode;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserDecision;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.provider.DecodedRecord;
import java.util.List;

/**
 * Decoded records that may be objects from inside a torn record: their events get no author, and their facts are
 * dropped.
 */
final class DoubtfulRecords {
    private DoubtfulRecords() {}

    static DecodedRecord withoutAuthor(DecodedRecord decoded) {
        if (decoded.events().isEmpty()) {
            return DecodedRecord.withoutEvents(
                    decoded.recordType(), decoded.rule().orElse("in doubt"), List.of());
        }
        return DecodedRecord.of(
                decoded.recordType(),
                decoded.events().stream().map(DoubtfulRecords::withoutAuthor).toList(),
                List.of());
    }

    private static ConversationEvent withoutAuthor(ConversationEvent event) {
        return switch (event) {
            case UserMessage(var header, var text, var references) ->
                new UserMessage(withoutAuthor(header), text, references);
            case UserCommand(var header, var name, var arguments) ->
                new UserCommand(withoutAuthor(header), name, arguments);
            case UserDecision(var header, var decisionId, var outcome, var text) ->
                new UserDecision(withoutAuthor(header), decisionId, outcome, text);
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

    private static EventHeader withoutAuthor(EventHeader header) {
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
