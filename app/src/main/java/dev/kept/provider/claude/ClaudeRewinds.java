package dev.kept.provider.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.provider.RecentIds;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Notices where a person goes back to an earlier prompt (Esc Esc). Claude Code says so nowhere: it goes on in the same file,
 * and the next prompt has the parent of the one that it takes the place of (seen in 2.1.330). Otherwise no two prompts have
 * one parent (counted: 742 prompts in 148 files), whatever is compacted, copied or done at once.
 *
 * <p>Two prompts have one parent as well where two windows write one session. A person goes back in a window whose agent is
 * idle; so while an answer is due, a prompt that takes another's place comes from another window. A parent that is not in
 * the file, or {@code null}, is no place that anybody could go back to.
 */
final class ClaudeRewinds {
    /** How many prompts back it is noticed. */
    private static final int RECENT_PROMPTS = 512;

    /** A prompt follows one of the last records, but for what several tools and hooks write at once. */
    private static final int RECENT_RECORDS = 64;

    private static final String CAVEAT = "local-command-caveat";

    /** Of prompts; only such as are in the file. */
    private final RecentIds parents = new RecentIds(RECENT_PROMPTS);

    private final RecentIds prompts = new RecentIds(RECENT_PROMPTS);
    private final RecentIds written = new RecentIds(RECENT_RECORDS);

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

    /** Remembers a record of the main line that was read. */
    void note(ClaudeRecord record) {
        if (!record.onMainLine()) {
            return;
        }
        Optional<String> parent = parentOf(record);
        boolean isPrompt = record.body().stringOr("type", "").equals("user") && isPrompt(record.events());
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
                record.header(record.id() + "/rewind", record.type(), Authorship.NONE),
                "rewind",
                parentOf(record).orElse(""));
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
        out.flag(working);
    }

    void restore(StateReader in) throws IOException {
        parents.restore(in);
        prompts.restore(in);
        written.restore(in);
        working = in.flag();
    }

    /** Bytes of heap that it takes. */
    long heldBytes() {
        return 40 + parents.heldBytes() + prompts.heldBytes() + written.heldBytes();
    }
}
