package dev.kept.daemon;

import dev.kept.control.ExitCode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Ends the process by a halt when a thread has ended by a fault, or when an end in order takes too long: half a daemon would
 * look as if it kept everything, and one that cannot load a class any more cannot end in order either.
 *
 * <p>Its thread runs from the beginning, and what it needs is loaded and made by {@link #arm}: from then on nothing stands
 * between a fault and the halt but a flag that is set. It looks by itself, too, whether a thread that must not end is alive.
 * What was kept is on the tapes; the supervisor launches the daemon again. Thread-safe.
 */
public final class Watchdog implements Thread.UncaughtExceptionHandler {
    /** How long an end in order may take. */
    static final Duration ORDERLY_END = Duration.ofSeconds(20);

    /** How long saying what the fault was may take. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final Duration LOOK = Duration.ofSeconds(10);

    private final IntConsumer halt;
    private final PrintStream errors;
    private final Duration lastWords;
    private final long lookNanos;
    private final Thread thread;
    private final Object deadline = new Object();
    private volatile Thread[] core = {};
    private volatile boolean ending;
    private volatile boolean condemned;
    private volatile int code;
    private volatile long haltAt;

    /**
     * Made, but not watching yet.
     *
     * @param halt ends the process at once, with an exit code
     * @param errors what the process prints
     */
    public Watchdog(IntConsumer halt, PrintStream errors) {
        this(halt, errors, LAST_WORDS, LOOK);
    }

    /**
     * The same with other times.
     *
     * @param lastWords how long saying what the fault was may take
     * @param look how often it looks whether a thread has ended
     */
    public Watchdog(IntConsumer halt, PrintStream errors, Duration lastWords, Duration look) {
        this.halt = halt;
        this.errors = errors;
        this.lastWords = lastWords;
        this.lookNanos = look.toNanos();
        this.thread = Thread.ofPlatform().name("kept-watchdog").daemon().unstarted(this::run);
    }

    /** Goes through all that it will ever do, but for the halt, and begins to watch. */
    Watchdog arm() {
        Watchdog training = new Watchdog(_ -> {}, new PrintStream(OutputStream.nullOutputStream(), true));
        training.mustNotEnd(Thread.currentThread());
        training.look();
        training.uncaughtException(new Thread("training"), new Error("training"));
        training.mustEnd(ExitCode.DONE, ORDERLY_END);
        training.look();
        thread.start();
        return this;
    }

    /** These threads live as long as the daemon does, unless {@link #mustEnd} was said before. */
    void mustNotEnd(Thread... threads) {
        core = threads.clone();
    }

    /** The daemon ends in order; if that takes longer than it may, the process ends all the same. The first word counts. */
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

    /** A thread has ended by a fault, whichever: that is the end of the process. */
    @Override
    public void uncaughtException(Thread faulty, Throwable fault) {
        try {
            haltWithin(ExitCode.FAULT, lastWords);
            errors.println("kept: a fault in Kept itself ended the thread " + faulty.getName() + ": " + fault + " at "
                    + java.util.List.of(fault.getStackTrace()));
        } finally {
            // Not left to the other thread: this one is here already.
            halt.accept(ExitCode.FAULT);
        }
    }

    private void run() {
        do {
            LockSupport.parkNanos(this, condemned ? Math.max(1, haltAt - System.nanoTime()) : lookNanos);
        } while (!look());
    }

    /** Halts if it is time to. Returns whether it did: where a halt does not end the process, as in a test, the watch is over. */
    private boolean look() {
        if (condemned && System.nanoTime() - haltAt >= 0) {
            halt.accept(code);
            return true;
        }
        if (!ending) {
            for (Thread each : core) {
                if (!each.isAlive()) {
                    // It said nothing, or could not: perhaps nothing can be said at all.
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
