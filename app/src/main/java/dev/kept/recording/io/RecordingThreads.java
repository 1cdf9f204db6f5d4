package dev.kept.recording.io;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of {@link RecordingIo}. Each executor runs its tasks one after another, and no two wait for each other.
 * Thread-safe.
 */
public interface RecordingThreads extends AutoCloseable {
    Executor journal();

    Executor replay();

    /**
     * Returns the executor of a folder. A file system that hangs delays the recordings in that folder, and no others.
     * (Beyond {@value Real#MOST_WRITERS} folders at once, some share one.)
     */
    Executor writer(Path folder);

    /**
     * Runs a task that may hang, on a thread of its own; throws {@link java.util.concurrent.RejectedExecutionException}
     * if too many hang.
     */
    void prepare(Runnable task);

    /** Runs a task on an executor after a delay. */
    void later(Duration delay, Executor executor, Runnable task);

    /** Lets active work finish, for a few seconds at most. */
    @Override
    void close();

    /** Real threads; those of folders end when they are idle. */
    final class Real implements RecordingThreads {
        static final int MOST_WRITERS = 32;
        private static final int MOST_PREPARATIONS = 16;
        private static final long IDLE_SECONDS = 20;
        private static final long CLOSING_SECONDS = 4;

        private final ExecutorService journal = single("kept-journal");
        private final ExecutorService replay = single("kept-replay");
        private final ExecutorService preparations = new ThreadPoolExecutor(
                0,
                MOST_PREPARATIONS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name("kept-prepare").daemon().factory());
        private final Map<Path, Integer> slots = new HashMap<>();
        private final List<ExecutorService> writers = new ArrayList<>();
        private final AtomicInteger next = new AtomicInteger();

        private static ThreadPoolExecutor single(String name) {
            ThreadPoolExecutor executor = new ThreadPoolExecutor(
                    1,
                    1,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    Thread.ofPlatform().name(name).daemon().factory());
            executor.allowCoreThreadTimeOut(true);
            return executor;
        }

        @Override
        public Executor journal() {
            return journal;
        }

        @Override
        public Executor replay() {
            return replay;
        }

        @Override
        public synchronized Executor writer(Path folder) {
            int slot = slots.computeIfAbsent(folder, _ -> next.getAndIncrement() % MOST_WRITERS);
            while (writers.size() <= slot) {
                writers.add(single("kept-write-" + writers.size()));
            }
            return writers.get(slot);
        }

        @Override
        public void prepare(Runnable task) {
            preparations.execute(task);
        }

        @Override
        public void later(Duration delay, Executor executor, Runnable task) {
            CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, executor)
                    .execute(task);
        }

        @Override
        public synchronized void close() {
            List<ExecutorService> all = new ArrayList<>(writers);
            all.add(replay);
            all.add(journal);
            all.forEach(ExecutorService::shutdown);
            preparations.shutdownNow();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSING_SECONDS);
            try {
                for (ExecutorService executor : all) {
                    executor.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
