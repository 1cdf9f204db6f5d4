package dev.kept.recording.writer;

import dev.kept.config.RecordingSettings.Thinking;
import dev.kept.config.RecordingSettings.Tools;
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
import dev.kept.model.TapeReference;
import dev.kept.recording.writer.WriterState.Speaker;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A writer of a conversation as a note for people.
 *
 * <p>Every part begins with a blank line and ends with a line end, at the left margin, outside every list, quote, fence
 * and HTML block. So parts can be appended to each other without further knowledge.
 */
final class MarkdownWriter implements RecordingWriter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final int RESULT_CHARACTERS = 100;
    private static final int SUMMARY_CHARACTERS = 100;

    /** Name under which a call that asks a person is remembered; no tool has it. */
    private static final String QUESTION = "?";

    /** Kinds of {@code provider.info} that mean that a person went back. */
    private static final Set<String> WENT_BACK = Set.of("rewind", "session.snapshot_rewind");

    private final String fileName;
    private final String providerName;
    private final RecordingStyle style;
    private final MarkdownOptions options;
    private WriterState state;

    MarkdownWriter(String fileName, String providerName, RecordingStyle style, WriterState state) {
        this.fileName = fileName;
        this.providerName = providerName;
        this.style = style;
        this.options = style.markdown();
        this.state = state;
    }

    @Override
    public String state() {
        return state.toJson();
    }

    @Override
    public Rendered begin(RecordingHeader header) {
        String title = header.title().isBlank() ? header.session().toString() : header.title();
        String heading = "\n# " + MarkdownText.inline(title) + "\n"
                + header.forkedFrom().map(MarkdownWriter::origin).orElse("");
        return Rendered.of(
                switch (header.place()) {
                    case NEW_FILE -> frontMatter(header, title) + heading;
                    case BELOW_OTHER_TEXT -> "\n" + heading;
                });
    }

    private static String origin(RecordingHeader.Origin origin) {
        String name = MarkdownText.inline(origin.session().toString());
        String linked =
                origin.note().isEmpty() ? name : "[" + name + "](" + MarkdownText.linkTarget(origin.note()) + ")";
        return "\n*A copy of " + linked + ", which went on by itself.*\n";
    }

    private static String frontMatter(RecordingHeader header, String title) {
        return "---\ntitle: " + MarkdownText.yaml(title)
                + "\nsession: " + MarkdownText.yaml(header.session().toString())
                + "\nprovider: " + MarkdownText.yaml(header.providerName())
                + "\nparticipants: "
                + header.participants().stream().map(MarkdownText::yaml).collect(Collectors.joining(", ", "[", "]"))
                + header.created().map(created -> "\ncreated: " + created).orElse("")
                + "\n---\n";
    }

    @Override
    public Rendered beginSubagent(String branch, SubagentDetail detail) {
        String name = MarkdownText.html(providerName + " " + TextEscapes.oneLine(branch, 40));
        return Rendered.of(
                switch (detail) {
                    case FOLD -> "\n<details>\n<summary>" + name + "</summary>\n";
                    case INLINE ->
                        "\n*" + MarkdownText.inline(providerName + " " + TextEscapes.oneLine(branch, 40))
                                + " begins*\n";
                    case OMIT -> "";
                });
    }

    @Override
    public Rendered endSubagent(SubagentDetail detail) {
        return Rendered.of(
                switch (detail) {
                    case FOLD -> "\n</details>\n";
                    case INLINE -> "\n*" + MarkdownText.inline(providerName) + " ends*\n";
                    case OMIT -> "";
                });
    }

    @Override
    public Rendered append(ConversationEvent event) {
        return switch (event) {
            case UserMessage message -> userMessage(message);
            case UserCommand command ->
                Rendered.of("\n*" + MarkdownText.inline(options.userName()) + " ran* "
                        + MarkdownText.code((command.name() + " " + command.arguments()).strip(), SUMMARY_CHARACTERS)
                        + "\n");
            case UserDecision decision -> decision(decision);
            case AssistantMessage message -> agentSays(message.header(), message.text(), message.references());
            case AssistantThinking thinking -> thinking(thinking);
            case AssistantDecision decision -> asks(decision);
            case ToolCall call -> toolCall(call);
            case ToolResult result -> toolResult(result);
            case SystemMessage message -> systemMessage(message);
            case ProviderInfo info -> providerInfo(info);
            case ProviderRaw _ -> Rendered.NOTHING;
        };
    }

    private Rendered userMessage(UserMessage message) {
        if (!message.header().authorship().authored()) {
            if (message.text().isBlank() && message.references().isEmpty()) {
                return Rendered.NOTHING;
            }
            Attachments attachments = attachments(message.references());
            String body =
                    (message.text().isBlank() ? "" : attachments.fenced(message.text(), "")) + attachments.links();
            String summary = "Not typed by a person: "
                    + MarkdownText.html(TextEscapes.firstLine(message.text(), SUMMARY_CHARACTERS));
            return new Rendered("\n" + MarkdownText.collapsed(summary, body, false), attachments.assets());
        }
        return says(Speaker.PERSON, options.userName(), message.header(), message.text(), message.references());
    }

    private Attachments attachments(List<TapeReference> references) {
        return new Attachments(fileName, style, references);
    }

    private Rendered agentSays(EventHeader header, String text, List<TapeReference> references) {
        return says(Speaker.AGENT, providerName, header, text, references);
    }

    private Rendered says(
            Speaker speaker, String name, EventHeader header, String text, List<TapeReference> references) {
        Attachments attachments = attachments(references);
        String body = MarkdownText.message(text, options.remoteImages());
        String links = attachments.links();
        if (body.isEmpty() && links.isEmpty()) {
            return Rendered.NOTHING;
        }
        return new Rendered(
                heading(speaker, name, header) + (body.isEmpty() ? "" : "\n" + body) + links, attachments.assets());
    }

    /**
     * Returns the heading of a turn, if one is needed. Each message of a person is a turn; what an agent does after
     * another of its steps continues its turn.
     */
    private String heading(Speaker speaker, String name, EventHeader header) {
        String record = recordOf(header);
        if (state.speaker() == speaker && (speaker == Speaker.AGENT || state.isHeaded(speaker, record))) {
            return "";
        }
        state = state.headed(speaker, speaker == Speaker.AGENT ? "" : record);
        String time = header.timestamp()
                .map(at -> " · " + time(at.atZone(options.zone())))
                .orElse("");
        return "\n## " + MarkdownText.inline(name) + time + "\n";
    }

    /** Returns a time, with its distance from UTC where the clocks show that time twice. */
    private static String time(ZonedDateTime at) {
        boolean twice =
                at.getZone().getRules().getValidOffsets(at.toLocalDateTime()).size() > 1;
        return twice ? TIME.format(at) + " " + at.getOffset() : TIME.format(at);
    }

    private static String recordOf(EventHeader header) {
        int slash = header.eventId().lastIndexOf('/');
        return slash < 0 ? header.eventId() : header.eventId().substring(0, slash);
    }

    private Rendered byAgent(EventHeader header, String text) {
        return Rendered.of(heading(Speaker.AGENT, providerName, header) + text);
    }

    /** Renders a question to a person. The tool's result is the person's answer, which follows as a decision event. */
    private Rendered asks(AssistantDecision decision) {
        state = state.called(decision.decisionId(), QUESTION);
        return byAgent(
                decision.header(),
                "\n"
                        + MarkdownText.quoted(
                                "**" + MarkdownText.inline(providerName) + " asks:**",
                                decision.text(),
                                options.remoteImages()));
    }

    private Rendered decision(UserDecision decision) {
        String verb = switch (decision.outcome()) {
            case ACCEPTED -> "accepted";
            case REJECTED -> "rejected";
            case ANSWERED -> "answered";
        };
        return Rendered.of("\n"
                + MarkdownText.quoted(
                        "**" + MarkdownText.inline(options.userName()) + " " + verb
                                + (decision.text().isBlank() ? ".**" : ":**"),
                        decision.text(),
                        options.remoteImages()));
    }

    private Rendered thinking(AssistantThinking thinking) {
        if (options.thinking() == Thinking.NONE || thinking.text().isBlank()) {
            return Rendered.NOTHING;
        }
        Attachments attachments = attachments(thinking.references());
        String part = options.thinking() == Thinking.FULL
                ? MarkdownText.quoted("*Thinking:*", thinking.text(), options.remoteImages()) + attachments.links()
                : MarkdownText.collapsed(
                        "Thinking",
                        MarkdownText.message(thinking.text(), options.remoteImages()) + attachments.links(),
                        false);
        return new Rendered(
                heading(Speaker.AGENT, providerName, thinking.header()) + "\n" + part, attachments.assets());
    }

    private Rendered systemMessage(SystemMessage message) {
        if (message.subtype().equals("compact_boundary")) {
            return Rendered.of("\n*— The conversation so far was compacted here. —*\n");
        }
        if (message.subtype().equals("rolled_back")) {
            return wentBack();
        }
        if (!options.systemEvents() || message.text().isBlank()) {
            return Rendered.NOTHING;
        }
        String summary = "System, " + MarkdownText.html(TextEscapes.oneLine(message.subtype(), 40)) + ": "
                + MarkdownText.html(TextEscapes.firstLine(message.text(), SUMMARY_CHARACTERS));
        Attachments attachments = attachments(List.of());
        String body = attachments.fenced(message.text(), "");
        return new Rendered("\n" + MarkdownText.collapsed(summary, body, false), attachments.assets());
    }

    private Rendered providerInfo(ProviderInfo info) {
        return WENT_BACK.contains(info.subtype()) ? wentBack() : Rendered.NOTHING;
    }

    /** Renders that a person went back. What was taken back remains, since it was said. */
    private Rendered wentBack() {
        return Rendered.of("\n*⟲ " + MarkdownText.inline(options.userName())
                + " went back to an earlier point. What follows replaces what was said from there on.*\n");
    }

    private Rendered toolCall(ToolCall call) {
        state = state.called(call.callId(), call.name());
        String about = ToolText.summary(call.input());
        return switch (options.tools()) {
            case NONE -> Rendered.NOTHING;
            case NAMES ->
                byAgent(
                        call.header(),
                        "\n" + MarkdownText.code(call.name(), 40)
                                + (about.isEmpty() ? "" : " " + MarkdownText.inline(about)) + "\n");
            case FOLDED, FULL -> {
                Attachments attachments = attachments(call.references());
                String body = ToolText.ASKING.contains(call.name())
                        ? ""
                        : ToolBody.of(call.input(), attachments) + attachments.links();
                yield new Rendered(
                        heading(Speaker.AGENT, providerName, call.header()) + "\n"
                                + MarkdownText.collapsed(summary(call, about), body, options.tools() == Tools.FULL),
                        attachments.assets());
            }
        };
    }

    private static String summary(ToolCall call, String about) {
        String purpose = ToolText.purpose(call.input());
        return tool(call.name())
                + (about.isEmpty() ? "" : " " + MarkdownText.html(about))
                + (purpose.isEmpty() ? "" : " <em>" + MarkdownText.html(purpose) + "</em>");
    }

    private static String tool(String name) {
        return "<code>" + MarkdownText.html(TextEscapes.oneLine(name, 60)) + "</code>";
    }

    private Rendered toolResult(ToolResult result) {
        String name = state.tool(result.callId());
        state = state.answered(result.callId());
        boolean hidden = options.tools() == Tools.NONE
                || (options.tools() == Tools.NAMES && !result.error())
                || (name.equals(QUESTION) && !result.error());
        if (hidden) {
            return Rendered.NOTHING;
        }
        Attachments attachments = attachments(result.references());
        String output = ToolText.output(result.text());
        String text = output.strip();
        Optional<String> exitCode = ToolText.exitCode(result.text());
        boolean saidBySummary =
                !(result.error() && exitCode.isPresent()) && text.equals(TextEscapes.oneLine(text, RESULT_CHARACTERS));
        String body = (text.isEmpty() || saidBySummary ? "" : attachments.fenced(withoutBlankStart(output), ""))
                + attachments.links();
        String summary = "↳ " + (name.isEmpty() || name.equals(QUESTION) ? "Result" : tool(name))
                + (result.error()
                        ? " <strong>error</strong>: "
                                + exitCode.map(code -> "exit code " + code)
                                        .orElseGet(() ->
                                                MarkdownText.html(TextEscapes.firstLine(text, SUMMARY_CHARACTERS)))
                        : " " + size(text, attachments.media()));
        return new Rendered(
                heading(Speaker.AGENT, providerName, result.header()) + "\n"
                        + MarkdownText.collapsed(summary, body, options.tools() == Tools.FULL),
                attachments.assets());
    }

    private static String withoutBlankStart(String text) {
        int start = 0;
        for (int i = 0; i < text.length() && Character.isWhitespace(text.charAt(i)); i++) {
            if (text.charAt(i) == '\n') {
                start = i + 1;
            }
        }
        return text.substring(start);
    }

    private static String size(String text, int media) {
        if (text.isEmpty()) {
            return media == 0 ? "no output" : media == 1 ? "1 file" : media + " files";
        }
        long lines = text.lines().count();
        return lines == 1
                ? MarkdownText.html(TextEscapes.oneLine(text, RESULT_CHARACTERS))
                : String.format(Locale.ROOT, "%,d lines", lines);
    }
}
