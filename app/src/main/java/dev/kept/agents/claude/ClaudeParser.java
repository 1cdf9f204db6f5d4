package dev.kept.agents.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.BoundedText;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentIds;
import dev.kept.provider.support.Revisions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parser of one Claude Code file.
 *
 * <p>Its state is small and bounded, and each part is one class: usage per message, inline subagents, the queue of
 * prompts, pending decisions, rewinds, revisions, hashed ids, emitted facts, and the values that records without an
 * envelope inherit from earlier ones.
 */
final class ClaudeParser implements SessionParser {
    /** Size of this object and its parts, without the growing ones. */
    private static final int OWN_BYTES = 160;

    /** Kinds of {@code progress} that embed messages of a subagent. */
    private static final Set<String> EMBEDDING_MESSAGES = Set.of("agent_progress", "skill_progress");

    private final String sourceLine;
    private final boolean sideQuestion;
    private final ContentIds ids = new ContentIds();
    private final SidechainBranches sidechains = new SidechainBranches();
    private final PromptQueue queue = new PromptQueue();
    private final ClaudeToolResults toolResults = new ClaudeToolResults();
    private final ClaudeUserRecords users = new ClaudeUserRecords(toolResults);
    private final ClaudeRewinds rewinds = new ClaudeRewinds();
    private final Revisions revisions = new Revisions();
    private final ClaudeAssistantRecords assistants = new ClaudeAssistantRecords(toolResults, revisions);
    private final ClaudeFacts facts;
    private String entrypoint = "";
    private String version = "";
    private boolean sideQuestionAsked;

    ClaudeParser(SourceKind.Session source) {
        this.sourceLine = source.line();
        this.sideQuestion = source.line().startsWith(ClaudeProvider.SIDE_QUESTION);
        this.facts = new ClaudeFacts(source.sessionId(), !source.line().equals(EventHeader.MAIN_LINE));
        source.continues().ifPresent(facts::noteHandover);
    }

    @Override
    public void noteHandover(String sessionId) {
        facts.noteHandover(sessionId);
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
        ids.save(out);
        sidechains.save(out);
        queue.save(out);
        toolResults.save(out);
        assistants.save(out);
        rewinds.save(out);
        revisions.save(out);
        facts.save(out);
        out.text(entrypoint);
        out.text(version);
        out.flag(sideQuestionAsked);
    }

    @Override
    public void restore(StateReader in) throws IOException {
        ids.restore(in);
        sidechains.restore(in);
        queue.restore(in);
        toolResults.restore(in);
        assistants.restore(in);
        rewinds.restore(in);
        revisions.restore(in);
        facts.restore(in);
        entrypoint = in.text();
        version = in.text();
        sideQuestionAsked = in.flag();
    }

    @Override
    public long heldBytes() {
        return OWN_BYTES
                + ids.heldBytes()
                + sidechains.heldBytes()
                + queue.heldBytes()
                + toolResults.heldBytes()
                + assistants.heldBytes()
                + rewinds.heldBytes()
                + revisions.heldBytes()
                + facts.heldBytes();
    }

    private DecodedRecord read(SourceRecord.Value source, JsonObject body) {
        String type = typeOf(body);
        entrypoint = Optional.of(BoundedText.shortened(Marks.text(body, "entrypoint"), BoundedText.MAX_NAME))
                .filter(value -> !value.isEmpty())
                .orElse(entrypoint);
        version = Optional.of(BoundedText.shortened(Marks.text(body, "version"), BoundedText.MAX_NAME))
                .filter(value -> !value.isEmpty())
                .orElse(version);
        String line = sidechains.assignBranch(body, sourceLine);
        ClaudeRecord record =
                new ClaudeRecord(source, body, type, line, new ClaudeRecord.Context(ids, entrypoint, version));
        List<SessionFact> allFacts = facts.of(body, record.onMainLine());
        if (sideQuestion && consumeSideRecord(body)) {
            return DecodedRecord.withoutEvents(
                    type, "copied from the conversation that a side question was asked in", allFacts);
        }
        Optional<String> rule = dispatch(record);
        rewinds.accept(record);
        if (record.events().isEmpty() && rule.isEmpty()) {
            record.raw(0, "nothing in it was understood");
        }
        allFacts.addAll(facts.of(record.events()));
        return rule.isPresent()
                ? DecodedRecord.withoutEvents(type, rule.get(), allFacts)
                : DecodedRecord.of(type, revisions.of(sidechains.link(body, record.events())), allFacts);
    }

    /** Reads the record and adds its events; returns the rule if there are none. */
    private Optional<String> dispatch(ClaudeRecord record) {
        switch (record.body().stringOr("type", "")) {
            case "user" -> {
                return readUser(record);
            }
            case "assistant" -> assistants.read(record);
            case "system" -> {
                return ClaudeSystemRecords.read(record);
            }
            case "attachment" -> {
                return ClaudeAttachments.read(record);
            }
            case "queue-operation" -> {
                return readQueue(record);
            }
            case "progress" -> {
                return readProgress(record);
            }
            case "result" -> record.info(0, "workflow-result", resultOf(record.body()));
            case "pr-link" -> record.info(0, "pr-link", record.body().stringOr("prUrl", ""));
            case "frame-link" -> record.info(0, "frame-link", record.body().stringOr("frameUrl", ""));
            default -> {
                Optional<String> rule = ClaudeSideRecords.rule(record.type());
                if (rule.isEmpty()) {
                    record.raw(0, "unknown record");
                }
                return rule;
            }
        }
        return Optional.empty();
    }

    private Optional<String> readUser(ClaudeRecord record) {
        if (record.onMainLine() && sidechains.hasActive()) {
            ClaudeRecord trial = record.again();
            users.read(trial);
            // A text beside a result is written while the agent continues.
            boolean besideResult = trial.events().stream().anyMatch(ToolResult.class::isInstance);
            if (ClaudeRewinds.isPrompt(trial.events()) && !besideResult) {
                sidechains.emitStopped(record);
            }
        }
        boolean rewind = rewinds.replacesPrompt(record);
        Optional<String> continued = rewind ? Optional.empty() : rewinds.continuedRewind(record);
        if (rewind || continued.isPresent()) {
            // Only its events show whether it is a prompt; if so, one event precedes them.
            ClaudeRecord trial = record.again();
            users.read(trial);
            if (ClaudeRewinds.isPrompt(trial.events())) {
                record.add(continued
                        .map(left -> ClaudeRewinds.continuation(record, left))
                        .orElseGet(() -> ClaudeRewinds.rewind(record)));
            }
        }
        return users.read(record);
    }

    /**
     * Reads a {@code progress} record. From 2.1.12 to 2.1.81 the parent's file repeats a subagent's prompt, its tool
     * calls and their results inside such records (counted: 4,966). They have the uuids of the subagent's own file, so
     * that each is one event, however many files contain it. Usage is taken from the subagent's own file, which has all
     * records of a message.
     */
    private Optional<String> readProgress(ClaudeRecord record) {
        JsonObject data = record.body().object("data").orElse(JsonObject.EMPTY);
        Optional<JsonObject> message = data.object("message");
        if (!EMBEDDING_MESSAGES.contains(data.stringOr("type", "")) || message.isEmpty()) {
            return ClaudeSideRecords.rule(record.type()).or(() -> {
                record.raw(0, "unknown record");
                return Optional.empty();
            });
        }
        String agent = data.stringOr("agentId", SidechainBranches.UNKNOWN_ROOT);
        sidechains.recordBranch(record.body().stringOr("parentToolUseID", ""), agent);
        ClaudeRecord embedded = record.embedded(withoutUsage(message.get()), agent);
        switch (message.get().stringOr("type", "")) {
            case "user" -> {
                if (users.read(embedded).isPresent()) {
                    return Optional.of("an embedded message that says nothing");
                }
            }
            case "assistant" -> assistants.read(embedded);
            default -> embedded.raw(0, "unknown embedded message");
        }
        embedded.events().forEach(record::add);
        return embedded.events().isEmpty() ? Optional.of("an embedded message that says nothing") : Optional.empty();
    }

    private static JsonObject withoutUsage(JsonObject record) {
        Map<String, JsonValue> members = new LinkedHashMap<>(record.members());
        record.object("message").ifPresent(message -> {
            Map<String, JsonValue> kept = new LinkedHashMap<>(message.members());
            kept.remove("usage");
            members.put("message", new JsonObject(kept));
        });
        return new JsonObject(members);
    }

    /** Returns the result of a workflow's subagent: a text, or any other JSON value as JSON. */
    private static String resultOf(JsonObject body) {
        JsonValue result = body.get("result").orElse(JsonNull.NULL);
        String answer = result instanceof JsonText text ? text.value() : result.toJson();
        String agent = body.stringOr("agentId", body.stringOr("label", ""));
        return agent.isEmpty() ? answer : agent + ": " + answer;
    }

    private Optional<String> readQueue(ClaudeRecord record) {
        JsonObject body = record.body();
        Optional<String> content = body.string("content");
        switch (body.stringOr("operation", "")) {
            case "enqueue" -> queue.enqueue(content.orElse(""));
            case "dequeue" -> queue.dequeue();
            case "popAll" -> queue.clear();
            case "remove" -> {
                Optional<String> submitted =
                        content.isPresent() ? queue.remove(content.get()) : queue.removeSubmitted();
                boolean saidElsewhere =
                        content.isPresent() || !record.version().isBefore(ClientVersion.WRITES_ATTACHMENTS);
                if (!saidElsewhere && submitted.isPresent() && !submitted.get().isBlank()) {
                    readSubmitted(record, submitted.get());
                    return Optional.empty();
                }
            }
            default -> {
                record.raw(0, "unknown queue operation");
                return Optional.empty();
            }
        }
        return Optional.of("a queued prompt has a record of its own once it is taken up");
    }

    private void readSubmitted(ClaudeRecord record, String text) {
        String eventId = ids.next("queued " + text) + "/0";
        Attribution author = record.onMainLine()
                ? ClaudeAuthorship.of("", "", record.entrypoint(), record.version())
                : Attribution.NOBODY;
        Optional<String> machine = MachineText.subtypeOf(text, author.trust());
        if (machine.isPresent()) {
            record.add(new SystemMessage(
                    record.header(eventId, record.type(), Authorship.NONE),
                    machine.get(),
                    text,
                    MachineText.notifiedOf(machine.get(), text)));
        } else {
            record.add(new UserMessage(record.header(eventId, record.type(), author.authorship()), text, List.of()));
        }
    }

    /**
     * Consumes a record of a side question's file ({@code /btw}). Returns true before the question: the file begins
     * with a copy of the conversation (386 of 387 of its records in one file). The question itself begins with these
     * words (read in the client, 2.1.23 on).
     */
    private boolean consumeSideRecord(JsonObject body) {
        if (!sideQuestionAsked && body.stringOr("type", "").equals("user")) {
            sideQuestionAsked = body.object("message")
                    .flatMap(message -> message.get("content"))
                    .map(JsonValue::toJson)
                    .filter(content -> content.contains("This is a side question from the user"))
                    .isPresent();
        }
        return !sideQuestionAsked;
    }

    private static String typeOf(JsonObject body) {
        String type = body.stringOr("type", "?");
        return switch (type) {
            case "system" -> type + "/" + body.stringOr("subtype", "?");
            case "progress" -> type + "/" + nestedType(body, "data");
            case "attachment" -> type + "/" + nestedType(body, "attachment");
            case "queue-operation" -> type + "/" + body.stringOr("operation", "?");
            default -> type;
        };
    }

    private static String nestedType(JsonObject body, String member) {
        return body.object(member).map(it -> it.stringOr("type", "?")).orElse("?");
    }

    private DecodedRecord raw(SourceRecord source, String type, String reason) {
        String content = type + " " + reason + " " + source.offset() + " " + source.length();
        EventHeader header = new EventHeader(
                ids.next(content) + "/0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                sourceLine,
                Authorship.NONE,
                new EventSource(type, source.generation(), source.offset(), source.length(), 0));
        return DecodedRecord.of(type, List.of(new ProviderRaw(header, reason)), List.of());
    }
}
