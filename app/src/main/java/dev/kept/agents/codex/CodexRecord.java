package dev.kept.agents.codex;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.support.ContentText;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A record that is being read: its envelope and payload, its position, and its events so far. */
final class CodexRecord {
    private final SourceRecord.Value source;
    private final Envelope envelope;
    private final String type;
    private final CodexThread thread;
    private final int firstIndex;
    private final List<ConversationEvent> events = new ArrayList<>(1);

    /**
     * The parts that all records have, whatever the version.
     *
     * @param kind {@code response_item}, {@code event_msg}, …; empty for the bare items before 0.32
     * @param payload the content
     * @param timestamp the time; absent on bare items
     */
    record Envelope(String kind, JsonObject payload, Optional<Instant> timestamp, JsonObject metadata) {
        static Envelope of(JsonObject body) {
            Optional<JsonObject> payload = body.object("payload");
            return new Envelope(
                    payload.isPresent() ? body.stringOr("type", "?") : "",
                    payload.orElse(body),
                    time(body.string("timestamp")),
                    body.object("metadata").orElse(JsonObject.EMPTY));
        }

        /** Returns the record's name, e.g. {@code response_item/message/user}. */
        String type() {
            StringBuilder name = new StringBuilder(kind);
            String inner = payload.stringOr("type", "");
            if (!inner.isEmpty() && !kind.equals("session_meta")) {
                name.append(name.isEmpty() ? "" : "/").append(inner);
            }
            if (isMessage(payload)) {
                name.append(inner.isEmpty() ? (name.isEmpty() ? "message" : "/message") : "")
                        .append('/')
                        .append(payload.stringOr("role", "?"));
                payload.string("phase").ifPresent(phase -> name.append('/').append(phase));
            }
            if (inner.equals("item_completed") || inner.equals("item_started")) {
                name.append('/')
                        .append(payload.object("item")
                                .map(item -> item.stringOr("type", "?"))
                                .orElse("?"));
            }
            if (name.isEmpty()) {
                name.append(payload.stringOr("record_type", payload.string("id").isPresent() ? "header" : "?"));
            }
            return name.toString();
        }

        /** Reports whether an item is a message. One without a type, but with a role, is a message too. */
        private static boolean isMessage(JsonObject payload) {
            String type = payload.stringOr("type", "");
            return type.equals("message")
                    || (payload.get("type").isEmpty()
                            && payload.string("role").isPresent()
                            && payload.get("content").isPresent());
        }

        private static Optional<Instant> time(Optional<String> text) {
            try {
                return text.map(Instant::parse);
            } catch (DateTimeException notATime) {
                return Optional.empty();
            }
        }
    }

    CodexRecord(SourceRecord.Value source, Envelope envelope, String type, CodexThread thread) {
        this(source, envelope, type, thread, 0);
    }

    /**
     * Creates a record.
     *
     * @param firstIndex the index of its first event; above 0 if other events of the record were emitted before
     */
    CodexRecord(SourceRecord.Value source, Envelope envelope, String type, CodexThread thread, int firstIndex) {
        this.source = source;
        this.envelope = envelope;
        this.type = type;
        this.thread = thread;
        this.firstIndex = firstIndex;
    }

    JsonObject payload() {
        return envelope.payload();
    }

    JsonObject metadata() {
        return envelope.metadata();
    }

    Optional<Instant> timestamp() {
        return envelope.timestamp();
    }

    String type() {
        return type;
    }

    /**
     * Reports whether this is an item without an envelope, as versions before 0.32 wrote. These have no second stream.
     */
    boolean isBare() {
        return envelope.kind().isEmpty();
    }

    /** Reports whether this is an item with a message. */
    boolean isMessage() {
        return Envelope.isMessage(payload());
    }

    CodexThread thread() {
        return thread;
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

    EventHeader header(String eventId, Authorship authorship) {
        return header(eventId, type, envelope.timestamp(), authorship);
    }

    /** Returns the header of an event for an earlier record, emitted only now because its twin did not come. */
    EventHeader header(String eventId, String recordType, Optional<Instant> timestamp, Authorship authorship) {
        return new EventHeader(
                eventId,
                timestamp,
                thread.turn(),
                Optional.empty(),
                thread.line(),
                authorship,
                new EventSource(
                        recordType, source.generation(), source.offset(), source.length(), firstIndex + events.size()));
    }

    /**
     * Returns the header of the record's first or only event, with the id that Codex gave it or a hash of its content.
     */
    EventHeader header(String part) {
        return header(id(part), Authorship.NONE);
    }

    /** Returns the payload's own id, or a hash of its content. */
    String id(String part) {
        String own = payload().stringOr("id", "");
        return own.isEmpty()
                ? thread.ids().ofText(part + " " + payload().toJson())
                : thread.ids().ofName(own, part);
    }

    /** Returns the model call to which this record belongs. */
    ModelCall call() {
        return new ModelCall(payload().stringOr("id", ""), thread.model(), TokenUsage.NONE);
    }

    void system(String part, String subtype, String text) {
        add(new SystemMessage(header(part), subtype, text));
    }

    void system(String part, String subtype, ContentText content) {
        if (content.references().isEmpty()) {
            system(part, subtype, content.text());
        } else {
            // Only a message can have references to the tape.
            add(new UserMessage(header(part), content.text(), content.references()));
        }
    }

    void info(String part, String subtype, String text) {
        add(new ProviderInfo(header(part), subtype, text));
    }

    void raw(String reason) {
        add(new ProviderRaw(header("raw"), reason));
    }
}
