package dev.kept.agents.claude;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.TokenUsage;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecentIds;
import java.io.IOException;
import java.util.Arrays;

/**
 * A converter of the usage that Claude Code repeats in every record of an API message to increments.
 *
 * <p>Counted: 14,242 of 19,743 messages have several records, 1,111 of them with other records in between; in 2,491 the
 * output grows from record to record, and the last record always has the most. Summing the records would count 2.3
 * times the output.
 *
 * <p>Each followed source has one of these for as long as the daemon runs, so it is a ring of numbers. A message id is
 * stored as its 64-bit hash; two messages of one ring collide in one of 10^16 cases.
 */
final class UsageLedger {
    /** The number of messages whose records may be interleaved; far more than run concurrently. */
    private static final int OPEN_MESSAGES = 32;

    /** The hash of the id, and four counts. */
    private static final int FIELDS = 5;

    private static final int FIRST_MESSAGES = 4;

    private long[] ring = new long[0];
    private int size;
    private int oldest;

    /** Accepts the usage of a record and returns its increase over the earlier records of the same message. */
    TokenUsage increment(String messageId, JsonObject usage) {
        TokenUsage now = new TokenUsage(
                usage.longOr("input_tokens", 0),
                usage.longOr("cache_creation_input_tokens", 0),
                usage.longOr("cache_read_input_tokens", 0),
                usage.longOr("output_tokens", 0));
        if (messageId.isEmpty()) {
            return now;
        }
        long id = RecentIds.hash(messageId);
        int at = find(id);
        TokenUsage before =
                at < 0 ? TokenUsage.NONE : new TokenUsage(ring[at + 1], ring[at + 2], ring[at + 3], ring[at + 4]);
        put(at < 0 ? place() : at, id, now);
        return now.minus(before);
    }

    private int find(long id) {
        for (int i = 0; i < size; i++) {
            if (ring[i * FIELDS] == id) {
                return i * FIELDS;
            }
        }
        return -1;
    }

    /** Returns the slot of the next message: that of the oldest one if all are in use. */
    private int place() {
        if (size < OPEN_MESSAGES) {
            if (size * FIELDS == ring.length) {
                ring = Arrays.copyOf(ring, Math.max(FIRST_MESSAGES, size * 2) * FIELDS);
            }
            return size++ * FIELDS;
        }
        int at = oldest * FIELDS;
        oldest = (oldest + 1) % OPEN_MESSAGES;
        return at;
    }

    private void put(int at, long id, TokenUsage usage) {
        ring[at] = id;
        ring[at + 1] = usage.input();
        ring[at + 2] = usage.cacheCreation();
        ring[at + 3] = usage.cacheRead();
        ring[at + 4] = usage.output();
    }

    void save(StateWriter out) {
        out.number(size);
        for (int i = 0; i < size * FIELDS; i++) {
            int at = (oldest * FIELDS + i) % (size * FIELDS);
            if (i % FIELDS == 0) {
                out.bits(ring[at]);
            } else {
                out.number(ring[at]);
            }
        }
    }

    void restore(StateReader in) throws IOException {
        size = in.number(0, OPEN_MESSAGES);
        ring = new long[size * FIELDS];
        for (int i = 0; i < ring.length; i++) {
            ring[i] = i % FIELDS == 0 ? in.bits() : in.number();
        }
    }

    long heldBytes() {
        return 16 + 16 + 8L * ring.length;
    }
}
