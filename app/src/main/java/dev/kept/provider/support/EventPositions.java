package dev.kept.provider.support;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The positions of the events of a source whose ids are derived from their content. A position consists of kind, time,
 * and the ordinal among the events of that kind and time. If a later generation has an event with another id at a known
 * position, it is the same event with another text: somebody removed a secret from the file, for example. Events
 * without a time are numbered through. Not thread-safe.
 */
public final class EventPositions {
    private static final String TIMELESS = "";

    /** The number of kinds that are counted separately; all others are counted together. */
    private static final int MOST_KINDS = 64;

    private static final String OTHER_KINDS = "";

    private final EventIdSet known = new EventIdSet();
    private final Map<String, Integer> atOneTime = new HashMap<>(4);
    private final Map<String, Integer> timeless = new HashMap<>(4);
    private String time = TIMELESS;

    /** Starts over at the beginning of the source. */
    public void beginGeneration() {
        atOneTime.clear();
        timeless.clear();
        time = TIMELESS;
    }

    /** Advances to the position of the next event and records it. Returns false if the position was known. */
    public boolean advance(ConversationEvent event) {
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
        return known.add(kind + " " + at + " " + number);
    }

    public void save(StateWriter out) {
        known.save(out);
        out.text(time);
        out.all(atOneTime, (to, count) -> to.number(count));
        out.all(timeless, (to, count) -> to.number(count));
    }

    public void restore(StateReader in) throws IOException {
        known.restore(in);
        time = in.text();
        in.all(from -> from.number(1, Integer.MAX_VALUE), atOneTime::put);
        in.all(from -> from.number(1, Integer.MAX_VALUE), timeless::put);
    }

    /** Returns the heap that the positions use, in bytes. */
    public long heldBytes() {
        return 160 + known.heldBytes() + 100L * (atOneTime.size() + timeless.size());
    }
}
