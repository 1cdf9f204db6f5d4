package dev.kept.recording.writer;

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

/**
 * A writer that removes {@link TerminalCodes} before it delegates to another. This happens before the search for
 * secrets: a colour before a secret, or inside it, would hide it from the search but not in the note.
 */
final class PlainTextWriter implements RecordingWriter {
    private final RecordingWriter writer;

    PlainTextWriter(RecordingWriter writer) {
        this.writer = writer;
    }

    @Override
    public Rendered begin(RecordingHeader header) {
        return writer.begin(new RecordingHeader(
                TerminalCodes.without(header.title()),
                header.session(),
                header.providerName(),
                header.participants(),
                header.created(),
                header.forkedFrom(),
                header.place()));
    }

    @Override
    public Rendered append(ConversationEvent event) {
        return writer.append(plain(event));
    }

    private static ConversationEvent plain(ConversationEvent event) {
        return switch (event) {
            case UserMessage it -> new UserMessage(it.header(), TerminalCodes.without(it.text()), it.references());
            case UserCommand it ->
                new UserCommand(it.header(), TerminalCodes.without(it.name()), TerminalCodes.without(it.arguments()));
            case UserDecision it ->
                new UserDecision(it.header(), it.decisionId(), it.outcome(), TerminalCodes.without(it.text()));
            case AssistantMessage it ->
                new AssistantMessage(it.header(), TerminalCodes.without(it.text()), it.call(), it.references());
            case AssistantThinking it ->
                new AssistantThinking(it.header(), TerminalCodes.without(it.text()), it.call(), it.references());
            case AssistantDecision it ->
                new AssistantDecision(it.header(), it.decisionId(), TerminalCodes.without(it.text()), it.call());
            case ToolCall it ->
                new ToolCall(
                        it.header(),
                        it.callId(),
                        it.name(),
                        TerminalCodes.without(it.input()),
                        it.call(),
                        it.references());
            case ToolResult it ->
                new ToolResult(
                        it.header(),
                        it.callId(),
                        TerminalCodes.without(it.text()),
                        it.error(),
                        it.references(),
                        it.subagent());
            case SystemMessage it ->
                new SystemMessage(it.header(), it.subtype(), TerminalCodes.without(it.text()), it.subagent());
            case ProviderInfo it ->
                new ProviderInfo(it.header(), it.subtype(), TerminalCodes.without(it.text()), it.call());
            case ProviderRaw it -> it;
        };
    }

    @Override
    public Rendered beginSubagent(String branch, SubagentDetail detail) {
        return writer.beginSubagent(branch, detail);
    }

    @Override
    public Rendered endSubagent(SubagentDetail detail) {
        return writer.endSubagent(detail);
    }

    @Override
    public String state() {
        return writer.state();
    }
}
