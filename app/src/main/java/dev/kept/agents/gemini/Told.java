package dev.kept.agents.gemini;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecentHashes;
import java.io.IOException;

/**
 * What the parser has told: which parts of which messages, and what their texts said.
 *
 * <p>TextEscapes are compared without white space: a text that comes first as one string and is later repeated as a list of
 * parts differs in nothing else. Of a very long session the oldest is forgotten; what is then repeated keeps its id, and a
 * reading drops ids that it knows.
 */
final class Told {
    private static final int REMEMBERED = 16_384;
    private static final long NEVER = 0;

    /** The low bits of a remembered text count its revisions. */
    private static final long COUNT = 0xff;

    private final RecentHashes known = new RecentHashes(REMEMBERED);

    /** Tells whether something is told for the first time. */
    boolean first(String what) {
        return known.add(what);
    }

    boolean was(String what) {
        return known.contains(what);
    }

    /** Whether any message of that type said this. */
    boolean wasSaid(String type, String text) {
        return known.contains(saying(type, text));
    }

    /** Notes that a message says a text, without asking. */
    void note(String eventId, String type, String text) {
        known.put(eventId, digest(text) | 1);
        known.add(saying(type, text));
    }

    /**
     * Tells a text of a message.
     *
     * @return 0 if it was told as it is, 1 if it is told for the first time, n for its n-th wording
     */
    int say(String eventId, String type, String text) {
        long before = known.get(eventId, NEVER);
        long digest = digest(text);
        if (before != NEVER && (before & ~COUNT) == digest) {
            return 0;
        }
        long wording = Math.min(before == NEVER ? 1 : (before & COUNT) + 1, COUNT);
        known.put(eventId, digest | wording);
        known.add(saying(type, text));
        return (int) wording;
    }

    private static String saying(String type, String text) {
        return "said/" + type + "/" + Long.toHexString(digest(text));
    }

    private static long digest(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c)) {
                hash = (hash ^ c) * 0x100000001b3L;
            }
        }
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        return (hash ^ (hash >>> 29)) & ~COUNT;
    }

    void save(StateWriter out) {
        known.save(out);
    }

    void restore(StateReader in) throws IOException {
        known.restore(in);
    }

    /** Bytes of heap that it takes. */
    long heldBytes() {
        return 16 + known.heldBytes();
    }
}
