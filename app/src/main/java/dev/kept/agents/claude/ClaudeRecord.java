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

/** One record while it is read: what it holds, where it stands, and the events it has become so far. */
final class ClaudeRecord {
    /** Forks copy records under another session's name. */
    private static final Set<String> NOT_SAID = Set.of("timestamp", "sessionId");

    private final SourceRecord.Value source;
    private final JsonObject body;
    private final String type;
    private final String line;
    private final CliContext surroundings;
    private final List<ConversationEvent> events = new ArrayList<>(1);
    private String id;

    /** What a record that does not say so itself takes over from those before it. */
    record CliContext(ContentIds ids, String entrypoint, String version) {}

    ClaudeRecord(SourceRecord.Value source, JsonObject body, String type, String line, CliContext surroundings) {
        this.source = source;
        this.body = body;
        this.type = type;
        this.line = line;
        this.surroundings = surroundings;
        this.id = body.stringOr("uuid", "");
    }

    /** The same record before it is read. */
    ClaudeRecord again() {
        return new ClaudeRecord(source, body, type, line, surroundings);
    }

    /** A record of another line that stands inside this one. */
    ClaudeRecord embedded(JsonObject inner, String innerLine) {
        return new ClaudeRecord(source, inner, type, innerLine, surroundings);
    }

    JsonObject body() {
        return body;
    }

    /** The record's name, e.g. {@code system/turn_duration}. */
    String type() {
        return type;
    }

    boolean onMainLine() {
        return line.equals(EventHeader.MAIN_LINE);
    }

    String entrypoint() {
        String own = Marks.text(body, "entrypoint");
        return own.isEmpty() ? surroundings.entrypoint() : own;
    }

    ClientVersion version() {
        String own = Marks.text(body, "version");
        return ClientVersion.parse(own.isEmpty() ? surroundings.version() : own);
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

    /** The header of what a block says that no person wrote. */
    EventHeader header(int block) {
        return header(block, Authorship.NONE);
    }

    /** The header of a part of a block that no person wrote. */
    EventHeader header(String block) {
        return header(id() + "/" + block, type, Authorship.NONE);
    }

    EventHeader header(int block, Authorship authorship) {
        return header(id() + "/" + block, type, authorship);
    }

    /** The header of an event that has a name of its own. */
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

    /** The record's uuid, or a hash of what it says. */
    String id() {
        if (id.isEmpty()) {
            id = surroundings.ids().next(body, NOT_SAID);
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
            // Only a message can refer to the tape.
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
