package dev.kept.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client's connection to the control socket, with time limits for each stage of its one request. Thread-safe: one
 * thread serves it, others may end it.
 */
final class ControlConnection {
    private final SocketChannel channel;
    private final ControlFaults faults;
    private final Limits limits;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Progress progress = new Progress(Stage.REQUEST, System.nanoTime());

    /** The stage of a client's request. */
    enum Stage {
        /** The client sends its request. */
        REQUEST,
        /** The daemon computes the answer, which the client cannot speed up. */
        HANDLING,
        /** The client reads its answer. */
        ANSWER
    }

    /**
     * The time limits of a client.
     *
     * @param request from the connection to the end of the request
     * @param answer reading the answer
     * @param patience slowness tolerated while others wait for a place
     */
    record Limits(Duration request, Duration answer, Duration patience) {
        /** Ample for the command line, which sends at once and waits ten seconds for an answer. */
        static final Limits USUAL = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(1));
    }

    private record Progress(Stage stage, long since) {}

    ControlConnection(SocketChannel channel, ControlFaults faults, Limits limits) {
        this.channel = channel;
        this.faults = faults;
        this.limits = limits;
    }

    SocketChannel channel() {
        return channel;
    }

    /** Starts the next stage. */
    void enter(Stage stage) {
        progress = new Progress(stage, System.nanoTime());
    }

    /** Returns for how many nanoseconds the daemon has waited for this client; negative while the client waits. */
    long waitedFor() {
        Progress now = progress;
        return now.stage() == Stage.HANDLING ? -1 : System.nanoTime() - now.since();
    }

    /** Ends the connection when a stage takes too long. Returns when it is interrupted, or the connection has ended. */
    void watch() {
        try {
            while (!ended.get()) {
                Progress now = progress;
                Duration limit = now.stage() == Stage.REQUEST ? limits.request() : limits.answer();
                long left = now.stage() == Stage.HANDLING
                        ? limit.toNanos()
                        : limit.toNanos() - (System.nanoTime() - now.since());
                if (left <= 0) {
                    end(
                            now.stage() == Stage.REQUEST ? ControlFaults.Kind.SILENT : ControlFaults.Kind.UNREAD,
                            "after " + limit.toMillis() + " ms");
                } else {
                    Thread.sleep(Duration.ofNanos(left));
                }
            }
        } catch (InterruptedException served) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the connection because of a fault, which is counted once. */
    void end(ControlFaults.Kind kind, String detail) {
        if (ended.compareAndSet(false, true)) {
            faults.count(kind, detail);
            close();
        }
    }

    /** Ends the connection because the server ends. */
    void close() {
        ended.set(true);
        try {
            channel.close();
        } catch (IOException closed) {
            // It is closed either way.
        }
    }
}
