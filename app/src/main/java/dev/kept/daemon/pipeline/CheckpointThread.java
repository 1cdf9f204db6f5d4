package dev.kept.daemon.pipeline;

import dev.kept.daemon.checkpoint.Checkpoints;
import dev.kept.model.SessionKey;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Saver of checkpoints while the daemon runs, so that little must be read again after a crash or a power cut. It saves
 * when much was read since the last save, but not often. It asks the pipeline for a few sessions at a time and writes
 * them on a thread of its own.
 */
public final class CheckpointThread {
    private static final long MUCH_BYTES = 16L * 1024 * 1024;
    private static final long SELDOM_MS = 10 * 60 * 1000L;
    private static final long STACK_BYTES = 256 * 1024;

    private final Checkpoints checkpoints;
    private final Consumer<PipelineMessage> pipeline;
    private final DaemonLog log;
    private long savedBytes;
    private long savedAtMs;
    private Thread thread = new Thread();
    private boolean ended;

    public CheckpointThread(Checkpoints checkpoints, Consumer<PipelineMessage> pipeline, DaemonLog log) {
        this.checkpoints = checkpoints;
        this.pipeline = pipeline;
        this.log = log;
    }

    /**
     * Starts a save if it is worth it and {@link #end} was not called. On the pipeline thread.
     *
     * @param readBytes bytes read since the start
     */
    synchronized void saveIfDue(long readBytes, long nowMs) {
        if (ended || readBytes - savedBytes < MUCH_BYTES || nowMs - savedAtMs < SELDOM_MS || thread.isAlive()) {
            return;
        }
        savedBytes = readBytes;
        savedAtMs = nowMs;
        thread = new Thread(null, this::save, "kept-checkpoint", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private void save() {
        try {
            checkpoints.save(new Checkpoints.Slices() {
                @Override
                public List<SessionKey> keys() throws IOException, InterruptedException {
                    CompletableFuture<List<SessionKey>> answer = new CompletableFuture<>();
                    pipeline.accept(new PipelineMessage.KeysWanted(answer));
                    return await(answer);
                }

                @Override
                public List<byte[]> states(List<SessionKey> keys) throws IOException, InterruptedException {
                    CompletableFuture<List<byte[]>> answer = new CompletableFuture<>();
                    pipeline.accept(new PipelineMessage.StatesWanted(keys, answer));
                    return await(answer);
                }
            });
        } catch (ClosedByInterruptException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.error("checkpoint.unwritable", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Ends a save in progress; what it wrote is discarded. None begins after this: it would write to the same file as
     * the save at the daemon's end.
     */
    public synchronized void end() throws InterruptedException {
        ended = true;
        thread.interrupt();
        thread.join();
    }
}
