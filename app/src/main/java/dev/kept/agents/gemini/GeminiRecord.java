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

/** One record while it is read: where it stands, and the events it has become so far. It may hold many messages. */
final class GeminiRecord {
    private final SourceRecord.Value source;
    private final String type;
    private final String line;
    private final boolean history;
    private final List<ConversationEvent> events = new ArrayList<>(2);

    /**
     * @param type the record's name
     * @param line the line it belongs to
     * @param history whether it is the whole conversation again, in which nobody says anything
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

    /** The header of what no person wrote. */
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
        // Only a message can refer to the tape.
        add(
                content.references().isEmpty()
                        ? new SystemMessage(header, subtype, content.text())
                        : new UserMessage(header, content.text(), content.references()));
    }

    void raw(String eventId, Optional<Instant> time, String reason) {
        add(new ProviderRaw(header(eventId, time), reason));
    }

    /** A time as the provider wrote it; none if it cannot be read. */
    static Optional<Instant> time(JsonObject from, String member) {
        return from.string(member).flatMap(RecordTime::of);
    }
}
