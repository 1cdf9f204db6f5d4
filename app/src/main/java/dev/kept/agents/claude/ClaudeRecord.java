package dev.kept.agents.claude;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.support.ContentIds;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.RecordTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A record that is being read: its content, its position, and its events so far. */
final class ClaudeRecord {
    /** Members that are not content: forks copy records under the name of another session. */
    private static final Set<String> NOT_SAID = Set.of("timestamp", "sessionId");

    private final SourceRecord.Value source;
    private final JsonObject body;
    private final String type;
    private final String line;
    private final Context context;
    private final List<ConversationEvent> events = new ArrayList<>(1);
    private String id;

    /** The values that a record inherits from earlier ones if it does not have them itself. */
    record Context(ContentIds ids, String entrypoint, String version) {}

    ClaudeRecord(SourceRecord.Value source, JsonObject body, String type, String line, Context context) {
        this.source = source;
        this.body = body;
        this.type = type;
        this.line = line;
        this.context = context;
        this.id = body.stringOr("uuid", "");
    }

    /** Returns the same record without events. */
    ClaudeRecord again() {
        return new ClaudeRecord(source, body, type, line, context);
    }

    /** Returns a record of another branch that is embedded in this one. */
    ClaudeRecord embedded(JsonObject inner, String innerLine) {
        return new ClaudeRecord(source, inner, type, innerLine, context);
    }

    JsonObject body() {
        return body;
    }

    /** Returns the record's name, e.g. {@code system/turn_duration}. */
    String type() {
        return type;
    }

    boolean onMainLine() {
        return line.equals(EventHeader.MAIN_LINE);
    }

    String entrypoint() {
        String own = Marks.text(body, "entrypoint");
        return own.isEmpty() ? context.entrypoint() : own;
    }

    ClientVersion version() {
        String own = Marks.text(body, "version");
        return ClientVersion.parse(own.isEmpty() ? context.version() : own);
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

    /** Returns the header for a block that no person wrote. */
    EventHeader header(int block) {
        return header(block, Authorship.NONE);
    }

    /** Returns the header for a part of a block that no person wrote. */
    EventHeader header(String block) {
        return header(id() + "/" + block, type, Authorship.NONE);
    }

    EventHeader header(int block, Authorship authorship) {
        return header(id() + "/" + block, type, authorship);
    }

    /** Returns the header for an event with an id of its own. */
    EventHeader header(String eventId, String recordType, Authorship authorship) {
        Optional<String> parent = body.string("parentUuid");
        return new EventHeader(
                eventId,
                timestamp(),
                body.string("promptId"),
                parent.isPresent() ? parent : body.string("logicalParentUuid"),
                line,
                authorship,
                new EventSource(recordType, source.generation(), source.offset(), source.length(), events.size()));
    }

    /** Returns the record's uuid, or a hash of its content. */
    String id() {
        if (id.isEmpty()) {
            id = context.ids().next(body, NOT_SAID);
        }
        return id;
    }

    void system(int block, String subtype, String text) {
        system(Integer.toString(block), subtype, text);
    }

    void system(String block, String subtype, String text) {
        add(new SystemMessage(header(block), subtype, text, MachineText.notifiedOf(subtype, text)));
    }

    void system(int block, String subtype, ContentText content) {
        if (content.references().isEmpty()) {
            system(block, subtype, content.text());
        } else {
            // Only a message can have references to the tape.
            add(new UserMessage(header(block), content.text(), content.references()));
        }
    }

    void info(int block, String subtype, String text) {
        add(new ProviderInfo(header(block), subtype, text));
    }

    void raw(int block, String reason) {
        add(new ProviderRaw(header(block), reason));
    }

    private Optional<Instant> timestamp() {
        return body.string("timestamp").flatMap(RecordTime::of);
    }
}
