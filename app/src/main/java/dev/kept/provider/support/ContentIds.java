package dev.kept.provider.support;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A source of ids for records that have none. An id consists of a hash of the content and the number of the occurrence
 * of that content. It does not depend on time or session, because a fork copies records under the name of another
 * session.
 */
public final class ContentIds {
    private static final int DIGEST_BYTES = 16;
    private static final int HASH_CHARS = 2 * DIGEST_BYTES;
    private static final int REMEMBERED = 4096;

    /** A string of 32 characters and a count. */
    private static final int HASH_BYTES = 24 + 48 + 16;

    private final RecentMap<Integer> occurrences = new RecentMap<>(REMEMBERED);

    /**
     * Returns the id of the next record.
     *
     * @param without the members that are not part of its content
     */
    public String next(JsonObject record, Set<String> without) {
        Map<String, JsonValue> members = new LinkedHashMap<>(record.members());
        members.keySet().removeAll(without);
        return next(new JsonObject(members).toJson());
    }

    /** Returns the id of the next content. */
    public String next(String content) {
        byte[] digest = sha256(content.getBytes(StandardCharsets.UTF_8));
        String hash = HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        int occurrence = occurrences.getOrDefault(hash, 0) + 1;
        occurrences.renew(hash, occurrence);
        return hash + "#" + occurrence;
    }

    /** Reports whether an event's id is derived from its content, so that editing the text changes the id. */
    public static boolean isOf(String eventId) {
        return eventId.length() > HASH_CHARS && eventId.charAt(HASH_CHARS) == '#';
    }

    /** Writes the counts. */
    public void save(StateWriter out) {
        out.all(occurrences, (to, count) -> to.number(count));
    }

    /** Restores the counts. */
    public void restore(StateReader in) throws IOException {
        in.all(from -> from.number(1, Integer.MAX_VALUE), occurrences::put);
    }

    /** Returns the heap that this object uses, in bytes. */
    public long heldBytes() {
        return occurrences.heldBytes(HASH_BYTES);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
