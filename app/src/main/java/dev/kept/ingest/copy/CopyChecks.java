package dev.kept.ingest.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of {@link CopyCheck}s. A file whose bytes change in the middle while it grows looks, at the moment of
 * the copy, like one that was appended to. So a file that grew is checked once it has been quiet for a second, and at
 * the latest {@value #LATEST_SECONDS} s after it grew; one that rests, in a round of {@value #ROUND_MINUTES} minutes. A
 * check runs when nothing else waits, a slice at a time, and a large file is checked less often than a small one: while
 * a file grows, at most {@value #BYTES_A_SECOND} bytes of it a second are read for this on average.
 *
 * <p>Holds at most one entry for each followed source. Owned by the ingest thread.
 */
public final class CopyChecks {
    /**
     * Minutes in which each source that rests has its turn. A little less than a day, so that the turn comes at another
     * hour each day: a machine that is off every night gets to each of them, too.
     */
    static final int ROUND_MINUTES = 1343;

    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LATEST_SECONDS = 45;
    private static final long LATEST_NANOS = TimeUnit.SECONDS.toNanos(LATEST_SECONDS);
    private static final long BYTES_A_SECOND = 8 << 20;

    /** The waiting checks by time; compared by difference, as nanoseconds have no origin. */
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingLong((Waiting each) -> each.dueAt - START));

    private static final long START = System.nanoTime();

    /** The file that is being checked. */
    private @Nullable SourceFile current;

    private long lastMinute = -1;
    private long turnsFrom;
    private long turnsTo;

    /** A source that waits to be checked. */
    static final class Waiting {
        private final SourceFile source;
        private final long since;
        private long lastCopyAt;
        private long dueAt;

        private Waiting(SourceFile source, long now, long dueAt) {
            this.source = source;
            this.since = now;
            this.lastCopyAt = now;
            this.dueAt = dueAt;
        }
    }

    /** Schedules an early check: bytes were added to a tape that held some. */
    public void noteGrowth(SourceFile source) {
        long now = System.nanoTime();
        Waiting known = source.waitingCheck;
        if (known != null) {
            known.lastCopyAt = now;
        } else {
            add(source, now, Math.max(now + QUIET_NANOS - START, source.notCheckedBefore - START) + START);
        }
    }

    /** Begins a sweep: the turns of the minutes since the last one are due, those of a sleeping machine included. */
    public void beginSweep(Instant now) {
        long minute = Math.floorDiv(now.getEpochSecond(), 60L);
        turnsFrom = lastMinute < 0 || lastMinute > minute ? minute : lastMinute + 1;
        turnsTo = minute;
        lastMinute = minute;
    }

    /** Schedules a check of a source if its turn is due with this sweep. */
    public void noteSwept(SourceFile source) {
        if (source.waitingCheck == null && hasTurn(source.info().number(), turnsFrom, turnsTo)) {
            long now = System.nanoTime();
            add(source, now, now);
        }
    }

    /** Reports whether a source has its turn in one of these minutes, the last one included. */
    static boolean hasTurn(int source, long from, long to) {
        return Math.floorMod(source - from, (long) ROUND_MINUTES) <= to - from;
    }

    private void add(SourceFile source, long now, long dueAt) {
        Waiting entry = new Waiting(source, now, dueAt);
        source.waitingCheck = entry;
        waiting.add(entry);
    }

    /** Returns the time until the next check; 0 if one can continue now. */
    public long nanosToNext() {
        if (current != null) {
            return 0;
        }
        Waiting next = waiting.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, next.dueAt - System.nanoTime());
    }

    /**
     * Continues a check, or begins the next one that is due.
     *
     * @return the source, if its file no longer holds the copied bytes
     */
    public Optional<SourceFile> step(ByteBuffer theirs, ByteBuffer ours, long budget) {
        SourceFile source = current == null ? next() : current;
        current = source;
        if (source == null) {
            return Optional.empty();
        }
        CopyCheck.Result result;
        try {
            result = source.check(theirs, ours, budget);
        } catch (IOException unreadable) {
            // The next look at the source meets the same error, and reports it.
            result = CopyCheck.Result.SAME;
        }
        return switch (result) {
            case MORE -> Optional.empty();
            case SAME -> {
                ended(source);
                yield Optional.empty();
            }
            case DIFFERENT -> {
                ended(source);
                yield Optional.of(source);
            }
        };
    }

    private void ended(SourceFile source) {
        current = null;
        long pause = source.tape().length() / BYTES_A_SECOND;
        source.notCheckedBefore = System.nanoTime() + Math.min(LATEST_NANOS, TimeUnit.SECONDS.toNanos(pause));
    }

    /** Returns the next source whose check is due; one that still grows waits until it is quiet, but not for ever. */
    private @Nullable SourceFile next() {
        while (nanosToNext() == 0) {
            Waiting first = waiting.remove();
            long quietAt = first.lastCopyAt + QUIET_NANOS;
            long latest = first.since + LATEST_NANOS;
            long dueAt = quietAt - latest < 0 ? quietAt : latest;
            if (first.lastCopyAt != first.since && dueAt - System.nanoTime() > 0) {
                first.dueAt = dueAt;
                waiting.add(first);
            } else {
                first.source.waitingCheck = null;
                return first.source;
            }
        }
        return null;
    }
}
