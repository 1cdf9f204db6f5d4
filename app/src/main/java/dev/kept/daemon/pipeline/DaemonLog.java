package dev.kept.daemon.pipeline;

import dev.kept.observe.AuditLog;
import dev.kept.observe.OperationalLog;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writer of the logs and of {@code status.json}, on a thread of its own ({@code kept-log}), so that no other thread
 * waits for them. Entries that do not fit the queue are counted and dropped. Thread-safe.
 */
public final class DaemonLog implements AutoCloseable {
    private static final int MAX_WAITING = 1_000;

    private final OperationalLog operational;
    private final AuditLog audit;
    private final Runnable onHeartbeat;
    private final LongAdder lost = new LongAdder();
    private final ThreadPoolExecutor writer;

    /**
     * Creates the log and its thread.
     *
     * @param onHeartbeat run on the thread after each heartbeat that published something
     */
    public DaemonLog(OperationalLog operational, AuditLog audit, Runnable onHeartbeat) {
        this.operational = operational;
        this.audit = audit;
        this.onHeartbeat = onHeartbeat;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().name("kept-log").daemon().factory());
    }

    public void info(String code, Map<String, String> facts) {
        later(() -> operational.info(code, facts));
    }

    public void warning(String code, Map<String, String> facts) {
        later(() -> operational.warning(code, facts));
    }

    public void error(String code, Throwable cause) {
        later(() -> operational.error(code, cause, Map.of()));
    }

    public void denied(String code, Map<String, String> facts) {
        later(() -> {
            try {
                audit.denied(code, facts);
            } catch (IOException e) {
                operational.error("audit.unwritable", e, Map.of());
            }
        });
    }

    void heartbeat() {
        later(onHeartbeat);
    }

    private void later(Runnable task) {
        try {
            writer.execute(task);
        } catch (RejectedExecutionException full) {
            lost.increment();
        }
    }

    @Override
    public void close() {
        if (lost.sum() > 0) {
            operational.warning("log.lost", Map.of("lines", Long.toString(lost.sum())));
        }
        writer.shutdown();
        try {
            writer.awaitTermination(2, TimeUnit.SECONDS);
            audit.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            operational.error("audit.unwritable", e, Map.of());
        }
        operational.close();
    }
}
