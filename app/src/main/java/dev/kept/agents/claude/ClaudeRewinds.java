package dev.kept.agents.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecentIds;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A detector of rewinds: a person goes back to an earlier prompt (Esc Esc). Claude Code does not record that. It
 * continues in the same file, and the next prompt has the same parent as the one it replaces (seen in 2.1.330).
 * Otherwise no two prompts have one parent (counted: 742 prompts in 148 files), in spite of compaction, copies and
 * concurrent work.
 *
 * <p>Two prompts also have the same parent if two windows write one session. A person goes back in a window whose agent
 * is idle; so while an answer is due, a prompt in another's place comes from another window. Nobody can go back to a
 * parent that is not in the file, or to {@code null}. If both windows were idle, only later records decide: a prompt
 * that continues the abandoned branch was typed in the other window, and an event reports it.
 */
final class ClaudeRewinds {
    /** The number of latest prompts to which a rewind is detected. */
    private static final int RECENT_PROMPTS = 512;

    /**
     * The number of latest records that can be a parent: a prompt follows one of them, apart from records that several
     * tools and hooks write concurrently.
     */
    private static final int RECENT_RECORDS = 64;

    /**
     * The number of records at the end of a branch: an answer, and those of hooks and the client after it. A prompt
     * follows one of them.
     */
    private static final int END_RECORDS = 8;

    /** The number of abandoned branches whose continuation is detected. */
    private static final int MOST_ABANDONED = 4;

    private static final String REWIND = "rewind";
    private static final String CAVEAT = "local-command-caveat";

    /** The parents of prompts; only those in the file. */
    private final RecentIds parents = new RecentIds(RECENT_PROMPTS);

    private final RecentIds prompts = new RecentIds(RECENT_PROMPTS);
    private final RecentIds written = new RecentIds(RECENT_RECORDS);

    /** The last records of the current branch. */
    private RecentIds end = new RecentIds(END_RECORDS);

    private final Deque<Branch> abandoned = new ArrayDeque<>();

    /** A branch that seems abandoned: the id of the event that reports it, and its last records. */
    private record Branch(String rewind, RecentIds end) {}

    /** True while the agent is active, according to the last message of the main branch. */
    private boolean working;

    /** Reports whether a {@code user} record replaces an earlier prompt, if it is a prompt itself. */
    boolean replacesPrompt(ClaudeRecord record) {
        String uuid = record.body().stringOr("uuid", "");
        return record.onMainLine()
                && !working
                && !uuid.isEmpty()
                && !prompts.contains(uuid)
                && parentOf(record).filter(parents::contains).isPresent();
    }

    /**
     * Returns the id of the rewind that abandoned the branch which a {@code user} record continues, if the record is a
     * prompt.
     */
    Optional<String> continuedRewind(ClaudeRecord record) {
        return record.onMainLine() && !prompts.contains(record.body().stringOr("uuid", ""))
                ? abandonedBefore(record).map(Branch::rewind)
                : Optional.empty();
    }

    /**
     * Returns the abandoned branch that ends with a record's parent. If the parent has a prompt already, the record
     * replaces that prompt instead.
     */
    private Optional<Branch> abandonedBefore(ClaudeRecord record) {
        return abandoned.isEmpty()
                ? Optional.empty()
                : parentOf(record)
                        .filter(parent -> !parents.contains(parent))
                        .flatMap(parent -> abandoned.stream()
                                .filter(branch -> branch.end().contains(parent))
                                .findFirst());
    }

    private void noteBranch(ClaudeRecord record, String uuid, boolean isPrompt) {
        Optional<Branch> before = prompts.contains(uuid) && isPrompt ? Optional.empty() : abandonedBefore(record);
        Optional<String> rewind = rewindOf(record.events());
        if (rewind.isPresent()) {
            abandoned.add(new Branch(rewind.get(), end));
            if (abandoned.size() > MOST_ABANDONED) {
                abandoned.remove();
            }
            end = new RecentIds(END_RECORDS);
            end.add(uuid);
        } else if (before.isPresent() && !isPrompt) {
            before.get().end().add(uuid);
        } else {
            before.ifPresent(abandoned::remove);
            end.add(uuid);
        }
    }

    /** Returns the id of the rewind event among a record's events; bounded like all event ids. */
    private static Optional<String> rewindOf(List<ConversationEvent> events) {
        return events.stream()
                .filter(event ->
                        event instanceof ProviderInfo info && info.subtype().equals(REWIND))
                .map(event -> event.header().eventId())
                .findFirst();
    }

    /** Updates the state after a record of the main branch was read. */
    void accept(ClaudeRecord record) {
        if (!record.onMainLine()) {
            return;
        }
        Optional<String> parent = parentOf(record);
        boolean isPrompt = record.body().stringOr("type", "").equals("user") && isPrompt(record.events());
        record.body().string("uuid").ifPresent(uuid -> noteBranch(record, uuid, isPrompt));
        if (isPrompt && parent.isPresent()) {
            prompts.add(record.id());
            if (written.contains(parent.get()) && !parents.contains(parent.get())) {
                parents.add(parent.get());
            }
        }
        record.body().string("uuid").ifPresent(written::add);
        working = isWorkingAfter(record);
    }

    private boolean isWorkingAfter(ClaudeRecord record) {
        JsonObject message = record.body().object("message").orElse(JsonObject.EMPTY);
        return switch (record.body().stringOr("type", "")) {
            case "assistant" ->
                message.stringOr("stop_reason", "").equals("tool_use")
                        || !lastBlock(message).equals("text");
            case "user" -> {
                boolean prompt = record.events().stream()
                        .anyMatch(event -> event.header().authorship().authored());
                yield prompt || (working && !isInterruption(record.events()));
            }
            default -> working;
        };
    }

    /** Returns the type of the last block of a message; a message without blocks is a text. */
    private static String lastBlock(JsonObject message) {
        List<JsonValue> blocks = message.array("content");
        return blocks.isEmpty() ? "text" : ClaudeUserRecords.typeOf(blocks.getLast());
    }

    private static boolean isInterruption(List<ConversationEvent> events) {
        for (ConversationEvent event : events) {
            if (event instanceof SystemMessage message && message.subtype().equals("interrupted")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the rewind event to precede the events of such a prompt; its text is the record after which the
     * conversation continues.
     */
    static ProviderInfo rewind(ClaudeRecord record) {
        return new ProviderInfo(
                record.header(record.id() + "/" + REWIND, record.type(), Authorship.NONE),
                REWIND,
                parentOf(record).orElse(""));
    }

    /** Returns the event to precede a prompt that continues the branch which a rewind seemed to abandon. */
    static ProviderInfo continuation(ClaudeRecord record, String rewind) {
        return new ProviderInfo(
                record.header(record.id() + "/branch", record.type(), Authorship.NONE),
                ProviderInfo.BRANCH_CONTINUES,
                rewind);
    }

    /** Reports whether events are a prompt: a person's text, a command of the agent's, or the caveat before one. */
    static boolean isPrompt(List<ConversationEvent> events) {
        for (ConversationEvent event : events) {
            if (event.header().authorship().authored()
                    || event instanceof UserCommand
                    || (event instanceof SystemMessage message
                            && message.subtype().equals(CAVEAT))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> parentOf(ClaudeRecord record) {
        return record.body().get("parentUuid").orElse(JsonNull.NULL) == JsonNull.NULL
                ? Optional.empty()
                : record.body().string("parentUuid");
    }

    void save(StateWriter out) {
        parents.save(out);
        prompts.save(out);
        written.save(out);
        end.save(out);
        out.all(abandoned, branch -> {
            out.text(branch.rewind());
            branch.end().save(out);
        });
        out.flag(working);
    }

    void restore(StateReader in) throws IOException {
        parents.restore(in);
        prompts.restore(in);
        written.restore(in);
        end.restore(in);
        abandoned.clear();
        abandoned.addAll(in.all(ClaudeRewinds::restoredBranch));
        working = in.flag();
    }

    private static Branch restoredBranch(StateReader in) throws IOException {
        Branch branch = new Branch(in.text(), new RecentIds(END_RECORDS));
        branch.end().restore(in);
        return branch;
    }

    /** Returns the heap that this object uses, in bytes. */
    long heldBytes() {
        return 200
                + parents.heldBytes()
                + prompts.heldBytes()
                + written.heldBytes()
                + end.heldBytes()
                + abandoned.stream()
                        .mapToLong(branch -> 80
                                + 2L * branch.rewind().length()
                                + branch.end().heldBytes())
                        .sum();
    }
}
