package dev.kept.cli.command;

import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.Terminal;
import dev.kept.control.ExitCode;
import dev.kept.query.SessionListing;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport;
import dev.kept.text.TerminalStream.Control;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The view {@code kept status --live}: the whole screen, redrawn on changes. The terminal is restored however the
 * process ends, except by a kill that no program can catch. Without a terminal, a line is printed for each change
 * instead.
 */
final class LiveView {
    private static final Duration KEYS = Duration.ofMillis(100);
    private static final long ASK_MS = 1_000;
    /** Number of sessions above which the report is requested less often, because it takes work to make. */
    private static final int MANY_SESSIONS = 500;

    private static final long ASK_RARELY_MS = 5_000;
    private static final int HISTORY = 200;
    private static final int CTRL_C = 3;
    private static final int ESCAPE = 27;

    private final CliContext context;
    private final List<Long> rss = new ArrayList<>();
    private final List<Long> heap = new ArrayList<>();
    private List<String> drawn = List.of();
    private Terminal.Size size = new Terminal.Size(0, 0);

    private LiveView(CliContext context) {
        this.context = context;
    }

    /** Shows the view until the person leaves, and returns the exit code. */
    static int run(CliContext context) throws IOException, InterruptedException {
        Optional<String> before = context.terminalIn() && context.terminalOut()
                ? Terminal.stty("-g").map(String::strip)
                : Optional.empty();
        LiveView view = new LiveView(context);
        return before.isPresent() ? view.onScreen(before.get()) : view.asLines();
    }

    private int onScreen(String before) throws IOException, InterruptedException {
        AtomicBoolean restored = new AtomicBoolean();
        Thread atTheEnd = new Thread(() -> restore(before, restored));
        Runtime.getRuntime().addShutdownHook(atTheEnd);
        try (InputStream keys = new FileInputStream("/dev/tty")) {
            // Without signals from the keyboard: Ctrl-C arrives as a key, and Ctrl-Z cannot leave the screen half
            // drawn.
            Terminal.stty("-icanon", "-echo", "-isig", "min", "0", "time", "0");
            control(Control.ENTER_SCREEN);
            watch(keys);
        } finally {
            restore(before, restored);
            try {
                Runtime.getRuntime().removeShutdownHook(atTheEnd);
            } catch (IllegalStateException ending) {
                // The hook is already running, and finds the terminal restored.
            }
        }
        return ExitCode.DONE;
    }

    private void watch(InputStream keys) throws IOException, InterruptedException {
        long next = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            if (now - next >= 0) {
                Optional<StatusReport> report = SessionListing.report(context);
                report.ifPresent(this::remember);
                draw(report);
                int sessions = report.map(of -> of.sessions().size()).orElse(0);
                next = now
                        + Duration.ofMillis(sessions > MANY_SESSIONS ? ASK_RARELY_MS : ASK_MS)
                                .toNanos();
            }
            while (keys.available() > 0) {
                int key = keys.read();
                if (key == 'q' || key == 'Q' || key == CTRL_C || key == ESCAPE || key < 0) {
                    return;
                }
            }
            Thread.sleep(KEYS);
        }
    }

    private void remember(StatusReport report) {
        add(rss, report.memory().process().rss());
        add(heap, report.memory().process().heapUsed());
    }

    private static void add(List<Long> values, long value) {
        values.add(value);
        if (values.size() > HISTORY) {
            values.removeFirst();
        }
    }

    private void draw(Optional<StatusReport> report) {
        Terminal.Size now = Terminal.size();
        List<String> lines = report.map(of -> LiveScreen.of(
                        of,
                        rss,
                        heap,
                        now,
                        context.style(),
                        context::pathForPeople,
                        context.clock().instant()))
                .orElseGet(() -> LiveScreen.message(
                        "Kept is not running. Start it with: kept start\nThis view continues once it runs.",
                        now,
                        context.style()));
        if (lines.equals(drawn) && now.equals(size)) {
            return;
        }
        if (!now.equals(size)) {
            context.out().control(Control.CLEAR_SCREEN);
        }
        context.out().control(Control.HOME);
        for (int i = 0; i < lines.size(); i++) {
            context.out().print(lines.get(i));
            context.out().control(Control.CLEAR_LINE);
            context.out().print(i + 1 < lines.size() ? "\n" : "");
        }
        control(Control.CLEAR_BELOW);
        drawn = lines;
        size = now;
    }

    private void restore(String before, AtomicBoolean restored) {
        if (!restored.getAndSet(true)) {
            control(Control.LEAVE_SCREEN);
            Terminal.stty(before);
        }
    }

    private void control(Control control) {
        context.out().control(control);
        context.out().flush();
    }

    private int asLines() throws InterruptedException {
        String last = "";
        while (!context.out().checkError()) {
            Optional<StatusReport> report = SessionListing.report(context);
            if (report.isEmpty()) {
                context.err().println("Kept is not running. Start it with: kept start");
                return ExitCode.NOT_RUNNING;
            }
            String line = line(report.get());
            if (!line.equals(last)) {
                last = line;
                context.out().println(context.clock().instant() + "  " + line);
                context.out().flush();
            }
            Thread.sleep(ASK_RARELY_MS);
        }
        return ExitCode.DONE;
    }

    private static String line(StatusReport report) {
        long recording = report.sessions().stream()
                .filter(session -> session.recording().isPresent())
                .count();
        long live =
                report.sessions().stream().filter(session -> !session.stale()).count();
        return "rss " + HumanReadable.bytes(report.memory().process().rss()) + ", heap "
                + HumanReadable.bytes(report.memory().process().heapUsed()) + ", recording " + recording + ", live "
                + live
                + ", sessions " + report.sessions().size() + ", problems "
                + report.problems().size();
    }
}
