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
 * Notices where a person goes back to an earlier prompt (Esc Esc). Claude Code says so nowhere: it goes on in the same file,
 * and the next prompt has the parent of the one that it takes the place of (seen in 2.1.330). Otherwise no two prompts have
 * one parent (counted: 742 prompts in 148 files), whatever is compacted, copied or done at once.
 *
 * <p>Two prompts have one parent as well where two windows write one session. A person goes back in a window whose agent is
 * idle; so while an answer is due, a prompt that takes another's place comes from another window. A parent that is not in
 * the file, or {@code null}, is no place that anybody could go back to. Where both windows were idle, only what comes
 * later tells: a prompt that continues the branch which was left was typed in the other window, and an event says so.
 */
final class ClaudeRewinds {
    /** How many prompts back it is noticed. */
    private static final int RECENT_PROMPTS = 512;

    /** A prompt follows one of the last records, but for what several tools and hooks write at once. */
    private static final int RECENT_RECORDS = 64;

    /** An answer, and what hooks and the client write behind it; a prompt follows one of them. */
    private static final int END_RECORDS = 8;

    /** Branches whose going on is noticed. */
    private static final int MOST_LEFT = 4;

    private static final String REWIND = "rewind";
    private static final String CAVEAT = "local-command-caveat";

    /** Of prompts; only such as are in the file. */
    private final RecentIds parents = new RecentIds(RECENT_PROMPTS);

    private final RecentIds prompts = new RecentIds(RECENT_PROMPTS);
    private final RecentIds written = new RecentIds(RECENT_RECORDS);

    /** The last records of the branch that goes on. */
    private RecentIds end = new RecentIds(END_RECORDS);

    private final Deque<Left> left = new ArrayDeque<>();

    /** A branch that was left, as far as is known: the event that says so, and the last records of the branch. */
    private record Left(String rewind, RecentIds end) {}

    /** True while the agent works, as far as the last message of the main line tells. */
    private boolean working;

    /** Reports whether a {@code user} record takes the place of an earlier prompt, if it is one itself. */
    boolean takesAnothersPlace(ClaudeRecord record) {
        String uuid = record.body().stringOr("uuid", "");
        return record.onMainLine()
                && !working
                && !uuid.isEmpty()
                && !prompts.contains(uuid)
                && parentOf(record).filter(parents::contains).isPresent();
    }

    /** Returns the id of the rewind that left the branch which a {@code user} record continues, if it is a prompt. */
    Optional<String> goesOnWithLeft(ClaudeRecord record) {
        return record.onMainLine() && !prompts.contains(record.body().stringOr("uuid", ""))
                ? leftBefore(record).map(Left::rewind)
                : Optional.empty();
    }

    /** The branch that ends with a record's parent; of a prompt's parent, a prompt there takes the place of another. */
    private Optional<Left> leftBefore(ClaudeRecord record) {
        return left.isEmpty()
                ? Optional.empty()
                : parentOf(record)
                        .filter(parent -> !parents.contains(parent))
                        .flatMap(parent -> left.stream()
                                .filter(branch -> branch.end().contains(parent))
                                .findFirst());
    }

    private void noteBranch(ClaudeRecord record, String uuid, boolean isPrompt) {
        Optional<Left> before = prompts.contains(uuid) && isPrompt ? Optional.empty() : leftBefore(record);
        Optional<String> rewind = rewindOf(record.events());
        if (rewind.isPresent()) {
            left.add(new Left(rewind.get(), end));
            if (left.size() > MOST_LEFT) {
                left.remove();
            }
            end = new RecentIds(END_RECORDS);
            end.add(uuid);
        } else if (before.isPresent() && !isPrompt) {
            before.get().end().add(uuid);
        } else {
            before.ifPresent(left::remove);
            end.add(uuid);
        }
    }

    /** Returns the id of the event with which a record goes back, if it does; bounded as all ids of events are. */
    private static Optional<String> rewindOf(List<ConversationEvent> events) {
        return events.stream()
                .filter(event ->
                        event instanceof ProviderInfo info && info.subtype().equals(REWIND))
                .map(event -> event.header().eventId())
                .findFirst();
    }

    /** Remembers a record of the main line that was read. */
    void note(ClaudeRecord record) {
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

    /** Returns the type of the last block of a message; that of one without blocks is a text. */
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

    /** The event that goes before those of such a prompt; its text is the record after which the conversation goes on. */
    static ProviderInfo event(ClaudeRecord record) {
        return new ProviderInfo(
                record.header(record.id() + "/" + REWIND, record.type(), Authorship.NONE),
                REWIND,
                parentOf(record).orElse(""));
    }

    /** The event that goes before those of a prompt that continues the branch which a rewind seemed to leave. */
    static ProviderInfo goesOn(ClaudeRecord record, String rewind) {
        return new ProviderInfo(
                record.header(record.id() + "/branch", record.type(), Authorship.NONE),
                ProviderInfo.BRANCH_GOES_ON,
                rewind);
    }

    /** True for what a person wrote, a command of the agent's, and the caveat that goes before one. */
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
        out.all(left, branch -> {
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
        left.clear();
        left.addAll(in.all(ClaudeRewinds::restoredBranch));
        working = in.flag();
    }

    private static Left restoredBranch(StateReader in) throws IOException {
        Left branch = new Left(in.text(), new RecentIds(END_RECORDS));
        branch.end().restore(in);
        return branch;
    }

    /** Bytes of heap that it takes. */
    long heldBytes() {
        return 200
                + parents.heldBytes()
                + prompts.heldBytes()
                + written.heldBytes()
                + end.heldBytes()
                + left.stream()
                        .mapToLong(branch -> 80
                                + 2L * branch.rewind().length()
                                + branch.end().heldBytes())
                        .sum();
    }
}
