package dev.kept.recording.command;

import dev.kept.command.CommandGrammar;
import dev.kept.command.CommandLine;
import dev.kept.ingest.source.SourceInfo;
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
import dev.kept.model.SessionKey;
import dev.kept.recording.contract.RecordingContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Reports commands that stand in a text under the person's role and are not obeyed because no person typed that text, as far
 * as its record says. Nothing is refused in silence. Owned by the pipeline thread.
 */
public final class IgnoredCommands {
    /** Repeats what was said before, commands included. */
    private static final String SUMMARY = "compact_summary";

    private final RecordingContext context;

    public IgnoredCommands(RecordingContext context) {
        this.context = context;
    }

    /** A text, and why a command in it is not obeyed. */
    private record Unheard(String text, String reason) {}

    /** Looks at an event of a main line that was told for the first time. */
    public void meet(SourceInfo source, SessionKey key, ConversationEvent event) {
        of(event).filter(it -> it.text().contains("::") && isNew(source, event)).ifPresent(it -> report(key, it));
    }

    /** Looks at a message with commands in it that stands in a copy of a conversation. */
    public void meetCopy(SourceInfo source, SessionKey key, UserMessage message) {
        if (isNew(source, message)) {
            report(key, new Unheard(message.text(), "it stands in what was copied from another conversation"));
        }
    }

    private void report(SessionKey key, Unheard unheard) {
        for (CommandLine line : CommandGrammar.parse(unheard.text()).all()) {
            if (line instanceof CommandLine.Order order) {
                context.listener()
                        .problem(
                                key,
                                "command.unheard",
                                "::" + order.command().verb() + " was not obeyed: " + unheard.reason(),
                                "If it was meant, type it in a message of its own.");
                return;
            }
        }
    }

    private static Optional<Unheard> of(ConversationEvent event) {
        return switch (event) {
            case UserMessage message when message.header().authorship().authored() -> Optional.empty();
            case UserMessage message ->
                Optional.of(new Unheard(message.text(), "its record does not say that a person typed it"));
            case UserCommand command ->
                Optional.of(new Unheard(
                        command.arguments(), "it stands in the arguments of " + command.name() + ", which go to that"));
            case SystemMessage message
            when message.header().source().recordType().contains("user")
                    && !message.subtype().equals(SUMMARY) ->
                Optional.of(new Unheard(
                        message.text(), "it stands in a text of the agent’s own (" + message.subtype() + ")"));
            case SystemMessage _,
                    UserDecision _,
                    AssistantMessage _,
                    AssistantThinking _,
                    AssistantDecision _,
                    ToolCall _,
                    ToolResult _,
                    ProviderInfo _,
                    ProviderRaw _ -> Optional.empty();
        };
    }

    /** What was said before Kept followed the folder is history, and nobody waits for it. */
    private boolean isNew(SourceInfo source, ConversationEvent event) {
        Instant since = source.rootEnabledAt().truncatedTo(ChronoUnit.MILLIS);
        Instant late = context.clock().instant().minus(TypedCommands.MAX_LATENESS);
        return event.header()
                .timestamp()
                .filter(at -> !at.isBefore(since) && at.isAfter(late))
                .isPresent();
    }
}
