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
 * Reads the records of one Gemini CLI file, or of the record tape of one.
 *
 * <p>Its state: what was told, by id and by text ({@link Told}); when the run began ({@link ProcessStart}); the project
 * ({@link ProjectFolder}); the session, model and title that were told last; and hashed ids.
 */
final class GeminiParser implements SessionParser {
    private static final int OWN_BYTES = 320;
    private static final Set<String> TIMELESS = Set.of("timestamp");

    /** Members of {@code $set} that are the session's own state. */
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
    private final Told told = new Told();
    private final GeminiTools tools = new GeminiTools(told);
    private final GeminiUserMessages users = new GeminiUserMessages(told, tools);
    private final GeminiModelMessages models = new GeminiModelMessages(told, tools);
    private final ProcessStart run = new ProcessStart();
    private final ProjectFolder folder = new ProjectFolder();
    private String line;
    private String session = "";
    private String model = "";
    private String title = "";

    /** Something was said, or done, that a list can call the session by. */
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
            return rewind(value, body);
        }
        if (body.object("$set").isPresent()) {
            return set(value, body.object("$set").get());
        }
        if (body.object(RecordTape.MEMBER).isPresent()) {
            return DecodedRecord.nothing(RecordTape.MEMBER, "Kept's own note on a version of the file", List.of());
        }
        if (body.string("id").isPresent() || body.string("type").isPresent()) {
            return message(value, body);
        }
        if (body.string("sessionId").isPresent()) {
            return header(body);
        }
        return raw(value, "?", "unknown record");
    }

    private DecodedRecord header(JsonObject header) {
        run.header(header);
        folder.project(header.stringOr("projectHash", ""));
        return DecodedRecord.nothing("header", "names the session", facts(header));
    }

    /** What a header, or a change of what it said, says about the session. */
    private List<SessionFact> facts(JsonObject of) {
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

    private DecodedRecord set(SourceRecord.Value value, JsonObject set) {
        List<SessionFact> facts = facts(set);
        if (!STATE.containsAll(set.members().keySet())) {
            return raw(value, "$set", "unknown metadata");
        }
        if (set.string("sessionId").isPresent()) {
            run.resumed();
        }
        if (set.get("messages").isEmpty()) {
            return DecodedRecord.nothing("$set", "the session's own state", facts);
        }
        GeminiRecord record = new GeminiRecord(value, "$set/messages", line, true);
        for (JsonValue message : set.array("messages")) {
            if (message instanceof JsonObject object) {
                int before = record.events().size();
                messageOf(record, object);
                if (record.events().size() > before) {
                    facts.addAll(modelOf(object));
                }
            }
        }
        facts.addAll(folderOf(record));
        facts.addAll(nameOf(record));
        run.history(GeminiRecord.time(set, "lastUpdated"), saysNew(record));
        return record.events().isEmpty()
                ? DecodedRecord.nothing("$set/messages", "repeats the conversation", facts)
                : DecodedRecord.of("$set/messages", record.events(), facts);
    }

    /** The context of a session is written anew with each run. */
    private static boolean saysNew(GeminiRecord record) {
        return record.events().stream()
                .anyMatch(event -> !(event instanceof SystemMessage system
                        && system.subtype().equals(MachineText.SESSION_CONTEXT)));
    }

    private DecodedRecord message(SourceRecord.Value value, JsonObject message) {
        String type = message.stringOr("type", "?");
        GeminiRecord record = new GeminiRecord(value, type, line, false);
        messageOf(record, message);
        List<SessionFact> facts = new ArrayList<>(modelOf(message));
        if (type.equals(GeminiModelMessages.TYPE)) {
            run.answered();
        }
        facts.addAll(folderOf(record));
        facts.addAll(nameOf(record));
        return record.events().isEmpty()
                ? DecodedRecord.nothing(type, "says nothing that was not told", facts)
                : DecodedRecord.of(type, record.events(), facts);
    }

    /** Returns the model that answered, where it is another than before. */
    private List<SessionFact> modelOf(JsonObject message) {
        String now = BoundedText.shortened(message.stringOr("model", ""), BoundedText.MAX_NAME);
        boolean answers = message.stringOr("type", "?").equals(GeminiModelMessages.TYPE);
        if (!answers || now.isEmpty() || now.equals(model) || !onMainLine()) {
            return List.of();
        }
        model = now;
        return List.of(new SessionFact.Model(now));
    }

    /** Returns what a list calls a chat that was taken over by until a person says something: its first words. */
    private List<SessionFact> nameOf(GeminiRecord record) {
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

    /** Returns the folder of work that the context of the session tells. */
    private List<SessionFact> folderOf(GeminiRecord record) {
        return record.events().stream()
                .filter(SystemMessage.class::isInstance)
                .map(SystemMessage.class::cast)
                .filter(message -> message.subtype().equals(MachineText.SESSION_CONTEXT) && onMainLine())
                .flatMap(message -> folder.told(message.text()).stream())
                .map(SessionFact.class::cast)
                .toList();
    }

    private void messageOf(GeminiRecord record, JsonObject message) {
        String id = message.string("id").filter(it -> !it.isEmpty()).orElseGet(() -> ids.next(message, TIMELESS));
        Optional<Instant> time = GeminiRecord.time(message, "timestamp");
        String type = message.stringOr("type", "?");
        switch (type) {
            case GeminiUserMessages.TYPE -> users.read(record, id, message, authorship(time));
            case GeminiModelMessages.TYPE -> models.read(record, id, message);
            case "info", "warning", "error" -> notice(record, id, time, type, message);
            default -> {
                if (told.first(id + "/0")) {
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

    /** What the agent shows beside the conversation. */
    private void notice(GeminiRecord record, String id, Optional<Instant> time, String type, JsonObject message) {
        ContentText text = record.content();
        for (JsonValue part : GeminiParts.of(message.get("content"))) {
            GeminiParts.text(part).ifPresentOrElse(text::add, () -> text.add(part.toJson()));
        }
        if (text.text().isBlank()) {
            return;
        }
        int wording = told.say(id + "/0", type, text.text());
        if (wording > 0) {
            record.system(wording == 1 ? id + "/0" : id + "/0~" + wording, time, type, text);
        }
    }

    /** A person went back: what follows goes on before that message. What was said stays said. */
    private DecodedRecord rewind(SourceRecord.Value value, JsonObject body) {
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
        told.save(out);
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
        told.restore(in);
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
                + told.heldBytes()
                + folder.heldBytes()
                + session.length()
                + model.length()
                + title.length();
    }

    private DecodedRecord raw(SourceRecord record, String type, String reason) {
        String said = type + " " + reason + " " + record.offset() + " " + record.length();
        EventHeader header = new EventHeader(
                ids.next(said) + "/0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                line,
                Authorship.NONE,
                new EventSource(type, record.generation(), record.offset(), record.length(), 0));
        return DecodedRecord.of(type, List.of(new ProviderRaw(header, reason)), List.of());
    }
}
