package dev.kept.cli.command;

import dev.kept.cli.terminal.Columns;
import dev.kept.cli.terminal.Style;
import dev.kept.cli.terminal.Terminal;
import dev.kept.query.SessionIds;
import dev.kept.query.SessionLabels;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.RecordingStatus;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.text.ForeignPath;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The status report as a screen of a fixed number of rows and columns: daemon, memory against its ceiling, recordings,
 * sessions, problems. It never has more rows than the terminal; what does not fit is counted. Pure.
 */
final class LiveScreen {
    private static final String LEVELS = "▁▂▃▄▅▆▇█";
    private static final int MOST_PROBLEMS = 3;
    private static final int FOOTER_ROWS = 2;

    private final StatusReport report;
    private final Terminal.Size size;
    private final Style style;
    private final UnaryOperator<String> shortenPath;
    private final Instant now;
    private final List<String> lines = new ArrayList<>();

    private LiveScreen(
            StatusReport report, Terminal.Size size, Style style, UnaryOperator<String> shortenPath, Instant now) {
        this.report = report;
        this.size = size;
        this.style = style;
        this.shortenPath = shortenPath;
        this.now = now;
    }

    /**
     * Returns the rows of the screen.
     *
     * @param rss memory of the process at earlier moments, oldest first
     * @param heap used heap at these moments
     */
    static List<String> of(
            StatusReport report,
            List<Long> rss,
            List<Long> heap,
            Terminal.Size size,
            Style style,
            UnaryOperator<String> shortenPath,
            Instant now) {
        LiveScreen screen = new LiveScreen(report, size, style, shortenPath, now);
        screen.daemon();
        screen.memory(rss, heap);
        screen.imports();
        screen.body();
        return screen.framed();
    }

    /** Returns the screen while there is no report to show. */
    static List<String> message(String text, Terminal.Size size, Style style) {
        List<String> lines = new ArrayList<>();
        text.lines().map(line -> Columns.cut(line, size.columns())).forEach(lines::add);
        return withFooter(lines, size, style);
    }

    private List<String> framed() {
        return withFooter(lines, size, style);
    }

    private static List<String> withFooter(List<String> lines, Terminal.Size size, Style style) {
        List<String> all = new ArrayList<>(lines.subList(0, Math.min(lines.size(), Math.max(0, size.rows() - 1))));
        while (all.size() < size.rows() - 1) {
            all.add("");
        }
        all.add(style.quiet(Columns.cut("q quits", size.columns())));
        return all;
    }

    private void daemon() {
        String left = "Kept " + report.daemon().version() + "  "
                + (report.daemon().running()
                        ? "running "
                                + HumanReadable.lasting(
                                        Duration.between(report.daemon().startedAt(), now))
                        : "not running")
                + "  pid " + report.daemon().pid() + "  sandbox "
                + report.daemon().sandbox();
        String right = report.daemon()
                .heartbeatAt()
                .map(at -> "heartbeat " + HumanReadable.ago(at, now))
                .orElse("starting");
        int gap = size.columns() - Columns.of(left) - Columns.of(right);
        lines.add(
                gap > 1
                        ? style.strong(left) + " ".repeat(gap) + style.quiet(right)
                        : style.strong(Columns.cut(left, size.columns())));
    }

    private void memory(List<Long> rss, List<Long> heap) {
        Memory memory = report.memory();
        long most = Math.max(1, memory.daemonMaxMemoryBytes());
        long used = memory.process().rss();
        String words = "Memory  " + HumanReadable.bytes(used) + " of " + HumanReadable.bytes(most) + "  ";
        int width = Math.max(5, Math.min(40, size.columns() - Columns.of(words) - 2));
        int full = (int) Math.min(width, used * width / most);
        String bar = "█".repeat(full) + "░".repeat(width - full);
        lines.add(style.strong(words) + (memory.overBudget() ? style.bad(bar) : style.good(bar)));
        history("  RSS   ", rss, most);
        history("  heap  ", heap, most);
        String snapshots = "  " + HumanReadable.count(memory.snapshots().sessionCount(), "session") + ", "
                + HumanReadable.count(memory.snapshots().eventCount(), "event") + " in "
                + HumanReadable.bytes(memory.snapshots().estimatedBytes()) + ", "
                + HumanReadable.count(memory.snapshots().evictions().total(), "eviction");
        lines.add(style.quiet(Columns.cut(snapshots, size.columns())));
    }

    /** Adds a chart of the last moments against the ceiling: flat is good. */
    private void history(String name, List<Long> values, long most) {
        if (values.isEmpty()) {
            return;
        }
        long least = values.stream().mapToLong(Long::longValue).min().orElse(0);
        long greatest = values.stream().mapToLong(Long::longValue).max().orElse(0);
        String range = "  " + HumanReadable.bytes(least) + " to " + HumanReadable.bytes(greatest);
        int width = Math.max(1, Math.min(60, size.columns() - name.length() - Columns.of(range)));
        List<Long> last = values.subList(Math.max(0, values.size() - width), values.size());
        StringBuilder picture = new StringBuilder();
        for (long value : last) {
            int level = (int) Math.min(LEVELS.length() - 1, value * LEVELS.length() / most);
            picture.append(LEVELS.charAt(level));
        }
        lines.add(Columns.cut(name + picture, size.columns()) + style.quiet(range));
    }

    private void imports() {
        Imports imports = report.imports();
        if (imports.filesTotal() > 0 && !imports.isDone()) {
            lines.add(Columns.cut(
                    "Import  " + HumanReadable.bytes(imports.bytesDone()) + " of "
                            + HumanReadable.bytes(imports.bytesTotal()) + ", "
                            + HumanReadable.grouped(imports.filesDone()) + " of "
                            + HumanReadable.count(imports.filesTotal(), "file"),
                    size.columns()));
        }
    }

    private void body() {
        List<String> problems = problems();
        List<SessionStatus> recorded = report.sessions().stream()
                .filter(session -> session.recording().isPresent())
                .toList();
        List<SessionStatus> others = report.sessions().stream()
                .filter(session -> session.recording().isEmpty())
                .sorted(SessionIds.LATEST_FIRST)
                .toList();
        lines.add("");
        lines.add(style.strong("Recording  ")
                + (recorded.isEmpty() ? "nothing" : HumanReadable.count(recorded.size(), "session")));
        int room = size.rows() - FOOTER_ROWS - lines.size() - problems.size() - 2;
        int shown = Math.min(recorded.size(), Math.max(1, room * 2 / 3));
        recorded.subList(0, shown).forEach(session -> session(session, "● "));
        if (shown < recorded.size()) {
            lines.add(style.quiet("  … and " + (recorded.size() - shown) + " more"));
        }
        long live = others.stream().filter(session -> !session.stale()).count();
        lines.add("");
        lines.add(
                style.strong("Sessions  ") + live + " live, " + HumanReadable.grouped(others.size() - live) + " stale");
        int left = size.rows() - FOOTER_ROWS - lines.size() - problems.size();
        others.subList(0, Math.max(0, Math.min(others.size(), left))).forEach(session -> session(session, "  "));
        lines.addAll(problems);
    }

    private void session(SessionStatus session, String mark) {
        String when = Columns.fitted(SessionLabels.age(session, now), 12);
        String head = mark + Columns.fitted(HumanReadable.harmless(session.shortId()), 8) + "  " + when + "  ";
        String tail = session.recording()
                .map(recording -> "  → " + fileName(recording))
                .orElse(session.cwd()
                        .map(where -> "  " + HumanReadable.harmless(shortenPath.apply(where)))
                        .orElse(""));
        int tailRoom = Math.min(Columns.of(tail), size.columns() / 3);
        int room = size.columns() - Columns.of(head) - tailRoom;
        String name = Columns.fitted(SessionLabels.name(session), Math.max(0, room));
        String start = session.recording().isPresent() ? style.good(head) : head;
        lines.add(
                (session.stale() ? style.quiet(head + name) : start + name) + style.quiet(Columns.cut(tail, tailRoom)));
    }

    private static String fileName(RecordingStatus recording) {
        String name = ForeignPath.of(recording.outputPath())
                .map(Path::getFileName)
                .map(Path::toString)
                .orElse(recording.outputPath());
        return HumanReadable.harmless(name);
    }

    private List<String> problems() {
        List<String> rows = new ArrayList<>();
        List<Problem> all = report.problems();
        if (!all.isEmpty()) {
            rows.add("");
            rows.add(style.bad("Problems  " + all.size())
                    + (all.size() > MOST_PROBLEMS ? "  kept status shows all" : ""));
            for (Problem problem : all.subList(0, Math.min(MOST_PROBLEMS, all.size()))) {
                rows.add(Columns.cut("  " + HumanReadable.harmless(problem.message()), size.columns()));
                rows.add(style.quiet(Columns.cut("    → " + HumanReadable.harmless(problem.remedy()), size.columns())));
            }
        }
        return rows;
    }
}
