package dev.kept.recording.writer;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.model.ModelCall;
import dev.kept.model.SessionKey;
import dev.kept.model.TapeReference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes events one after another, a minute apart. */
final class Events {
    private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

    private int made;

    EventHeader header(Authorship authorship) {
        int number = made++;
        return new EventHeader(
                "record-" + number + "/0",
                Optional.of(START.plusSeconds(60L * number)),
                Optional.empty(),
                Optional.empty(),
                EventHeader.MAIN_LINE,
                authorship,
                new EventSource("test", 1, number * 1000L, 900, 0));
    }

    ConversationEvent user(String text, TapeReference... references) {
        return new ConversationEvent.UserMessage(header(Authorship.TYPED), text, List.of(references));
    }

    ConversationEvent userAt(String text, Instant at) {
        EventHeader header = header(Authorship.TYPED);
        return new ConversationEvent.UserMessage(
                new EventHeader(
                        header.eventId(),
                        Optional.of(at),
                        header.turnId(),
                        header.parentId(),
                        header.line(),
                        header.authorship(),
                        header.source()),
                text,
                List.of());
    }

    ConversationEvent notByAPerson(String text) {
        return new ConversationEvent.UserMessage(header(Authorship.NONE), text, List.of());
    }

    ConversationEvent agent(String text) {
        return new ConversationEvent.AssistantMessage(header(Authorship.NONE), text, ModelCall.UNKNOWN, List.of());
    }

    ConversationEvent thinking(String text) {
        return new ConversationEvent.AssistantThinking(header(Authorship.NONE), text, ModelCall.UNKNOWN, List.of());
    }

    ConversationEvent call(String callId, String name, String input) {
        return new ConversationEvent.ToolCall(
                header(Authorship.NONE), callId, name, input, ModelCall.UNKNOWN, List.of());
    }

    ConversationEvent result(String callId, String text, boolean error, TapeReference... references) {
        return new ConversationEvent.ToolResult(header(Authorship.NONE), callId, text, error, List.of(references));
    }

    ConversationEvent system(String text) {
        return new ConversationEvent.SystemMessage(header(Authorship.NONE), "reminder", text);
    }

    ConversationEvent system(String subtype, String text) {
        return new ConversationEvent.SystemMessage(header(Authorship.NONE), subtype, text);
    }

    ConversationEvent info(String subtype, String text) {
        return new ConversationEvent.ProviderInfo(header(Authorship.NONE), subtype, text);
    }

    ConversationEvent command(String name, String arguments) {
        return new ConversationEvent.UserCommand(header(Authorship.TYPED), name, arguments);
    }

    ConversationEvent asks(String text) {
        return new ConversationEvent.AssistantDecision(header(Authorship.NONE), "d1", text, ModelCall.UNKNOWN);
    }

    ConversationEvent decides(ConversationEvent.UserDecision.Outcome outcome, String text) {
        return new ConversationEvent.UserDecision(header(Authorship.TYPED), "d1", outcome, text);
    }

    ConversationEvent raw() {
        return new ConversationEvent.ProviderRaw(header(Authorship.NONE), "unknown record");
    }

    static TapeReference image(String digest) {
        return new TapeReference("image/png", 1, 5000, 12_345, digest.repeat(64).substring(0, 64));
    }

    static RecordingHeader heading(String title) {
        return new RecordingHeader(
                title,
                new SessionKey("claude", "0b1c2d3e"),
                "Claude Code",
                List.of("You", "Claude Code"),
                Optional.of(START),
                RecordingHeader.Place.NEW_FILE);
    }
}
