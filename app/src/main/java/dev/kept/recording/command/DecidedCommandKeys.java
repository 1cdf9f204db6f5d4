package dev.kept.recording.command;

import dev.kept.provider.support.EventIdSet;
import java.time.Instant;

/**
 * The keys of decided commands, as 64-bit hashes, so that each is obeyed once. Owned by the pipeline thread.
 *
 * <p>At most {@value #MOST} are remembered. When there are more, the older half is forgotten, and the time of the last
 * forgotten decision is kept: what was typed before it counts as decided. So a command is never obeyed twice; one that
 * was typed before that time and never seen must be typed again.
 */
public final class DecidedCommandKeys {
    public static final int MOST = 128 * 1024;
    private static final int HALF = MOST / 2;

    private EventIdSet young = new EventIdSet();
    private EventIdSet old = new EventIdSet();
    private int size;
    private Instant youngUntil = Instant.MIN;
    private Instant oldUntil = Instant.MIN;
    private Instant forgottenUntil = Instant.MIN;

    /**
     * Adds a key.
     *
     * @param at when the command was decided
     * @return false if it was already there
     */
    public boolean add(String key, Instant at) {
        if (contains(key)) {
            return false;
        }
        if (size == HALF) {
            forgottenUntil = later(forgottenUntil, oldUntil);
            old = young;
            oldUntil = youngUntil;
            young = new EventIdSet();
            youngUntil = Instant.MIN;
            size = 0;
        }
        young.add(key);
        size++;
        youngUntil = later(youngUntil, at);
        return true;
    }

    public boolean contains(String key) {
        return young.contains(key) || old.contains(key);
    }

    /** Reports whether a command of that time may be one of the forgotten. */
    public boolean mayHaveForgotten(Instant typed, Instant now) {
        // A time in the future says nothing about when the command was typed.
        return !forgottenUntil.equals(Instant.MIN) && (!typed.isAfter(forgottenUntil) || typed.isAfter(now));
    }

    /** Returns the heap memory of the keys, in bytes. */
    public long heldBytes() {
        return young.heldBytes() + old.heldBytes();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
