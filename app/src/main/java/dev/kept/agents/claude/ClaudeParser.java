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
 * Reads the records of one Claude Code file.
 *
 * <p>Its state is small and bounded, and each part is one class: usage told per message, inline subagents, the queue of
 * prompts, decisions that wait, rewinds, revisions, hashed ids, facts told, and what records without an envelope take over from those before.
 */
final class ClaudeParser implements SessionParser {
    /** This object and those it is made of, without what they grow by. */
    private static final int OWN_BYTES = 160;

    /** Kinds of {@code progress} that embed messages of a subagent. */
    private static final Set<String> TELLS_MESSAGES = Set.of("agent_progress", "skill_progress");

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
        source.continues().ifPresent(facts::continues);
    }

    @Override
    public void continues(String sessionId) {
        facts.continues(sessionId);
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
                .filter(said -> !said.isEmpty())
                .orElse(entrypoint);
        version = Optional.of(BoundedText.shortened(Marks.text(body, "version"), BoundedText.MAX_NAME))
                .filter(said -> !said.isEmpty())
                .orElse(version);
        String line = sidechains.lineOf(body, sourceLine);
        ClaudeRecord record =
                new ClaudeRecord(source, body, type, line, new ClaudeRecord.CliContext(ids, entrypoint, version));
        List<SessionFact> told = facts.of(body, record.onMainLine());
        if (sideQuestion && isReplayed(body)) {
            return DecodedRecord.nothing(type, "copied from the conversation that a side question was asked in", told);
        }
        Optional<String> rule = dispatch(record);
        rewinds.note(record);
        if (record.events().isEmpty() && rule.isEmpty()) {
            record.raw(0, "nothing in it was understood");
        }
        told.addAll(facts.of(record.events()));
        return rule.isPresent()
                ? DecodedRecord.nothing(type, rule.get(), told)
                : DecodedRecord.of(type, revisions.of(sidechains.linked(body, record.events())), told);
    }

    /** Reads the record into events; the answer is the rule if there are none. */
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
        if (record.onMainLine() && sidechains.isAtWork()) {
            ClaudeRecord trial = record.again();
            users.read(trial);
            // What is said beside a result is said while the agent goes on.
            boolean goesOn = trial.events().stream().anyMatch(ToolResult.class::isInstance);
            if (ClaudeRewinds.isPrompt(trial.events()) && !goesOn) {
                sidechains.tellStopped(record);
            }
        }
        boolean rewind = rewinds.takesAnothersPlace(record);
        Optional<String> goesOn = rewind ? Optional.empty() : rewinds.goesOnWithLeft(record);
        if (rewind || goesOn.isPresent()) {
            // Only its events tell whether it is a prompt, and then one goes before them.
            ClaudeRecord trial = record.again();
            users.read(trial);
            if (ClaudeRewinds.isPrompt(trial.events())) {
                record.add(goesOn.map(left -> ClaudeRewinds.goesOn(record, left))
                        .orElseGet(() -> ClaudeRewinds.event(record)));
            }
        }
        return users.read(record);
    }

    /**
     * From 2.1.12 to 2.1.81 the parent's file repeats what a subagent was asked, its tool calls and their results, inside
     * {@code progress} records (counted: 4,966). They have the uuids of the subagent's own file, so that each is one event
     * however many files tell it. The usage is left to the subagent's own file, which has all lines of a message.
     */
    private Optional<String> readProgress(ClaudeRecord record) {
        JsonObject data = record.body().object("data").orElse(JsonObject.EMPTY);
        Optional<JsonObject> message = data.object("message");
        if (!TELLS_MESSAGES.contains(data.stringOr("type", "")) || message.isEmpty()) {
            return ClaudeSideRecords.rule(record.type()).or(() -> {
                record.raw(0, "unknown record");
                return Optional.empty();
            });
        }
        String agent = data.stringOr("agentId", SidechainBranches.UNKNOWN_ROOT);
        sidechains.worksFor(record.body().stringOr("parentToolUseID", ""), agent);
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

    /** What a workflow's subagent gave back: a text, or whatever JSON it is. */
    private static String resultOf(JsonObject body) {
        JsonValue result = body.get("result").orElse(JsonNull.NULL);
        String said = result instanceof JsonText text ? text.value() : result.toJson();
        String agent = body.stringOr("agentId", body.stringOr("label", ""));
        return agent.isEmpty() ? said : agent + ": " + said;
    }

    private Optional<String> readQueue(ClaudeRecord record) {
        JsonObject body = record.body();
        Optional<String> content = body.string("content");
        switch (body.stringOr("operation", "")) {
            case "enqueue" -> queue.enqueue(content.orElse(""));
            case "dequeue" -> queue.dequeue();
            case "popAll" -> queue.clear();
            case "remove" -> {
                Optional<String> taken = content.isPresent() ? queue.remove(content.get()) : queue.takeUp();
                boolean saidElsewhere =
                        content.isPresent() || !record.version().isBefore(ClientVersion.WRITES_ATTACHMENTS);
                if (!saidElsewhere && taken.isPresent() && !taken.get().isBlank()) {
                    takeUp(record, taken.get());
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

    private void takeUp(ClaudeRecord record, String text) {
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
     * True until the question comes. The file of a side question ({@code /btw}) begins with a copy of the conversation (386
     * of 387 of its records in one file); the question itself opens with these words (read in the client, 2.1.23 on).
     */
    private boolean isReplayed(JsonObject body) {
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
        String said = type + " " + reason + " " + source.offset() + " " + source.length();
        EventHeader header = new EventHeader(
                ids.next(said) + "/0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                sourceLine,
                Authorship.NONE,
                new EventSource(type, source.generation(), source.offset(), source.length(), 0));
        return DecodedRecord.of(type, List.of(new ProviderRaw(header, reason)), List.of());
    }
}
