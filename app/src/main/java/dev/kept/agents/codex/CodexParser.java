package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexRecord.Envelope;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.Revisions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parser of one rollout.
 *
 * <p>Its state is small and bounded, and each part is one class: the thread and the position in it, ids, prompts and
 * answers that wait for their twin, tools that ended before their output, the running total of usage.
 */
final class CodexParser implements SessionParser {
    private static final int OWN_BYTES = 200;

    private final CodexThread thread;
    private final CodexPrompts users = new CodexPrompts();
    private final CodexAnswers answers = new CodexAnswers();
    private final CodexTools tools = new CodexTools();
    private final CodexCompaction compaction = new CodexCompaction();
    private final CodexItems items = new CodexItems(users, answers, tools, compaction);
    private final CodexEvents events = new CodexEvents(users, answers, tools, compaction);
    private final CodexUsage usage = new CodexUsage();
    private final Revisions revisions = new Revisions();
    private int generation = 1;
    private long offset;
    private long length;

    /** The number of events of the last record. */
    private int emitted;

    CodexParser(SourceKind.Session source) {
        this.thread = new CodexThread(source.sessionId());
    }

    @Override
    public DecodedRecord read(SourceRecord source) {
        return switch (source) {
            case SourceRecord.Malformed malformed -> raw(malformed, malformed.type(), malformed.reason());
            case SourceRecord.Value value when value.value() instanceof JsonObject body -> read(value, body);
            case SourceRecord.Value value -> raw(value, "value", "not an object");
        };
    }

    @Override
    public void save(StateWriter out) {
        thread.save(out);
        users.save(out);
        answers.save(out);
        tools.save(out);
        compaction.save(out);
        usage.save(out);
        revisions.save(out);
        out.number(generation);
        out.number(offset);
        out.number(length);
        out.number(emitted);
    }

    @Override
    public void restore(StateReader in) throws IOException {
        thread.restore(in);
        users.restore(in);
        answers.restore(in);
        tools.restore(in);
        compaction.restore(in);
        usage.restore(in);
        revisions.restore(in);
        generation = in.number(1, Integer.MAX_VALUE);
        offset = in.number();
        length = in.number();
        emitted = in.number(0, Integer.MAX_VALUE);
    }

    @Override
    public long heldBytes() {
        return OWN_BYTES
                + thread.heldBytes()
                + users.heldBytes()
                + answers.heldBytes()
                + tools.heldBytes()
                + revisions.heldBytes();
    }

    @Override
    public Optional<DecodedRecord> drain() {
        SourceRecord.Value last = new SourceRecord.Value(
                JsonObject.EMPTY, generation, offset, length, offset, SourceRecord.Found.AS_WRITTEN);
        CodexRecord record = new CodexRecord(last, Envelope.of(JsonObject.EMPTY), "rest", thread, emitted);
        users.settle(record);
        users.emitUnmatched(record);
        answers.emitUnmatched(record, Optional.empty());
        tools.emitUnmatched(record);
        emitted += record.events().size();
        return record.events().isEmpty()
                ? Optional.empty()
                : Optional.of(decodedRecord(record, Optional.empty(), List.of()));
    }

    private DecodedRecord read(SourceRecord.Value source, JsonObject body) {
        Envelope envelope = Envelope.of(body);
        CodexRecord record = new CodexRecord(source, envelope, envelope.type(), thread);
        generation = source.generation();
        offset = source.offset();
        length = source.length();
        thread.noteTime(envelope.timestamp());
        users.settle(record);
        List<SessionFact> facts = new ArrayList<>();
        Optional<String> rule = dispatch(record, envelope.kind(), facts);
        if (record.events().isEmpty() && rule.isEmpty()) {
            record.raw("nothing in it was understood");
        }
        emitted = record.events().size();
        return decodedRecord(record, rule, facts);
    }

    private DecodedRecord decodedRecord(CodexRecord record, Optional<String> rule, List<SessionFact> facts) {
        if (record.events().isEmpty()) {
            return DecodedRecord.withoutEvents(record.type(), rule.orElse("says nothing"), facts);
        }
        Optional<String> copiedFrom = thread.copiedFrom();
        if (copiedFrom.isPresent() && thread.isSubagent()) {
            return DecodedRecord.withoutEvents(
                    record.type(), "copied from the conversation that the agent was started in", facts);
        }
        // A copied prompt gives no orders again; each of its records says that it is copied.
        List<SessionFact> all = new ArrayList<>(facts);
        copiedFrom.ifPresent(from -> all.add(new SessionFact.ForkedFrom(from)));
        return DecodedRecord.of(record.type(), revisions.of(record.events()), all);
    }

    /** Reads the record and adds its events; returns the rule if there are none. */
    private Optional<String> dispatch(CodexRecord record, String kind, List<SessionFact> facts) {
        JsonObject payload = record.payload();
        switch (kind) {
            case "response_item" -> {
                return items.read(record);
            }
            case "event_msg" -> {
                return readEvent(record, facts);
            }
            case "" -> {
                return readBare(record, facts);
            }
            case "session_meta" -> {
                boolean first = thread.isUnknown();
                facts.addAll(thread.readHeader(payload, record.timestamp()));
                if (first && readRewind(record)) {
                    return Optional.empty();
                }
                return Optional.of(
                        first ? "says which thread this is" : "the header of a thread again, or of a copied one");
            }
            case "turn_context" -> {
                thread.readTurn(payload);
                facts.addAll(thread.readContext(payload));
                return Optional.of("the settings of a turn");
            }
            case "compacted" -> {
                return compaction.readHistory(record, payload.stringOr("message", ""));
            }
            case "token_usage_record" -> {
                return readUsage(record, payload.object("thread_token_usage"), payload.object("usage"));
            }
            case "inter_agent_communication" -> {
                ContentText text = CodexContent.add(
                        record.content(),
                        payload.get("content").or(() -> payload.get("message")).orElse(JsonNull.NULL));
                if (text.isEmpty()) {
                    text.add(payload.toJson());
                }
                record.system("0", "inter_agent_communication", text);
            }
            case "inter_agent_communication_metadata", "world_state" -> {
                return Optional.of("the agent's own state");
            }
            default -> record.raw("unknown record");
        }
        return Optional.empty();
    }

    /**
     * Reads whether a person went back to an earlier prompt (Esc Esc): the thread then continues in a new file, whose
     * history is the same thread up to a record (0.169). Adds the event of it.
     */
    private boolean readRewind(CodexRecord record) {
        JsonObject base = record.payload().object("history_base").orElse(JsonObject.EMPTY);
        boolean back = base.stringOr("thread_id", "").equals(record.payload().stringOr("id", "?"));
        if (back) {
            String upTo = Long.toString(base.longOr("end_ordinal_exclusive", 0));
            String content = "rewind " + record.payload().stringOr("timestamp", "") + " " + upTo;
            record.add(new ProviderInfo(record.header(thread.ids().ofText(content), Authorship.NONE), "rewind", upTo));
        }
        return back;
    }

    private Optional<String> readEvent(CodexRecord record, List<SessionFact> facts) {
        JsonObject payload = record.payload();
        return switch (payload.stringOr("type", "?")) {
            case "token_count" -> {
                JsonObject info = payload.object("info").orElse(JsonObject.EMPTY);
                yield readUsage(record, info.object("total_token_usage"), info.object("last_token_usage"));
            }
            case "thread_name_updated" -> {
                facts.addAll(thread.readName(payload));
                yield Optional.of("says the session's title");
            }
            case "task_started", "turn_started" -> {
                // The held texts of the previous turn are emitted under that turn's id.
                Optional<String> rule = events.read(record);
                thread.readTurn(payload);
                yield rule;
            }
            default -> {
                facts.addAll(thread.commandTitle(CodexEvents.command(payload)));
                yield events.read(record);
            }
        };
    }

    private Optional<String> readUsage(CodexRecord record, Optional<JsonObject> total, Optional<JsonObject> last) {
        if (total.isEmpty()) {
            return Optional.of("says nothing of tokens used");
        }
        TokenUsage added = usage.increment(total.get(), last.orElse(JsonObject.EMPTY));
        if (added.isNone()) {
            return Optional.of("tokens that were counted before");
        }
        String response = record.payload().stringOr("response_id", "");
        record.add(new ProviderInfo(
                record.header(thread.ids().ofText("usage " + usage.total()), Authorship.NONE),
                "token_usage",
                "",
                new ModelCall(response, thread.model(), added)));
        return Optional.empty();
    }

    /** Reads a record without an envelope, of versions before 0.32: a header, an item, or a mark of state. */
    private Optional<String> readBare(CodexRecord record, List<SessionFact> facts) {
        JsonObject body = record.payload();
        if (body.stringOr("record_type", "").equals("state")) {
            return Optional.of("the agent's own state");
        }
        if (body.get("type").orElse(JsonNull.NULL) instanceof JsonText || record.isMessage()) {
            return items.read(record);
        }
        if (thread.isUnknown() && body.string("id").isPresent()) {
            facts.addAll(thread.readHeader(body, record.timestamp()));
            return Optional.of("says which thread this is");
        }
        record.raw("unknown record");
        return Optional.empty();
    }

    private DecodedRecord raw(SourceRecord source, String type, String reason) {
        String content = type + " " + reason + " " + source.offset() + " " + source.length();
        EventHeader header = new EventHeader(
                thread.ids().ofText(content),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                thread.line(),
                Authorship.NONE,
                new EventSource(type, source.generation(), source.offset(), source.length(), 0));
        return DecodedRecord.of(type, List.of(new ProviderRaw(header, reason)), List.of());
    }
}
