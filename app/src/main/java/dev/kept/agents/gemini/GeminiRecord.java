package dev.kept.agents.gemini;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.RecordTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A record that is being read: its position, and its events so far. It may hold many messages. */
final class GeminiRecord {
    private final SourceRecord.Value source;
    private final String type;
    private final String line;
    private final boolean history;
    private final List<ConversationEvent> events = new ArrayList<>(2);

    /**
     * Creates a record.
     *
     * @param type the record's name
     * @param line the branch it belongs to
     * @param history whether it repeats the whole conversation, so that its prompts are nobody's
     */
    GeminiRecord(SourceRecord.Value source, String type, String line, boolean history) {
        this.source = source;
        this.type = type;
        this.line = line;
        this.history = history;
    }

    boolean history() {
        return history;
    }

    boolean onMainLine() {
        return line.equals(EventHeader.MAIN_LINE);
    }

    List<ConversationEvent> events() {
        return events;
    }

    ContentText content() {
        return new ContentText(source);
    }

    void add(ConversationEvent event) {
        events.add(event);
    }

    /** Returns the header of an event that no person wrote. */
    EventHeader header(String eventId, Optional<Instant> time) {
        return header(eventId, time, Authorship.NONE);
    }

    EventHeader header(String eventId, Optional<Instant> time, Authorship authorship) {
        return new EventHeader(
                eventId,
                time,
                Optional.empty(),
                Optional.empty(),
                line,
                authorship,
                new EventSource(type, source.generation(), source.offset(), source.length(), events.size()));
    }

    void system(String eventId, Optional<Instant> time, String subtype, ContentText content) {
        EventHeader header = header(eventId, time);
        // Only a message can have references to the tape.
        add(
                content.references().isEmpty()
                        ? new SystemMessage(header, subtype, content.text())
                        : new UserMessage(header, content.text(), content.references()));
    }

    void raw(String eventId, Optional<Instant> time, String reason) {
        add(new ProviderRaw(header(eventId, time), reason));
    }

    /** Returns a timestamp of the provider; empty if it cannot be parsed. */
    static Optional<Instant> time(JsonObject from, String member) {
        return from.string(member).flatMap(RecordTime::of);
    }
}
