package dev.kept.agents.gemini;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import dev.kept.model.BoundedText;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentIds;
import dev.kept.provider.support.ContentText;
import dev.kept.tape.document.RecordTape;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parser of one Gemini CLI file, or of the record tape of one.
 *
 * <p>Its state: the emitted parts, by id and by text ({@link EmittedParts}); the start of the run ({@link
 * ProcessStart}); the project ({@link ProjectFolder}); the last emitted session, model and title; and hashed ids.
 */
final class GeminiParser implements SessionParser {
    private static final int OWN_BYTES = 320;
    private static final Set<String> TIMELESS = Set.of("timestamp");

    /** Members of {@code $set} with the session's own state. */
    private static final Set<String> STATE = Set.of(
            "lastUpdated",
            "sessionId",
            "projectHash",
            "startTime",
            "kind",
            "summary",
            "memoryScratchpad",
            "directories",
            "activeExtensionName",
            "messages");

    private final SourceKind.Session source;
    private final ContentIds ids = new ContentIds();
    private final EmittedParts emitted = new EmittedParts();
    private final GeminiTools tools = new GeminiTools(emitted);
    private final GeminiUserMessages users = new GeminiUserMessages(emitted, tools);
    private final GeminiModelMessages models = new GeminiModelMessages(emitted, tools);
    private final ProcessStart run = new ProcessStart();
    private final ProjectFolder folder = new ProjectFolder();
    private String line;
    private String session = "";
    private String model = "";
    private String title = "";

    /** True if there was a prompt or command by which a list can name the session. */
    private boolean named;

    GeminiParser(SourceKind.Session source) {
        this.source = source;
        this.line = source.line();
    }

    @Override
    public DecodedRecord read(SourceRecord record) {
        return switch (record) {
            case SourceRecord.Malformed malformed -> raw(malformed, malformed.type(), malformed.reason());
            case SourceRecord.Value value when value.value() instanceof JsonObject body -> read(value, body);
            case SourceRecord.Value value -> raw(value, "value", "not an object");
        };
    }

    private DecodedRecord read(SourceRecord.Value value, JsonObject body) {
        if (body.string("$rewindTo").isPresent()) {
            return readRewind(value, body);
        }
        if (body.object("$set").isPresent()) {
            return readSet(value, body.object("$set").get());
        }
        if (body.object(RecordTape.MEMBER).isPresent()) {
            return DecodedRecord.withoutEvents(
                    RecordTape.MEMBER, "Kept's own note on a version of the file", List.of());
        }
        if (body.string("id").isPresent() || body.string("type").isPresent()) {
            return readMessage(value, body);
        }
        if (body.string("sessionId").isPresent()) {
            return readHeader(body);
        }
        return raw(value, "?", "unknown record");
    }

    private DecodedRecord readHeader(JsonObject header) {
        run.readHeader(header);
        folder.setProject(header.stringOr("projectHash", ""));
        return DecodedRecord.withoutEvents("header", "names the session", updateFacts(header));
    }

    /** Returns the facts in a header, or in a change of it, that are new. */
    private List<SessionFact> updateFacts(JsonObject of) {
        List<SessionFact> facts = new ArrayList<>();
        String written = of.stringOr("sessionId", "");
        String id = written.isEmpty() ? written : SafeId.of(written);
        if (source.sessionId().isEmpty() && !id.isEmpty()) {
            if (!id.equals(session)) {
                session = id;
                model = "";
                title = "";
                named = false;
                facts.add(new SessionFact.Identity(id));
            }
            if (of.stringOr("kind", "").equals("subagent")) {
                line = id;
            } else if (of.string("kind").isPresent()) {
                line = source.line();
            }
        }
        String summary = BoundedText.shortened(of.stringOr("summary", ""), BoundedText.MAX_TITLE);
        if (!summary.isEmpty() && !summary.equals(title) && onMainLine()) {
            title = summary;
            facts.add(new SessionFact.Title(summary, false));
        }
        return facts;
    }

    private boolean onMainLine() {
        return line.equals(EventHeader.MAIN_LINE);
    }

    private DecodedRecord readSet(SourceRecord.Value value, JsonObject set) {
        List<SessionFact> facts = updateFacts(set);
        if (!STATE.containsAll(set.members().keySet())) {
            return raw(value, "$set", "unknown metadata");
        }
        if (set.string("sessionId").isPresent()) {
            run.noteResume();
        }
        if (set.get("messages").isEmpty()) {
            return DecodedRecord.withoutEvents("$set", "the session's own state", facts);
        }
        GeminiRecord record = new GeminiRecord(value, "$set/messages", line, true);
        for (JsonValue message : set.array("messages")) {
            if (message instanceof JsonObject object) {
                int before = record.events().size();
                dispatch(record, object);
                if (record.events().size() > before) {
                    facts.addAll(updateModel(object));
                }
            }
        }
        facts.addAll(updateFolder(record));
        facts.addAll(updateTitle(record));
        run.noteHistory(GeminiRecord.time(set, "lastUpdated"), hasNews(record));
        return record.events().isEmpty()
                ? DecodedRecord.withoutEvents("$set/messages", "repeats the conversation", facts)
                : DecodedRecord.of("$set/messages", record.events(), facts);
    }

    /** Reports whether a history has new events other than the session context, which each run writes anew. */
    private static boolean hasNews(GeminiRecord record) {
        return record.events().stream()
                .anyMatch(event -> !(event instanceof SystemMessage system
                        && system.subtype().equals(MachineText.SESSION_CONTEXT)));
    }

    private DecodedRecord readMessage(SourceRecord.Value value, JsonObject message) {
        String type = message.stringOr("type", "?");
        GeminiRecord record = new GeminiRecord(value, type, line, false);
        dispatch(record, message);
        List<SessionFact> facts = new ArrayList<>(updateModel(message));
        if (type.equals(GeminiModelMessages.TYPE)) {
            run.noteAnswer();
        }
        facts.addAll(updateFolder(record));
        facts.addAll(updateTitle(record));
        return record.events().isEmpty()
                ? DecodedRecord.withoutEvents(type, "says nothing that was not told", facts)
                : DecodedRecord.of(type, record.events(), facts);
    }

    /** Updates the model; returns it as a fact if it changed. */
    private List<SessionFact> updateModel(JsonObject message) {
        String now = BoundedText.shortened(message.stringOr("model", ""), BoundedText.MAX_NAME);
        boolean answers = message.stringOr("type", "?").equals(GeminiModelMessages.TYPE);
        if (!answers || now.isEmpty() || now.equals(model) || !onMainLine()) {
            return List.of();
        }
        model = now;
        return List.of(new SessionFact.Model(now));
    }

    /**
     * Returns the first words of a conversation that was continued in this one, as a title until a person writes a
     * prompt. Notes that there was a prompt or command.
     */
    private List<SessionFact> updateTitle(GeminiRecord record) {
        for (ConversationEvent event : record.events()) {
            if (!named && onMainLine()) {
                switch (event) {
                    case UserCommand _ -> {
                        named = true;
                        return List.of();
                    }
                    case UserMessage message
                    when !message.text().isBlank() -> {
                        named = true;
                        return record.history()
                                ? List.of(new SessionFact.Title(message.text().strip(), Origin.WORDS))
                                : List.of();
                    }
                    case ConversationEvent _ -> {}
                }
            }
        }
        return List.of();
    }

    /** Returns the working directory in the session context, if it is new. */
    private List<SessionFact> updateFolder(GeminiRecord record) {
        return record.events().stream()
                .filter(SystemMessage.class::isInstance)
                .map(SystemMessage.class::cast)
                .filter(message -> message.subtype().equals(MachineText.SESSION_CONTEXT) && onMainLine())
                .flatMap(message -> folder.update(message.text()).stream())
                .map(SessionFact.class::cast)
                .toList();
    }

    private void dispatch(GeminiRecord record, JsonObject message) {
        String id = message.string("id").filter(it -> !it.isEmpty()).orElseGet(() -> ids.next(message, TIMELESS));
        Optional<Instant> time = GeminiRecord.time(message, "timestamp");
        String type = message.stringOr("type", "?");
        switch (type) {
            case GeminiUserMessages.TYPE -> users.read(record, id, message, authorship(time));
            case GeminiModelMessages.TYPE -> models.read(record, id, message);
            case "info", "warning", "error" -> readNotice(record, id, time, type, message);
            default -> {
                if (emitted.add(id + "/0")) {
                    record.raw(id + "/0", time, "unknown message");
                }
            }
        }
    }

    private Authorship authorship(Optional<Instant> time) {
        if (!onMainLine()) {
            return Authorship.NONE;
        }
        return source.layout() == SourceKind.Layout.DOCUMENT ? Authorship.TYPED : run.of(time);
    }

    /** Reads a notice that the agent shows beside the conversation. */
    private void readNotice(GeminiRecord record, String id, Optional<Instant> time, String type, JsonObject message) {
        ContentText text = record.content();
        for (JsonValue part : GeminiParts.of(message.get("content"))) {
            GeminiParts.text(part).ifPresentOrElse(text::add, () -> text.add(part.toJson()));
        }
        if (text.text().isBlank()) {
            return;
        }
        int wording = emitted.addText(id + "/0", type, text.text());
        if (wording > 0) {
            record.system(wording == 1 ? id + "/0" : id + "/0~" + wording, time, type, text);
        }
    }

    /** Reads a rewind: the conversation continues before that message. Emitted events stay. */
    private DecodedRecord readRewind(SourceRecord.Value value, JsonObject body) {
        GeminiRecord record = new GeminiRecord(value, "$rewindTo", line, false);
        record.add(new ProviderInfo(
                record.header(ids.next(body, Set.of()) + "/0", Optional.empty()),
                "rewind",
                body.stringOr("$rewindTo", "")));
        return DecodedRecord.of("$rewindTo", record.events(), List.of());
    }

    @Override
    public void save(StateWriter out) {
        ids.save(out);
        emitted.save(out);
        run.save(out);
        folder.save(out);
        out.text(line);
        out.text(session);
        out.text(model);
        out.text(title);
        out.flag(named);
    }

    @Override
    public void restore(StateReader in) throws IOException {
        ids.restore(in);
        emitted.restore(in);
        run.restore(in);
        folder.restore(in);
        line = in.text();
        session = in.text();
        model = in.text();
        title = in.text();
        named = in.flag();
    }

    @Override
    public long heldBytes() {
        return OWN_BYTES
                + ids.heldBytes()
                + emitted.heldBytes()
                + folder.heldBytes()
                + session.length()
                + model.length()
                + title.length();
    }

    private DecodedRecord raw(SourceRecord record, String type, String reason) {
        String content = type + " " + reason + " " + record.offset() + " " + record.length();
        EventHeader header = new EventHeader(
                ids.next(content) + "/0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                line,
                Authorship.NONE,
                new EventSource(type, record.generation(), record.offset(), record.length(), 0));
        return DecodedRecord.of(type, List.of(new ProviderRaw(header, reason)), List.of());
    }
}
