package dev.kept.provider.claude;

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
 */
final class ClaudeRewinds {
    /** How many prompts back it is noticed. */
    private static final int RECENT_PROMPTS = 512;

    private static final String CAVEAT = "local-command-caveat";

    /** Of prompts; {@code ""} of the first. */
    private final RecentIds parents = new RecentIds(RECENT_PROMPTS);

    private final RecentIds prompts = new RecentIds(RECENT_PROMPTS);

    /** Some programs write such files without any parent: then none says nothing. */
    private boolean chained;

    /** Looks at each record of the main line before it is read. */
    void pass(ClaudeRecord record) {
        chained |=
                record.onMainLine() && !record.body().stringOr("parentUuid", "").isEmpty();
    }

    /** Whether a {@code user} record takes the place of an earlier prompt, if it is one itself. */
    boolean takesAnothersPlace(ClaudeRecord record) {
        String uuid = record.body().stringOr("uuid", "");
        if (!record.onMainLine() || uuid.isEmpty() || prompts.contains(uuid)) {
            return false;
        }
        Optional<String> parent = parentOf(record.body());
        return parent.isPresent() && (chained || !parent.get().isEmpty()) && parents.contains(parent.get());
    }

    /** Remembers a {@code user} record that was read, if it is a prompt. */
    void note(ClaudeRecord record) {
        Optional<String> parent = parentOf(record.body());
        if (parent.isPresent() && record.onMainLine() && isPrompt(record.events())) {
            prompts.add(record.id());
            if (!parents.contains(parent.get())) {
                parents.add(parent.get());
            }
        }
    }

    /** The event that goes before those of such a prompt; its text is the record after which the conversation goes on. */
    static ProviderInfo event(ClaudeRecord record) {
        return new ProviderInfo(
                record.header(record.id() + "/rewind", record.type(), Authorship.NONE),
                "rewind",
                parentOf(record.body()).orElse(""));
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

    /** Empty where a record says nothing of it; {@code ""} where there is none. */
    private static Optional<String> parentOf(JsonObject body) {
        Optional<String> parent = body.string("parentUuid");
        boolean first = body.members().get("parentUuid") == JsonNull.NULL
                && body.string("logicalParentUuid").isEmpty();
        return first ? Optional.of("") : parent;
    }

    void save(StateWriter out) {
        parents.save(out);
        prompts.save(out);
        out.flag(chained);
    }

    void restore(StateReader in) throws IOException {
        parents.restore(in);
        prompts.restore(in);
        chained = in.flag();
    }

    /** Bytes of heap that it takes. */
    long heldBytes() {
        return 32 + parents.heldBytes() + prompts.heldBytes();
    }
}
