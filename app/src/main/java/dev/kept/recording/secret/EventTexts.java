package dev.kept.recording.secret;

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
import dev.kept.model.TapeReference;
import java.util.List;

/** The texts of an event that may hold secrets: those that {@link SecretRedactor} redacts. */
public final class EventTexts {
    private EventTexts() {}

    /** Returns the texts in memory. */
    public static List<String> of(ConversationEvent event) {
        return switch (event) {
            case UserMessage it -> List.of(it.text());
            case UserCommand it -> List.of(it.name(), it.arguments());
            case UserDecision it -> List.of(it.text());
            case AssistantMessage it -> List.of(it.text());
            case AssistantThinking it -> List.of(it.text());
            case AssistantDecision it -> List.of(it.text());
            case ToolCall it -> List.of(it.input());
            case ToolResult it -> List.of(it.text());
            case SystemMessage it -> List.of(it.text());
            case ProviderInfo it -> List.of(it.text());
            case ProviderRaw _ -> List.of();
        };
    }

    /** Returns references to the texts that are only on the tape, because they were too long for memory. */
    public static List<TapeReference> onTape(ConversationEvent event) {
        List<TapeReference> references = switch (event) {
            case UserMessage it -> it.references();
            case AssistantMessage it -> it.references();
            case AssistantThinking it -> it.references();
            case ToolCall it -> it.references();
            case ToolResult it -> it.references();
            case UserCommand _, UserDecision _, AssistantDecision _, SystemMessage _, ProviderInfo _, ProviderRaw _ ->
                List.of();
        };
        return references.stream()
                .filter(each ->
                        each.mediaType().equals("text/plain") && each.file().isEmpty())
                .toList();
    }
}
