package dev.kept.control;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters of faults at the control socket, by kind. Each kind is reported at once, then at most once per interval
 * together with its count, so that no client can fill a log. Thread-safe.
 */
final class ControlFaults {
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration REFUSALS_PAUSE = Duration.ofMinutes(1);

    private final ControlListener listener;
    private final Map<Kind, Throttle> throttles = new EnumMap<>(Kind.class);
    private final Throttle refusals = new Throttle(REFUSALS_PAUSE);

    /** A kind of fault. */
    enum Kind {
        /** A client sent no request in time. */
        SILENT("control.silent"),
        /** A client did not read its answer in time. */
        UNREAD("control.unread"),
        /** A client that was slow lost its place to another. */
        CROWDED("control.crowded"),
        /** A client sent something that is no frame of a request. */
        MALFORMED("control.malformed"),
        /** A client sent a request that this version does not know. */
        UNKNOWN("control.unknown"),
        /** A client disconnected before it had its answer. */
        GONE("control.gone"),
        /** The daemon failed to answer a request. */
        FAILED("control.failed");

        private final String code;

        Kind(String code) {
            this.code = code;
        }
    }

    ControlFaults(ControlListener listener) {
        this.listener = listener;
        for (Kind kind : Kind.values()) {
            throttles.put(kind, new Throttle(PAUSE));
        }
    }

    /** Counts a fault, and reports the count if a report is due. */
    void count(Kind kind, String detail) {
        Throttle throttle = throttles.get(kind);
        long times = throttle == null ? 0 : throttle.due();
        if (times > 0) {
            listener.fault(kind.code, detail, times);
        }
    }

    /** Counts a connection of another user, and reports the count if a report is due. */
    void countRefused(String user) {
        long times = refusals.due();
        if (times > 0) {
            listener.refused(user, times);
        }
    }

    private static final class Throttle {
        private final long pause;
        private final AtomicLong unreported = new AtomicLong();
        private final AtomicLong next = new AtomicLong(System.nanoTime());

        Throttle(Duration pause) {
            this.pause = pause.toNanos();
        }

        /** Counts once; returns the count since the last report if the next report is due, else zero. */
        long due() {
            long times = unreported.incrementAndGet();
            long due = next.get();
            long now = System.nanoTime();
            if (now - due >= 0 && next.compareAndSet(due, now + pause)) {
                unreported.addAndGet(-times);
                return times;
            }
            return 0;
        }
    }
}
