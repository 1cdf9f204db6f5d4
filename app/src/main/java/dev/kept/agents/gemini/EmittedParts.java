package dev.kept.agents.gemini;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecentHashes;
import java.io.IOException;

/**
 * The emitted parts of messages, and their texts.
 *
 * <p>Texts are compared without white space: a text that is first one string and later repeated as a list of parts
 * differs in nothing else. In a very long session the oldest entries are forgotten; a part that is then repeated keeps
 * its id, and the decoder drops known ids.
 */
final class EmittedParts {
    private static final int REMEMBERED = 16_384;
    private static final long NEVER = 0;

    /** The low bits of a text's entry, which count its wordings. */
    private static final long COUNT = 0xff;

    private final RecentHashes known = new RecentHashes(REMEMBERED);

    /** Adds a part; returns true if it is new. */
    boolean add(String what) {
        return known.add(what);
    }

    boolean contains(String what) {
        return known.contains(what);
    }

    /** Reports whether a message of that type had this text. */
    boolean containsText(String type, String text) {
        return known.contains(textKey(type, text));
    }

    /** Adds a message's text unconditionally, as its first wording. */
    void setText(String eventId, String type, String text) {
        known.put(eventId, digest(text) | 1);
        known.add(textKey(type, text));
    }

    /**
     * Adds a text of a message.
     *
     * @return 0 if the text was emitted in this wording, 1 if it is new, n for its n-th wording
     */
    int addText(String eventId, String type, String text) {
        long before = known.get(eventId, NEVER);
        long digest = digest(text);
        if (before != NEVER && (before & ~COUNT) == digest) {
            return 0;
        }
        long wording = Math.min(before == NEVER ? 1 : (before & COUNT) + 1, COUNT);
        known.put(eventId, digest | wording);
        known.add(textKey(type, text));
        return (int) wording;
    }

    private static String textKey(String type, String text) {
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

    /** Returns the heap that this object uses, in bytes. */
    long heldBytes() {
        return 16 + known.heldBytes();
    }
}
