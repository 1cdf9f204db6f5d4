package dev.kept.cli;

import dev.kept.text.TerminalStream.Control;

/** A word on the terminal while something is waited for, with the seconds; nothing where nobody looks. */
final class WaitingLine implements AutoCloseable {
    private static final long FIRST_MS = 300;
    private static final long EACH_MS = 1_000;

    private final Thread thread;

    private WaitingLine(Thread thread) {
        this.thread = thread;
    }

    static WaitingLine show(Surroundings surroundings, String doing) {
        Thread thread = Thread.ofPlatform().daemon().unstarted(() -> draw(surroundings, doing));
        if (surroundings.terminalErr()) {
            thread.start();
        }
        return new WaitingLine(thread);
    }

    private static void draw(Surroundings surroundings, String doing) {
        try {
            Thread.sleep(FIRST_MS);
            for (int seconds = 0; ; seconds++) {
                surroundings.err().control(Control.LINE_START);
                surroundings.err().print(doing + (seconds > 1 ? " " + seconds + " s" : "") + " …");
                surroundings.err().control(Control.CLEAR_LINE);
                surroundings.err().flush();
                Thread.sleep(EACH_MS);
            }
        } catch (InterruptedException done) {
            surroundings.err().control(Control.LINE_START);
            surroundings.err().control(Control.CLEAR_LINE);
            surroundings.err().flush();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
