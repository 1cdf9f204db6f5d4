package dev.kept.benchmarks;

import dev.kept.config.KeptHome;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Somebody who asks for the status ten times a second. */
final class StatusPoller implements AutoCloseable {
    private static final long EVERY_MS = 100;

    private final ControlClient client;
    private final Thread thread =
            Thread.ofPlatform().name("status-poller").daemon().unstarted(this::run);
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong slowestNanos = new AtomicLong();
    private volatile boolean ended;

    StatusPoller(KeptHome home) {
        this.client = new ControlClient(home, Duration.ofSeconds(30));
        thread.start();
    }

    private void run() {
        long next = System.nanoTime();
        while (!ended) {
            ask();
            // An answer that took longer than its turn is not made up for.
            next = Math.max(next + TimeUnit.MILLISECONDS.toNanos(EVERY_MS), System.nanoTime());
            try {
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void ask() {
        long start = System.nanoTime();
        try {
            String answer = client.ask(new ControlRequest.Status()).orElse("");
            if (answer.contains("\"schemaVersion\"")) {
                answers.incrementAndGet();
            } else {
                failures.incrementAndGet();
            }
        } catch (IOException | RuntimeException e) {
            failures.incrementAndGet();
        }
        slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
    }

    long answers() {
        return answers.get();
    }

    long failures() {
        return failures.get();
    }

    long slowestMs() {
        return TimeUnit.NANOSECONDS.toMillis(slowestNanos.get());
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
