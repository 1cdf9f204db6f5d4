package dev.kept.agents.claude;

import dev.kept.model.BoundedText;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecentMap;
import java.io.IOException;

/**
 * The latest texts of API messages, used to recognise a text that is repeated in a record of another {@code uuid}. A
 * client that writes a message while it streams may write the whole message each time: the text grows, and the tool
 * call in it keeps its id. Such a text keeps the event id of its first wording, so that it is a revision or a
 * repetition of it. Holds only the length and hash of each text. Not thread-safe.
 */
final class GrowingTexts {
    /** The number of texts. A message that is written again is one of the latest, and has few texts. */
    private static final int RECENT_TEXTS = 4;

    /** Size of a key, an event id, and the two objects that hold them. */
    private static final int ENTRY_BYTES = 240;

    private final RecentMap<Wording> texts = new RecentMap<>(RECENT_TEXTS);

    /** The last wording of a text, and the event of the first one. */
    private record Wording(String eventId, int length, int hash) {
        boolean begins(String text) {
            return length <= text.length() && text.substring(0, length).hashCode() == hash;
        }
    }

    /**
     * Returns the event id of a text.
     *
     * @param messageId the id of the API message; may be empty
     * @param block the name of the text within its record, by type and place
     * @param ownId the id of the text according to its record
     * @param repeatsCall whether the record repeats a call of an earlier record of the message
     * @return the id of the earlier text that this one continues, or repeats in a repeated message; else {@code ownId}
     */
    String accept(String messageId, String block, String ownId, String text, boolean repeatsCall) {
        if (messageId.isEmpty() || text.isBlank() || ownId.length() > BoundedText.MAX_KEY) {
            return ownId;
        }
        String key = messageId + "/" + block;
        Wording before = texts.get(key);
        String id = before != null && before.begins(text) && (repeatsCall || text.length() > before.length())
                ? before.eventId()
                : ownId;
        texts.renew(key, new Wording(id, text.length(), text.hashCode()));
        return id;
    }

    void save(StateWriter out) {
        out.all(texts, (to, wording) -> {
            to.text(wording.eventId());
            to.number(wording.length());
            to.bits(wording.hash());
        });
    }

    void restore(StateReader in) throws IOException {
        in.all(from -> new Wording(from.text(), from.number(0, Integer.MAX_VALUE), (int) from.bits()), texts::put);
    }

    long heldBytes() {
        return 16 + texts.heldBytes(ENTRY_BYTES);
    }
}
