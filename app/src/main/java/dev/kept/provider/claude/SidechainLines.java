package dev.kept.provider.claude;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.EventHeader;
import dev.kept.provider.RecentMap;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;

/**
 * Tells the lines of subagents apart that stand inline in the main file, as versions up to 2.0 wrote them.
 *
 * <p>Such records have {@code isSidechain} and no {@code agentId}; each subagent is a tree of {@code parentUuid} whose root
 * has no parent. The line's name is the root's uuid.
 */
final class SidechainLines {
    private static final int RECENT_RECORDS = 1024;
    /** The line of what is known to be a subagent's and does not say which. */
    static final String UNKNOWN_ROOT = "sidechain";

    /** A string of 36 characters; the root's is shared. */
    private static final int UUID_BYTES = 24 + 48;

    private final RecentMap<String> rootOfRecord = new RecentMap<>(RECENT_RECORDS);

    long heldBytes() {
        return rootOfRecord.heldBytes(UUID_BYTES);
    }

    void save(StateWriter out) {
        out.all(rootOfRecord, StateWriter::text);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, rootOfRecord::put);
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
        rootOfRecord.put(uuid, root);
        return root;
    }
}
