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
 * Reads the records of one rollout.
 *
 * <p>Its state is small and bounded, and each part is one class: which thread it is and where in it, ids, prompts and answers
 * that wait for their twin, tools that ended before their output, the running total of usage.
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

    /** How many events the last record became. */
    private int told;

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
        out.number(told);
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
        told = in.number(0, Integer.MAX_VALUE);
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
    public Optional<DecodedRecord> rest() {
        SourceRecord.Value last = new SourceRecord.Value(
                JsonObject.EMPTY, generation, offset, length, offset, SourceRecord.Found.AS_WRITTEN);
        CodexRecord record = new CodexRecord(last, Envelope.of(JsonObject.EMPTY), "rest", thread, told);
        users.settle(record);
        users.tellAlone(record);
        answers.tellAlone(record, Optional.empty());
        tools.tellAlone(record);
        told += record.events().size();
        return record.events().isEmpty()
                ? Optional.empty()
                : Optional.of(readingOf(record, Optional.empty(), List.of()));
    }

    private DecodedRecord read(SourceRecord.Value source, JsonObject body) {
        Envelope envelope = Envelope.of(body);
        CodexRecord record = new CodexRecord(source, envelope, envelope.type(), thread);
        generation = source.generation();
        offset = source.offset();
        length = source.length();
        thread.passes(envelope.timestamp());
        users.settle(record);
        List<SessionFact> facts = new ArrayList<>();
        Optional<String> rule = dispatch(record, envelope.kind(), facts);
        if (record.events().isEmpty() && rule.isEmpty()) {
            record.raw("nothing in it was understood");
        }
        told = record.events().size();
        return readingOf(record, rule, facts);
    }

    private DecodedRecord readingOf(CodexRecord record, Optional<String> rule, List<SessionFact> facts) {
        if (record.events().isEmpty()) {
            return DecodedRecord.nothing(record.type(), rule.orElse("says nothing"), facts);
        }
        Optional<String> copiedFrom = thread.copiedFrom();
        if (copiedFrom.isPresent() && thread.isSubagent()) {
            return DecodedRecord.nothing(
                    record.type(), "copied from the conversation that the agent was started in", facts);
        }
        // A copied prompt gives no orders again, and says so with each record.
        List<SessionFact> all = new ArrayList<>(facts);
        copiedFrom.ifPresent(from -> all.add(new SessionFact.ForkedFrom(from)));
        return DecodedRecord.of(record.type(), revisions.of(record.events()), all);
    }

    /** Reads the record into events; the answer is the rule if there are none. */
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
                facts.addAll(thread.begins(payload, record.timestamp()));
                if (first && wentBack(record)) {
                    return Optional.empty();
                }
                return Optional.of(
                        first ? "says which thread this is" : "the header of a thread again, or of a copied one");
            }
            case "turn_context" -> {
                thread.turns(payload);
                facts.addAll(thread.inContext(payload));
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

    /** A person who goes back (Esc Esc) goes on in a new file, whose history is this very thread up to a record (0.169). */
    private boolean wentBack(CodexRecord record) {
        JsonObject base = record.payload().object("history_base").orElse(JsonObject.EMPTY);
        boolean back = base.stringOr("thread_id", "").equals(record.payload().stringOr("id", "?"));
        if (back) {
            String upTo = Long.toString(base.longOr("end_ordinal_exclusive", 0));
            String said = "rewind " + record.payload().stringOr("timestamp", "") + " " + upTo;
            record.add(new ProviderInfo(record.header(thread.ids().said(said), Authorship.NONE), "rewind", upTo));
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
                facts.addAll(thread.named(payload));
                yield Optional.of("says the session's title");
            }
            case "task_started", "turn_started" -> {
                // What is left of the turn before is told under that turn's name.
                Optional<String> rule = events.read(record);
                thread.turns(payload);
                yield rule;
            }
            default -> {
                facts.addAll(thread.commanded(CodexEvents.command(payload)));
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
                record.header(thread.ids().said("usage " + usage.total()), Authorship.NONE),
                "token_usage",
                "",
                new ModelCall(response, thread.model(), added)));
        return Optional.empty();
    }

    /** Records without an envelope: a header, items, and marks of state; before 0.32. */
    private Optional<String> readBare(CodexRecord record, List<SessionFact> facts) {
        JsonObject body = record.payload();
        if (body.stringOr("record_type", "").equals("state")) {
            return Optional.of("the agent's own state");
        }
        if (body.get("type").orElse(JsonNull.NULL) instanceof JsonText || record.isMessage()) {
            return items.read(record);
        }
        if (thread.isUnknown() && body.string("id").isPresent()) {
            facts.addAll(thread.begins(body, record.timestamp()));
            return Optional.of("says which thread this is");
        }
        record.raw("unknown record");
        return Optional.empty();
    }

    private DecodedRecord raw(SourceRecord source, String type, String reason) {
        String said = type + " " + reason + " " + source.offset() + " " + source.length();
        EventHeader header = new EventHeader(
                thread.ids().said(said),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                thread.line(),
                Authorship.NONE,
                new EventSource(type, source.generation(), source.offset(), source.length(), 0));
        return DecodedRecord.of(type, List.of(new ProviderRaw(header, reason)), List.of());
    }
}
