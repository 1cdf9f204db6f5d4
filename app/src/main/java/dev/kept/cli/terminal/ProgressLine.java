package dev.kept.cli.terminal;

import dev.kept.query.QueryContext.ProgressDisplay;
import dev.kept.status.HumanReadable;
import dev.kept.text.TerminalStream.Control;
import java.time.Duration;

/**
 * A line on the terminal that shows the progress of long work: bytes, rate, time left. It appears after a moment, only
 * on a terminal, and disappears when closed. Not thread-safe.
 */
public final class ProgressLine implements ProgressDisplay {
    private static final long FIRST_NANOS = Duration.ofMillis(400).toNanos();
    private static final long EACH_NANOS = Duration.ofMillis(200).toNanos();

    private final CliContext context;
    private final String doing;
    private final long began = System.nanoTime();
    private long next = began + FIRST_NANOS;
    private long total;
    private long done;
    private boolean shown;

    /**
     * Creates a line.
     *
     * @param doing description of the work, e.g. {@code Reading tapes}
     */
    public ProgressLine(CliContext context, String doing) {
        this.context = context;
        this.doing = doing;
    }

    @Override
    public void begin(long tapes, long bytes) {
        total = bytes;
    }

    @Override
    public void read(long bytes) {
        at(done + bytes);
    }

    /** Sets the number of bytes done. */
    public void at(long bytes) {
        done = bytes;
        long now = System.nanoTime();
        if (context.terminalErr() && now - next >= 0) {
            next = now + EACH_NANOS;
            shown = true;
            context.err().control(Control.LINE_START);
            context.err().print(line(now - began));
            context.err().control(Control.CLEAR_LINE);
            context.err().flush();
        }
    }

    private String line(long nanos) {
        double seconds = nanos / 1e9;
        long rate = (long) (done / Math.max(seconds, 0.001));
        StringBuilder line = new StringBuilder(doing).append("  ").append(HumanReadable.bytes(done));
        if (total > 0) {
            line.append(" of ")
                    .append(HumanReadable.bytes(total))
                    .append(" (")
                    .append(Math.min(100, done * 100 / total));
            line.append(" %)");
        }
        line.append(", ").append(HumanReadable.bytes(rate)).append("/s");
        if (total > done && rate > 0) {
            line.append(", ")
                    .append(HumanReadable.lasting(Duration.ofSeconds((total - done) / rate + 1)))
                    .append(" left");
        }
        return line.toString();
    }

    @Override
    public void close() {
        if (shown) {
            context.err().control(Control.LINE_START);
            context.err().control(Control.CLEAR_LINE);
            context.err().flush();
        }
    }
}
