package dev.kept.daemon;

import dev.kept.daemon.launch.OutputFile;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A virtual thread that runs {@link RightsWatch#check} every {@value #CHECK_SECONDS} s and keeps the launcher's {@link
 * OutputFile} short.
 */
final class RightsThread implements AutoCloseable {
    static final int CHECK_SECONDS = 5;

    private final Optional<Thread> thread;

    private RightsThread(Optional<Thread> thread) {
        this.thread = thread;
    }

    /** Returns a thread that checks nothing. */
    static RightsThread none() {
        return new RightsThread(Optional.empty());
    }

    /**
     * Starts the checks.
     *
     * @param daemon receives what was found
     * @param relaunch ends the daemon so that it is launched again
     */
    static RightsThread start(RightsWatch watch, Daemon daemon, Runnable relaunch) {
        return new RightsThread(
                Optional.of(Thread.ofVirtual().name("kept-rights").start(() -> run(watch, daemon, relaunch))));
    }

    private static void run(RightsWatch watch, Daemon daemon, Runnable relaunch) {
        try {
            while (true) {
                Thread.sleep(Duration.ofSeconds(CHECK_SECONDS));
                daemon.trimOutput();
                switch (watch.check()) {
                    case RightsWatch.Fine _ -> {}
                    case RightsWatch.Hindered(var code, var path, var message) ->
                        daemon.reportHindrance(code, path, message);
                    case RightsWatch.Relaunch(var code, var path) -> {
                        daemon.log().info("daemon.relaunching", Map.of("reason", code, "path", path.toString()));
                        relaunch.run();
                        return;
                    }
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
    }
}
