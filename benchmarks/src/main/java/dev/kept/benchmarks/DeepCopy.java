package dev.kept.benchmarks;

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
import dev.kept.model.EventSource;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Copies events with every text in them, as a structured clone does. */
final class DeepCopy {
    private DeepCopy() {}

    static List<ConversationEvent> of(List<ConversationEvent> events) {
        List<ConversationEvent> copies = new ArrayList<>(events.size());
        for (ConversationEvent event : events) {
            copies.add(of(event));
        }
        return copies;
    }

    private static ConversationEvent of(ConversationEvent event) {
        EventHeader header = of(event.header());
        return switch (event) {
            case UserMessage it -> new UserMessage(header, of(it.text()), it.references());
            case UserCommand it -> new UserCommand(header, of(it.name()), of(it.arguments()));
            case UserDecision it -> new UserDecision(header, of(it.decisionId()), it.outcome(), of(it.text()));
            case AssistantMessage it -> new AssistantMessage(header, of(it.text()), of(it.call()), it.references());
            case AssistantThinking it -> new AssistantThinking(header, of(it.text()), of(it.call()), it.references());
            case AssistantDecision it ->
                new AssistantDecision(header, of(it.decisionId()), of(it.text()), of(it.call()));
            case ToolCall it ->
                new ToolCall(header, of(it.callId()), of(it.name()), of(it.input()), of(it.call()), it.references());
            case ToolResult it -> new ToolResult(header, of(it.callId()), of(it.text()), it.error(), it.references());
            case SystemMessage it -> new SystemMessage(header, of(it.subtype()), of(it.text()));
            case ProviderInfo it -> new ProviderInfo(header, of(it.subtype()), of(it.text()));
            case ProviderRaw it -> new ProviderRaw(header, of(it.reason()));
        };
    }

    private static EventHeader of(EventHeader header) {
        EventSource source = header.source();
        return new EventHeader(
                of(header.eventId()),
                header.timestamp().map(at -> at.plusNanos(0)),
                of(header.turnId()),
                of(header.parentId()),
                of(header.line()),
                header.authorship(),
                new EventSource(
                        of(source.recordType()),
                        source.generation(),
                        source.offset(),
                        source.length(),
                        source.index()));
    }

    private static ModelCall of(ModelCall call) {
        TokenUsage usage = call.usage();
        return new ModelCall(of(call.messageId()), of(call.model()), usage.plus(TokenUsage.NONE));
    }

    private static Optional<String> of(Optional<String> text) {
        return text.map(DeepCopy::of);
    }

    private static String of(String text) {
        return new String(text.toCharArray());
    }
}
