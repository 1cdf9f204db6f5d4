package dev.kept.daemon;

import dev.kept.config.KeptHome;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/**
 * Ends the daemon when one of its threads ends by a fault: half a daemon would look as if it kept everything. It asks to
 * be launched anew if somebody launched it and it did not do so often lately; then everything is taken up from the tapes.
 * Thread-safe.
 */
final class FatalFaults implements Thread.UncaughtExceptionHandler {
    private static final String OWN = "kept-";

    private final KeptHome home;
    private final CompletableFuture<Integer> end;
    private final boolean launched;
    private final Clock clock;
    private final PrintStream errors;

    /**
     * @param end completed with the exit code
     * @param launched whether somebody will launch the daemon again
     * @param errors what the process prints
     */
    FatalFaults(KeptHome home, CompletableFuture<Integer> end, boolean launched, Clock clock, PrintStream errors) {
        this.home = home;
        this.end = end;
        this.launched = launched;
        this.clock = clock;
        this.errors = errors;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable fault) {
        errors.println("kept: a fault in Kept itself ended the thread " + thread.getName() + ": " + fault + " at "
                + java.util.List.of(fault.getStackTrace()));
        // Others serve one client, or one file: the next is served by another thread.
        if (thread.getName().startsWith(OWN)) {
            end.complete(launched && mayRelaunch(thread.getName()) ? ExitCode.RELAUNCH : ExitCode.FAILED);
        }
    }

    private boolean mayRelaunch(String thread) {
        RelaunchLedger ledger = new RelaunchLedger(home);
        if (ledger.wait(clock.instant()).isPositive()) {
            return false;
        }
        try {
            ledger.note(clock.instant(), "fault " + thread);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
