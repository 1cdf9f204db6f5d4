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
 * The reporter of commands that are not obeyed because, as far as the record of their text says, no person typed that
 * text. Nothing is refused in silence. Owned by the pipeline thread.
 */
public final class IgnoredCommands {
    /** Kind of message that repeats what was said before, commands included. */
    private static final String SUMMARY = "compact_summary";

    private final RecordingContext context;

    public IgnoredCommands(RecordingContext context) {
        this.context = context;
    }

    /** A text, and the reason why a command in it is not obeyed. */
    private record Ignored(String text, String reason) {}

    /** Inspects an event of a main branch that was delivered for the first time. */
    public void inspect(SourceInfo source, SessionKey key, ConversationEvent event) {
        of(event).filter(it -> it.text().contains("::") && isNew(source, event)).ifPresent(it -> report(key, it));
    }

    /** Inspects a message with commands in a copy of a conversation. */
    public void inspectCopy(SourceInfo source, SessionKey key, UserMessage message) {
        if (isNew(source, message)) {
            report(key, new Ignored(message.text(), "it was copied from another conversation"));
        }
    }

    private void report(SessionKey key, Ignored ignored) {
        for (CommandLine line : CommandGrammar.parse(ignored.text()).all()) {
            if (line instanceof CommandLine.Order order) {
                context.listener()
                        .problem(
                                key,
                                "command.unheard",
                                "::" + order.command().verb() + " was not obeyed: " + ignored.reason(),
                                "If it was meant, type it in a message of its own.");
                return;
            }
        }
    }

    private static Optional<Ignored> of(ConversationEvent event) {
        return switch (event) {
            case UserMessage message when message.header().authorship().authored() -> Optional.empty();
            case UserMessage message ->
                Optional.of(new Ignored(message.text(), "its record does not say that a person typed it"));
            case UserCommand command ->
                Optional.of(new Ignored(
                        command.arguments(), "it is in the arguments of " + command.name() + ", which receives it"));
            case SystemMessage message
            when message.header().source().recordType().contains("user")
                    && !message.subtype().equals(SUMMARY) ->
                Optional.of(
                        new Ignored(message.text(), "it is in a text of the agent’s own (" + message.subtype() + ")"));
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

    /**
     * Reports whether an event is newer than the following of its folder. Older messages are history, and nobody waits
     * for them.
     */
    private boolean isNew(SourceInfo source, ConversationEvent event) {
        Instant since = source.rootEnabledAt().truncatedTo(ChronoUnit.MILLIS);
        Instant late = context.clock().instant().minus(TypedCommands.MAX_LATENESS);
        return event.header()
                .timestamp()
                .filter(at -> !at.isBefore(since) && at.isAfter(late))
                .isPresent();
    }
}
