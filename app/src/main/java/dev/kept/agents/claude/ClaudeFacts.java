package dev.kept.agents.claude;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.BoundedText;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionFact.Title;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecentIds;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What records say about their session. A fact is told when it changes (counted: 9 files hold more than one version, 68 more
 * than one folder, 49 more than one branch). Subagents have folders and models of their own, which are not the session's.
 */
final class ClaudeFacts {
    /** Where a title has to point to be about this file: most {@code summary} records (107 of 127) are about others. */
    private static final int RECENT_RECORDS = 64;

    /** An entry, and a string without its characters. */
    private static final int TOLD_BYTES = 24 + 24 + 16;

    /** The {@link BoundedText#key} of the last value of each fact. */
    private final Map<String, String> told = new HashMap<>();

    private final RecentIds recent = new RecentIds(RECENT_RECORDS);
    private final String pathId;
    private final boolean ownFile;
    private String identity = "";
    private String continued = "";

    /**
     * @param pathId the session's id that the path tells; empty where it tells none
     * @param ownFile whether the file is a subagent's own
     */
    ClaudeFacts(Optional<String> pathId, boolean ownFile) {
        this.pathId = pathId.orElse("");
        this.ownFile = ownFile;
    }

    /** The conversation of that session was handed over into the file: it is the session of whatever names one. */
    void continues(String sessionId) {
        continued = sessionId;
    }

    List<SessionFact> of(JsonObject record, boolean onMainLine) {
        List<SessionFact> facts = new ArrayList<>();
        String session = record.stringOr("sessionId", "");
        if (!session.isEmpty() && isNamed(continued.isEmpty() ? SafeId.of(session) : continued)) {
            facts.add(new SessionFact.Identity(continued.isEmpty() ? session : continued));
        }
        if (!onMainLine) {
            if (ownFile) {
                // It counts where nothing is known of the conversation.
                tell(facts, record, "cwd", SessionFact.WorkingDirectory::new);
            }
            return facts;
        }
        tell(facts, record, "cwd", SessionFact.WorkingDirectory::new);
        tell(facts, record, "gitBranch", SessionFact.GitBranch::new);
        tell(facts, record, "version", SessionFact.ClientVersion::new);
        Optional<String> uuid = record.string("uuid");
        if (uuid.isPresent()) {
            recent.add(uuid.get());
        }
        // Of each copied record, not once: the fact is what tells a copy.
        String from = record.object("forkedFrom").orElse(JsonObject.EMPTY).stringOr("sessionId", "");
        if (!from.isEmpty()) {
            facts.add(new SessionFact.ForkedFrom(from));
        }
        switch (record.stringOr("type", "")) {
            case "custom-title" -> tell(facts, record, "customTitle", title -> new SessionFact.Title(title, true));
            case "ai-title" -> tell(facts, record, "aiTitle", title -> new SessionFact.Title(title, false));
            case "summary" -> {
                if (recent.contains(record.stringOr("leafUuid", ""))) {
                    tell(facts, record, "summary", title -> new SessionFact.Title(title, false));
                }
            }
            case "assistant" -> {
                JsonObject message = record.object("message").orElse(JsonObject.EMPTY);
                if (!message.stringOr("model", "").equals(ClaudeAssistantRecords.SYNTHETIC_MODEL)) {
                    tell(facts, message, "model", SessionFact.Model::new);
                }
            }
            default -> {}
        }
        return facts;
    }

    /** Returns what the events of a record say about their session: the title that a person gave with {@code /rename}. */
    List<SessionFact> of(List<ConversationEvent> events) {
        List<SessionFact> facts = new ArrayList<>(0);
        for (ConversationEvent event : events) {
            boolean renames = event instanceof UserCommand command
                    && command.name().equals("/rename")
                    && !command.arguments().isBlank();
            if (renames && event.header().onMainLine()) {
                String title = ((UserCommand) event).arguments().strip();
                told.put("customTitle", BoundedText.key(title));
                facts.add(new Title(title, Origin.PERSON));
            }
        }
        return facts;
    }

    /**
     * Reports whether a record names the session, and not as the path does already. The first one counts, unless a later one
     * says what the file is named after: then a copy stands before that.
     */
    private boolean isNamed(String session) {
        if (!continued.isEmpty()) {
            boolean isNews = !identity.equals(continued);
            identity = continued;
            return isNews;
        }
        boolean settled = identity.equals(pathId) && !identity.isEmpty();
        if (settled || (!identity.isEmpty() && !session.equals(pathId))) {
            return false;
        }
        boolean asExpected = identity.isEmpty() && session.equals(pathId);
        identity = session;
        return !asExpected;
    }

    void save(StateWriter out) {
        out.all(told, StateWriter::text);
        recent.save(out);
        out.text(identity);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, told::put);
        recent.restore(in);
        identity = in.text();
    }

    /** Bytes of heap that it takes; the values are held by the session's metadata too, but not as the same objects. */
    long heldBytes() {
        long texts = 0;
        for (String value : told.values()) {
            texts += TOLD_BYTES + BoundedText.bytes(value);
        }
        return 160 + BoundedText.bytes(identity) + texts + recent.heldBytes();
    }

    private boolean isNew(String name, String value) {
        String key = BoundedText.key(value);
        return !key.equals(told.put(name, key));
    }

    private void tell(List<SessionFact> facts, JsonObject from, String name, Function<String, SessionFact> fact) {
        String value = from.stringOr(name, "");
        if (!value.isEmpty() && isNew(name, value)) {
            facts.add(fact.apply(value));
        }
    }
}
