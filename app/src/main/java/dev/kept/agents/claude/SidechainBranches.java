package dev.kept.agents.claude;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.BoundedText;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecentMap;
import dev.kept.provider.support.StoppedWork;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the lines of subagents apart that stand inline in the main file, as versions up to 2.0 wrote them, and which records
 * name a subagent's line.
 *
 * <p>Such records have {@code isSidechain} and no {@code agentId}; each subagent is a tree of {@code parentUuid} whose root
 * has no parent. The line's name is the root's uuid. Nothing in them names the call that started them, but the root says
 * word for word what the call's {@code prompt} is (counted: 6 of 6), and its result comes after all of the tree.
 */
final class SidechainBranches {
    private static final int RECENT_RECORDS = 1024;
    /** The line of what is known to be a subagent's and does not say which. */
    static final String UNKNOWN_ROOT = "sidechain";

    /** A string of 36 characters; the root's is shared. */
    private static final int UUID_BYTES = 24 + 48;

    /** Calls that run at one time; one more is told without its subagent's work. */
    private static final int RECENT_CALLS = 32;

    /** The end of one that was started before so many others is not told. */
    private static final int RECENT_LAUNCHES = 128;

    /** A call's id, and a digest of 16 characters. */
    private static final int CALL_BYTES = 24 + 32 + 24 + 16;

    private static final Set<String> STARTING = Set.of("Task", "Agent");

    private final RecentMap<String> rootOfRecord = new RecentMap<>(RECENT_RECORDS);
    private final RecentMap<String> promptOfCall = new RecentMap<>(RECENT_CALLS);
    private final RecentMap<String> rootOfPrompt = new RecentMap<>(RECENT_CALLS);

    /** Lines whose work {@code progress} records told, by the call that started them. */
    private final RecentMap<String> lineOfCall = new RecentMap<>(RECENT_CALLS);

    /** What came last on an inline line: whether its agent said it. */
    private final RecentMap<Boolean> saidLast = new RecentMap<>(RECENT_CALLS);

    /** Subagents that were started to work in the background; the values say nothing. */
    private final RecentMap<String> launched = new RecentMap<>(RECENT_LAUNCHES);

    long heldBytes() {
        return rootOfRecord.heldBytes(UUID_BYTES)
                + promptOfCall.heldBytes(CALL_BYTES)
                + rootOfPrompt.heldBytes(CALL_BYTES)
                + lineOfCall.heldBytes(CALL_BYTES)
                + saidLast.heldBytes(UUID_BYTES)
                + launched.heldBytes(CALL_BYTES);
    }

    void save(StateWriter out) {
        out.all(rootOfRecord, StateWriter::text);
        out.all(promptOfCall, StateWriter::text);
        out.all(rootOfPrompt, StateWriter::text);
        out.all(lineOfCall, StateWriter::text);
        out.all(saidLast, StateWriter::flag);
        out.all(launched, StateWriter::text);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, rootOfRecord::put);
        in.all(StateReader::text, promptOfCall::put);
        in.all(StateReader::text, rootOfPrompt::put);
        in.all(StateReader::text, lineOfCall::put);
        in.all(StateReader::flag, saidLast::put);
        in.all(StateReader::text, launched::put);
    }

    /** Notes that a {@code progress} record told what a line does for a call. */
    void worksFor(String callId, String line) {
        if (!callId.isEmpty() && !line.equals(UNKNOWN_ROOT) && !line.equals(lineOfCall.get(callId))) {
            lineOfCall.renew(callId, line);
        }
    }

    /**
     * The events of a record, with the line of a subagent where one did the work of a call, and in the message that one's
     * work in the background ended: other tasks end with such messages too.
     */
    List<ConversationEvent> linked(JsonObject record, List<ConversationEvent> events) {
        boolean inBackground = false;
        if (record.get("toolUseResult").orElse(JsonNull.NULL) instanceof JsonObject result
                && result.isTrue("isAsync")
                && result.get("agentId").orElse(JsonNull.NULL) instanceof JsonText agent) {
            launched.renew(SafeId.of(agent.value()), "");
            inBackground = true;
        }
        List<ConversationEvent> linked = onlyItsOwn(events);
        for (int i = 0; i < linked.size(); i++) {
            ConversationEvent event = linked.get(i);
            if (saidLast.containsKey(event.header().line())) {
                saidLast.put(event.header().line(), event instanceof AssistantMessage);
            }
            if (event instanceof ToolCall call && STARTING.contains(call.name())) {
                prompt(call.input()).ifPresent(said -> promptOfCall.renew(call.callId(), said));
            } else if (event instanceof UserMessage message && beginsLine(message.header())) {
                rootOfPrompt.renew(
                        StoppedWork.digest(message.text()), message.header().line());
                saidLast.renew(message.header().line(), false);
            } else if (event instanceof ToolResult result && result.subagent().isEmpty()) {
                Optional<String> told = Optional.ofNullable(lineOfCall.remove(result.callId()));
                Optional<String> prompt = Optional.ofNullable(promptOfCall.remove(result.callId()));
                Optional<String> line = prompt.map(rootOfPrompt::remove)
                        .or(() -> told)
                        .or(() -> prompt.filter(_ -> result.error()).map(StoppedWork::lineOf));
                if (line.isPresent() && !inBackground) {
                    linked = with(linked, i, result.doneBy(line.get()));
                }
            } else if (event instanceof SystemMessage message
                    && message.subagent().isPresent()
                    && !StoppedWork.mayBeInline(message)
                    && !launched.containsKey(message.subagent().get())) {
                linked = with(linked, i, new SystemMessage(message.header(), message.subtype(), message.text()));
            }
        }
        return linked;
    }

    /** Of several results in one record the agent that the record names did one: that of the call that started it. */
    private List<ConversationEvent> onlyItsOwn(List<ConversationEvent> events) {
        List<ToolResult> named = new ArrayList<>();
        for (ConversationEvent event : events) {
            if (event instanceof ToolResult result && result.subagent().isPresent()) {
                named.add(result);
            }
        }
        if (named.size() < 2) {
            return events;
        }
        List<ConversationEvent> own = new ArrayList<>(events);
        boolean found = false;
        for (ToolResult result : named) {
            boolean started = promptOfCall.containsKey(result.callId()) || lineOfCall.containsKey(result.callId());
            if (found || !started) {
                own.set(own.indexOf(result), result.withoutSubagent());
            }
            found |= started;
        }
        return own;
    }

    /** Reports whether subagents were at work when nothing more came of them. */
    boolean isAtWork() {
        return !promptOfCall.isEmpty() || !rootOfPrompt.isEmpty();
    }

    /**
     * Tells of the work whose end is not told: a person goes on, so no call is waited for any more. Before the prompt.
     *
     * @param record the person's, with no events yet but these
     */
    void tellStopped(ClaudeRecord record) {
        for (Map.Entry<String, String> call : List.copyOf(promptOfCall.entrySet())) {
            String line = Optional.ofNullable(rootOfPrompt.remove(call.getValue()))
                    .or(() -> Optional.ofNullable(lineOfCall.remove(call.getKey())))
                    .orElse(StoppedWork.lineOf(call.getValue()));
            tell(record, StoppedWork.STOPPED, line);
        }
        promptOfCall.clear();
        for (String line : List.copyOf(rootOfPrompt.values())) {
            boolean done = Boolean.TRUE.equals(saidLast.get(line));
            tell(record, done ? StoppedWork.UNCLAIMED : StoppedWork.STOPPED, line);
        }
        rootOfPrompt.clear();
    }

    private static void tell(ClaudeRecord record, String subtype, String line) {
        record.add(
                new SystemMessage(record.header("stopped/" + record.events().size()), subtype, "", Optional.of(line)));
    }

    private static List<ConversationEvent> with(List<ConversationEvent> events, int at, ConversationEvent event) {
        List<ConversationEvent> changed = new ArrayList<>(events);
        changed.set(at, event);
        return changed;
    }

    private static boolean beginsLine(EventHeader header) {
        int end = header.eventId().lastIndexOf('/');
        return !header.onMainLine()
                && end > 0
                && SafeId.of(header.eventId().substring(0, end)).equals(header.line());
    }

    private static Optional<String> prompt(String input) {
        try {
            return JsonReader.parseInner(input) instanceof JsonObject arguments
                    ? arguments.string("prompt").map(StoppedWork::digest)
                    : Optional.empty();
        } catch (MalformedJsonException cut) {
            return Optional.empty();
        }
    }

    /** The line of a record; records have to be asked for in the order of the file. */
    String lineOf(JsonObject record, String sourceLine) {
        if (!record.isTrue("isSidechain") || !sourceLine.equals(EventHeader.MAIN_LINE)) {
            return sourceLine;
        }
        String agent = record.stringOr("agentId", "");
        if (!agent.isEmpty()) {
            return agent;
        }
        String uuid = record.stringOr("uuid", "");
        String parent = record.stringOr("parentUuid", "");
        String root = parent.isEmpty() ? uuid : rootOfRecord.getOrDefault(parent, UNKNOWN_ROOT);
        if (root.isEmpty()) {
            return UNKNOWN_ROOT;
        }
        rootOfRecord.put(uuid, BoundedText.id(root));
        return root;
    }
}
