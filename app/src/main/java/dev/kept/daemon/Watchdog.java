package dev.kept.daemon;

import dev.kept.control.ExitCode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Halts the process when a thread ended by a fault or when an orderly end takes too long. Half a daemon would look as
 * if it kept everything, and one that can no longer load a class cannot end in an orderly way either.
 *
 * <p>Its thread runs from the start, and {@link #arm} loads and creates everything that it needs: from then on a halt
 * takes no more than setting a flag. It also checks regularly that the threads that must not end are alive. What was
 * kept is on the tapes; the supervisor launches the daemon again. Thread-safe.
 */
public final class Watchdog implements Thread.UncaughtExceptionHandler {
    /** Time limit of an orderly end. */
    static final Duration ORDERLY_END = Duration.ofSeconds(20);

    /** Time limit of printing the fault. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

    private final IntConsumer halt;
    private final PrintStream errors;
    private final Duration lastWords;
    private final long checkNanos;
    private final Thread thread;
    private final Object deadline = new Object();
    private volatile Thread[] core = {};
    private volatile boolean ending;
    private volatile boolean condemned;
    private volatile int code;
    private volatile long haltAt;

    /**
     * Creates a watchdog that does not watch yet.
     *
     * @param halt ends the process at once, with an exit code
     * @param errors error output of the process
     */
    public Watchdog(IntConsumer halt, PrintStream errors) {
        this(halt, errors, LAST_WORDS, CHECK_INTERVAL);
    }

    /**
     * Creates a watchdog with other time limits.
     *
     * @param lastWords time limit of printing the fault
     * @param checkInterval interval between checks for ended threads
     */
    public Watchdog(IntConsumer halt, PrintStream errors, Duration lastWords, Duration checkInterval) {
        this.halt = halt;
        this.errors = errors;
        this.lastWords = lastWords;
        this.checkNanos = checkInterval.toNanos();
        this.thread = Thread.ofPlatform().name("kept-watchdog").daemon().unstarted(this::run);
    }

    /** Rehearses everything it will ever do, except the halt, so that all classes are loaded; then starts to watch. */
    Watchdog arm() {
        Watchdog training = new Watchdog(_ -> {}, new PrintStream(OutputStream.nullOutputStream(), true));
        training.mustNotEnd(Thread.currentThread());
        training.check();
        training.uncaughtException(new Thread("training"), new Error("training"));
        training.mustEnd(ExitCode.DONE, ORDERLY_END);
        training.check();
        thread.start();
        return this;
    }

    /** Sets the threads that must live as long as the daemon, unless {@link #mustEnd} was called before. */
    void mustNotEnd(Thread... threads) {
        core = threads.clone();
    }

    /** Announces an orderly end. If it takes longer than it may, the process is halted. The earliest deadline wins. */
    void mustEnd(int exitCode, Duration within) {
        ending = true;
        haltWithin(exitCode, within);
    }

    private void haltWithin(int exitCode, Duration within) {
        long at = System.nanoTime() + within.toNanos();
        synchronized (deadline) {
            if (!condemned || at - haltAt < 0) {
                code = exitCode;
                haltAt = at;
                condemned = true;
            }
        }
        LockSupport.unpark(thread);
    }

    /** Halts the process because a thread ended by a fault, whichever thread it was. */
    @Override
    public void uncaughtException(Thread faulty, Throwable fault) {
        try {
            haltWithin(ExitCode.FAULT, lastWords);
            errors.println("kept: a fault in Kept itself ended the thread " + faulty.getName() + ": " + fault + " at "
                    + java.util.List.of(fault.getStackTrace()));
        } finally {
            // Not left to the watchdog's thread: this one is running already.
            halt.accept(ExitCode.FAULT);
        }
    }

    private void run() {
        do {
            LockSupport.parkNanos(this, condemned ? Math.max(1, haltAt - System.nanoTime()) : checkNanos);
        } while (!check());
    }

    /**
     * Halts if it is time to, and returns whether it did. Where a halt does not end the process, as in a test, the
     * watch is over.
     */
    private boolean check() {
        if (condemned && System.nanoTime() - haltAt >= 0) {
            halt.accept(code);
            return true;
        }
        if (!ending) {
            for (Thread each : core) {
                if (!each.isAlive()) {
                    // It reported nothing, or could not: perhaps nothing can be reported at all.
                    haltWithin(ExitCode.FAULT, lastWords);
                    errors.println("kept: the thread " + each.getName() + " has ended");
                    halt.accept(ExitCode.FAULT);
                    return true;
                }
            }
        }
        return false;
    }
}
