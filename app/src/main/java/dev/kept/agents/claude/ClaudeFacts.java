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
 * The facts about a session in its records. A fact is emitted when it changes (counted: 9 files hold more than one
 * version, 68 more than one folder, 49 more than one Git branch). Subagents have folders and models of their own, which
 * are not the session's.
 */
final class ClaudeFacts {
    /**
     * The number of records within which a title must refer to one: most {@code summary} records (107 of 127) are about
     * other files.
     */
    private static final int RECENT_RECORDS = 64;

    /** Size of an entry, and of a string without its characters. */
    private static final int VALUE_BYTES = 24 + 24 + 16;

    /** The {@link BoundedText#key} of the last value of each fact. */
    private final Map<String, String> lastValues = new HashMap<>();

    private final RecentIds recent = new RecentIds(RECENT_RECORDS);
    private final String pathId;
    private final boolean ownFile;
    private String identity = "";
    private String continued = "";

    /**
     * Creates the facts of a file.
     *
     * @param pathId the session id in the path; empty if there is none
     * @param ownFile whether the file is a subagent's own
     */
    ClaudeFacts(Optional<String> pathId, boolean ownFile) {
        this.pathId = pathId.orElse("");
        this.ownFile = ownFile;
    }

    /**
     * Notes that the conversation of that session was handed over into the file; records of any session then belong to
     * it.
     */
    void noteHandover(String sessionId) {
        continued = sessionId;
    }

    List<SessionFact> of(JsonObject record, boolean onMainLine) {
        List<SessionFact> facts = new ArrayList<>();
        String session = record.stringOr("sessionId", "");
        if (!session.isEmpty() && updateIdentity(continued.isEmpty() ? SafeId.of(session) : continued)) {
            facts.add(new SessionFact.Identity(continued.isEmpty() ? session : continued));
        }
        if (!onMainLine) {
            if (ownFile) {
                // Used if nothing is known of the conversation.
                addIfChanged(facts, record, "cwd", SessionFact.WorkingDirectory::new);
            }
            return facts;
        }
        addIfChanged(facts, record, "cwd", SessionFact.WorkingDirectory::new);
        addIfChanged(facts, record, "gitBranch", SessionFact.GitBranch::new);
        addIfChanged(facts, record, "version", SessionFact.ClientVersion::new);
        Optional<String> uuid = record.string("uuid");
        if (uuid.isPresent()) {
            recent.add(uuid.get());
        }
        // Emitted for each copied record, not once: this fact identifies a copy.
        String from = record.object("forkedFrom").orElse(JsonObject.EMPTY).stringOr("sessionId", "");
        if (!from.isEmpty()) {
            facts.add(new SessionFact.ForkedFrom(from));
        }
        switch (record.stringOr("type", "")) {
            case "custom-title" ->
                addIfChanged(facts, record, "customTitle", title -> new SessionFact.Title(title, true));
            case "ai-title" -> addIfChanged(facts, record, "aiTitle", title -> new SessionFact.Title(title, false));
            case "summary" -> {
                if (recent.contains(record.stringOr("leafUuid", ""))) {
                    addIfChanged(facts, record, "summary", title -> new SessionFact.Title(title, false));
                }
            }
            case "assistant" -> {
                JsonObject message = record.object("message").orElse(JsonObject.EMPTY);
                if (!message.stringOr("model", "").equals(ClaudeAssistantRecords.SYNTHETIC_MODEL)) {
                    addIfChanged(facts, message, "model", SessionFact.Model::new);
                }
            }
            default -> {}
        }
        return facts;
    }

    /** Returns the facts in a record's events: the title that a person gave with {@code /rename}. */
    List<SessionFact> of(List<ConversationEvent> events) {
        List<SessionFact> facts = new ArrayList<>(0);
        for (ConversationEvent event : events) {
            boolean renames = event instanceof UserCommand command
                    && command.name().equals("/rename")
                    && !command.arguments().isBlank();
            if (renames && event.header().onMainLine()) {
                String title = ((UserCommand) event).arguments().strip();
                lastValues.put("customTitle", BoundedText.key(title));
                facts.add(new Title(title, Origin.PERSON));
            }
        }
        return facts;
    }

    /**
     * Updates the identity of the session; returns true if it is news beyond the path. The first record that names a
     * session counts, unless a later one names the session of the path: then the records before were copied.
     */
    private boolean updateIdentity(String session) {
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
        out.all(lastValues, StateWriter::text);
        recent.save(out);
        out.text(identity);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, lastValues::put);
        recent.restore(in);
        identity = in.text();
    }

    /**
     * Returns the heap that this object uses, in bytes; the session's metadata holds the same values, but in other
     * objects.
     */
    long heldBytes() {
        long texts = 0;
        for (String value : lastValues.values()) {
            texts += VALUE_BYTES + BoundedText.bytes(value);
        }
        return 160 + BoundedText.bytes(identity) + texts + recent.heldBytes();
    }

    private boolean update(String name, String value) {
        String key = BoundedText.key(value);
        return !key.equals(lastValues.put(name, key));
    }

    private void addIfChanged(
            List<SessionFact> facts, JsonObject from, String name, Function<String, SessionFact> fact) {
        String value = from.stringOr(name, "");
        if (!value.isEmpty() && update(name, value)) {
            facts.add(fact.apply(value));
        }
    }
}
