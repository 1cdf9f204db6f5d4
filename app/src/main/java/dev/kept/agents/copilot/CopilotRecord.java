package dev.kept.agents.copilot;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderInfo;
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

/** A record that is being read: its envelope, its data, and its events so far. */
final class CopilotRecord {
    private final SourceRecord.Value source;
    private final JsonObject body;
    private final String id;
    private final String line;
    private final List<ConversationEvent> events = new ArrayList<>(2);

    CopilotRecord(SourceRecord.Value source, JsonObject body, String id, String line) {
        this.source = source;
        this.body = body;
        this.id = id;
        this.line = line;
    }

    JsonObject data() {
        return body.object("data").orElse(JsonObject.EMPTY);
    }

    String type() {
        return body.stringOr("type", "?");
    }

    String id() {
        return id;
    }

    boolean onMainLine() {
        return line.equals(EventHeader.MAIN_LINE);
    }

    List<ConversationEvent> events() {
        return events;
    }

    void add(ConversationEvent event) {
        events.add(event);
    }

    Optional<Instant> time() {
        return body.string("timestamp").flatMap(RecordTime::of);
    }

    EventHeader header(String part) {
        return header(part, Authorship.NONE);
    }

    EventHeader header(String part, Authorship authorship) {
        return new EventHeader(
                id + "/" + part,
                time(),
                data().string("interactionId"),
                body.string("parentId"),
                line,
                authorship,
                new EventSource(type(), source.generation(), source.offset(), source.length(), events.size()));
    }

    /** Returns the text of a member; other values as JSON, no text if it is missing. */
    ContentText text(JsonObject of, String member) {
        ContentText text = new ContentText(source);
        JsonValue value = of.get(member).orElse(JsonNull.NULL);
        switch (value) {
            case JsonText string -> text.add(string);
            case JsonNull _ -> {}
            case JsonValue other -> text.add(other.toJson()).referToLarge(other);
        }
        return text;
    }

    /** Returns an empty text of this record. */
    ContentText nothing() {
        return new ContentText(source);
    }

    ContentText large(JsonValue value) {
        return new ContentText(source).referToLarge(value);
    }

    void system(String subtype, ContentText text) {
        // Only a message can have references to the tape.
        add(
                text.references().isEmpty()
                        ? new SystemMessage(header("0"), subtype, text.text())
                        : new UserMessage(header("0"), text.text(), text.references()));
    }

    void info(String subtype, String text) {
        add(new ProviderInfo(header("0"), subtype, text));
    }

    void raw(String reason) {
        add(new ProviderRaw(header("0"), reason));
    }
}
