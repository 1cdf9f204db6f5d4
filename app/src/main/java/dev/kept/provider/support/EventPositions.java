package dev.kept.provider.support;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the events of a source stand whose ids are made of what they say: the kind, the time, and the how-manieth of
 * that kind and time. An event that a later generation tells under another id in a place that was taken before is the
 * same one with another text: somebody took a secret out of the file. Events without a time are counted through. Not
 * thread-safe.
 */
public final class EventPositions {
    private static final String TIMELESS = "";

    /** So many kinds of event are counted by themselves; the others together. */
    private static final int MOST_KINDS = 64;

    private static final String OTHER_KINDS = "";

    private final EventIdSet taken = new EventIdSet();
    private final Map<String, Integer> atOneTime = new HashMap<>(4);
    private final Map<String, Integer> timeless = new HashMap<>(4);
    private String time = TIMELESS;

    /** The source is read from its beginning again. */
    public void beginGeneration() {
        atOneTime.clear();
        timeless.clear();
        time = TIMELESS;
    }

    /** Takes an event's place; false if it was taken before. */
    public boolean take(ConversationEvent event) {
        EventHeader header = event.header();
        if (!ContentIds.isOf(header.eventId())) {
            return true;
        }
        String at = header.timestamp().map(Object::toString).orElse(TIMELESS);
        if (!at.equals(time) && !at.equals(TIMELESS)) {
            time = at;
            atOneTime.clear();
        }
        String kind = header.line() + " " + event.kind();
        Map<String, Integer> counted = at.equals(TIMELESS) ? timeless : atOneTime;
        boolean hasRoom = counted.size() < MOST_KINDS || counted.containsKey(kind);
        int number = counted.merge(hasRoom ? kind : OTHER_KINDS, 1, Integer::sum);
        return taken.add(kind + " " + at + " " + number);
    }

    public void save(StateWriter out) {
        taken.save(out);
        out.text(time);
        out.all(atOneTime, (to, count) -> to.number(count));
        out.all(timeless, (to, count) -> to.number(count));
    }

    public void restore(StateReader in) throws IOException {
        taken.restore(in);
        time = in.text();
        in.all(from -> from.number(1, Integer.MAX_VALUE), atOneTime::put);
        in.all(from -> from.number(1, Integer.MAX_VALUE), timeless::put);
    }

    /** Bytes of heap that the places take. */
    public long heldBytes() {
        return 160 + taken.heldBytes() + 100L * (atOneTime.size() + timeless.size());
    }
}
