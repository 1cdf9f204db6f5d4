package dev.kept.cli.terminal;

import dev.kept.text.TerminalStream.Control;

/** A word on the terminal while waiting, with the seconds; shown only on a terminal. */
public final class WaitIndicator implements AutoCloseable {
    private static final long FIRST_MS = 300;
    private static final long EACH_MS = 1_000;

    private final Thread thread;

    private WaitIndicator(Thread thread) {
        this.thread = thread;
    }

    public static WaitIndicator show(CliContext context, String doing) {
        Thread thread = Thread.ofPlatform().daemon().unstarted(() -> draw(context, doing));
        if (context.terminalErr()) {
            thread.start();
        }
        return new WaitIndicator(thread);
    }

    private static void draw(CliContext context, String doing) {
        try {
            Thread.sleep(FIRST_MS);
            for (int seconds = 0; ; seconds++) {
                context.err().control(Control.LINE_START);
                context.err().print(doing + (seconds > 1 ? " " + seconds + " s" : "") + " …");
                context.err().control(Control.CLEAR_LINE);
                context.err().flush();
                Thread.sleep(EACH_MS);
            }
        } catch (InterruptedException done) {
            context.err().control(Control.LINE_START);
            context.err().control(Control.CLEAR_LINE);
            context.err().flush();
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
