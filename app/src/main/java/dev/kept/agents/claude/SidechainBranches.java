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
 * The branches of subagents that versions up to 2.0 wrote inline into the main file, and the records that name a
 * subagent's branch.
 *
 * <p>Such records have {@code isSidechain} and no {@code agentId}. Each subagent is a tree of {@code parentUuid} whose
 * root has no parent. The branch is named after the root's uuid. Nothing in the records names the call that started
 * them, but the root repeats the call's {@code prompt} word for word (counted: 6 of 6), and the result of the call
 * comes after the whole tree.
 */
final class SidechainBranches {
    private static final int RECENT_RECORDS = 1024;
    /** The branch of records that belong to a subagent, but do not show to which. */
    static final String UNKNOWN_ROOT = "sidechain";

    /** Size of a string of 36 characters; the root's is shared. */
    private static final int UUID_BYTES = 24 + 48;

    /** Number of calls that run concurrently; the result of one more is emitted without its subagent's branch. */
    private static final int RECENT_CALLS = 32;

    /** Number of subagents in the background. If more are started, the end of the oldest is not emitted. */
    private static final int RECENT_LAUNCHES = 128;

    /** Size of a call's id and a digest of 16 characters. */
    private static final int CALL_BYTES = 24 + 32 + 24 + 16;

    private static final Set<String> STARTING = Set.of("Task", "Agent");

    private final RecentMap<String> rootOfRecord = new RecentMap<>(RECENT_RECORDS);
    private final RecentMap<String> promptOfCall = new RecentMap<>(RECENT_CALLS);
    private final RecentMap<String> rootOfPrompt = new RecentMap<>(RECENT_CALLS);

    /** Branches whose work {@code progress} records repeat, by the call that started them. */
    private final RecentMap<String> lineOfCall = new RecentMap<>(RECENT_CALLS);

    /** For each inline branch, whether its last event is a message of its agent. */
    private final RecentMap<Boolean> endsWithAnswer = new RecentMap<>(RECENT_CALLS);

    /** Subagents that were started to work in the background; the values are unused. */
    private final RecentMap<String> launched = new RecentMap<>(RECENT_LAUNCHES);

    long heldBytes() {
        return rootOfRecord.heldBytes(UUID_BYTES)
                + promptOfCall.heldBytes(CALL_BYTES)
                + rootOfPrompt.heldBytes(CALL_BYTES)
                + lineOfCall.heldBytes(CALL_BYTES)
                + endsWithAnswer.heldBytes(UUID_BYTES)
                + launched.heldBytes(CALL_BYTES);
    }

    void save(StateWriter out) {
        out.all(rootOfRecord, StateWriter::text);
        out.all(promptOfCall, StateWriter::text);
        out.all(rootOfPrompt, StateWriter::text);
        out.all(lineOfCall, StateWriter::text);
        out.all(endsWithAnswer, StateWriter::flag);
        out.all(launched, StateWriter::text);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, rootOfRecord::put);
        in.all(StateReader::text, promptOfCall::put);
        in.all(StateReader::text, rootOfPrompt::put);
        in.all(StateReader::text, lineOfCall::put);
        in.all(StateReader::flag, endsWithAnswer::put);
        in.all(StateReader::text, launched::put);
    }

    /** Records the branch that works for a call, according to a {@code progress} record. */
    void recordBranch(String callId, String line) {
        if (!callId.isEmpty() && !line.equals(UNKNOWN_ROOT) && !line.equals(lineOfCall.get(callId))) {
            lineOfCall.renew(callId, line);
        }
    }

    /**
     * Returns the events of a record with the branch of the subagent: in the result of the call that it worked for, and
     * in the message that its background work ended. Other tasks end with such messages too.
     */
    List<ConversationEvent> link(JsonObject record, List<ConversationEvent> events) {
        boolean inBackground = false;
        if (record.get("toolUseResult").orElse(JsonNull.NULL) instanceof JsonObject result
                && result.isTrue("isAsync")
                && result.get("agentId").orElse(JsonNull.NULL) instanceof JsonText agent) {
            launched.renew(SafeId.of(agent.value()), "");
            inBackground = true;
        }
        List<ConversationEvent> linked = withOneSubagent(events);
        for (int i = 0; i < linked.size(); i++) {
            ConversationEvent event = linked.get(i);
            if (endsWithAnswer.containsKey(event.header().line())) {
                endsWithAnswer.put(event.header().line(), event instanceof AssistantMessage);
            }
            if (event instanceof ToolCall call && STARTING.contains(call.name())) {
                prompt(call.input()).ifPresent(digest -> promptOfCall.renew(call.callId(), digest));
            } else if (event instanceof UserMessage message && beginsLine(message.header())) {
                rootOfPrompt.renew(
                        StoppedWork.digest(message.text()), message.header().line());
                endsWithAnswer.renew(message.header().line(), false);
            } else if (event instanceof ToolResult result && result.subagent().isEmpty()) {
                Optional<String> reported = Optional.ofNullable(lineOfCall.remove(result.callId()));
                Optional<String> prompt = Optional.ofNullable(promptOfCall.remove(result.callId()));
                Optional<String> line = prompt.map(rootOfPrompt::remove)
                        .or(() -> reported)
                        .or(() -> prompt.filter(_ -> result.error()).map(StoppedWork::branchOf));
                if (line.isPresent() && !inBackground) {
                    linked = with(linked, i, result.withSubagent(line.get()));
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

    /**
     * Removes the subagent from all but one of several results in a record: that of the call that started the named
     * agent.
     */
    private List<ConversationEvent> withOneSubagent(List<ConversationEvent> events) {
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

    /** Reports whether subagents were active when their records ended. */
    boolean hasActive() {
        return !promptOfCall.isEmpty() || !rootOfPrompt.isEmpty();
    }

    /**
     * Emits the end of work that has no recorded end. A person has written a prompt, so no call is waited for any more.
     * Precedes the prompt's events.
     *
     * @param record the person's record, without events except these
     */
    void emitStopped(ClaudeRecord record) {
        for (Map.Entry<String, String> call : List.copyOf(promptOfCall.entrySet())) {
            String line = Optional.ofNullable(rootOfPrompt.remove(call.getValue()))
                    .or(() -> Optional.ofNullable(lineOfCall.remove(call.getKey())))
                    .orElse(StoppedWork.branchOf(call.getValue()));
            emit(record, StoppedWork.STOPPED, line);
        }
        promptOfCall.clear();
        for (String line : List.copyOf(rootOfPrompt.values())) {
            boolean done = Boolean.TRUE.equals(endsWithAnswer.get(line));
            emit(record, done ? StoppedWork.UNCLAIMED : StoppedWork.STOPPED, line);
        }
        rootOfPrompt.clear();
    }

    private static void emit(ClaudeRecord record, String subtype, String line) {
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

    /** Returns the branch of a record. Must be called in the order of the file. */
    String assignBranch(JsonObject record, String sourceLine) {
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
