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
 * Ids for records that have none: a hash of what they say, and the how-manieth record it is that says so. Neither the
 * time nor the session goes in, because a fork copies records under another session's name.
 */
public final class ContentIds {
    private static final int DIGEST_BYTES = 16;
    private static final int HASH_CHARS = 2 * DIGEST_BYTES;
    private static final int REMEMBERED = 4096;

    /** A string of 32 characters and a count. */
    private static final int HASH_BYTES = 24 + 48 + 16;

    private final RecentMap<Integer> occurrences = new RecentMap<>(REMEMBERED);

    /**
     * The id of a record.
     *
     * @param without members that are not part of what it says
     */
    public String next(JsonObject record, Set<String> without) {
        Map<String, JsonValue> said = new LinkedHashMap<>(record.members());
        said.keySet().removeAll(without);
        return next(new JsonObject(said).toJson());
    }

    /** The id of what is said. */
    public String next(String said) {
        byte[] digest = sha256(said.getBytes(StandardCharsets.UTF_8));
        String hash = HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        int occurrence = occurrences.getOrDefault(hash, 0) + 1;
        occurrences.renew(hash, occurrence);
        return hash + "#" + occurrence;
    }

    /** True if an event's id is made of what it says: a text that is edited in place changes it. */
    public static boolean isOf(String eventId) {
        return eventId.length() > HASH_CHARS && eventId.charAt(HASH_CHARS) == '#';
    }

    /** Writes what was counted. */
    public void save(StateWriter out) {
        out.all(occurrences, (to, count) -> to.number(count));
    }

    /** Goes on counting. */
    public void restore(StateReader in) throws IOException {
        in.all(from -> from.number(1, Integer.MAX_VALUE), occurrences::put);
    }

    /** Bytes of heap that it takes. */
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
