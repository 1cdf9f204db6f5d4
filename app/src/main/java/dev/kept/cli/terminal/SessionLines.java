package dev.kept.cli.terminal;

import dev.kept.query.SessionLabels;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport.SessionStatus;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Lists of sessions for people: id, agent, time, folder, name. Pure. */
public final class SessionLines {
    private static final int CWD_WIDTH = 30;
    private static final int CWD_SHARE = 5;

    private SessionLines() {}

    /**
     * Returns a table.
     *
     * @param width columns of the terminal, at which lines are cut; 0 for no limit
     */
    public static String table(
            List<SessionStatus> sessions, Instant now, UnaryOperator<String> shortenPath, int width, Style style) {
        int ids = widest(sessions.stream().map(SessionStatus::shortId).toList());
        int providers = widest(sessions.stream().map(SessionStatus::provider).toList());
        int times = widest(sessions.stream()
                .map(session -> SessionLabels.age(session, now))
                .toList());
        int most = width == 0 ? CWD_WIDTH : Math.clamp(width / CWD_SHARE, 8, CWD_WIDTH);
        int places = Math.min(
                most,
                widest(sessions.stream()
                        .map(session -> place(session, shortenPath))
                        .toList()));
        StringBuilder text = new StringBuilder();
        for (SessionStatus session : sessions) {
            String id = padded(HumanReadable.harmless(session.shortId()), ids);
            String rest =
                    "  " + padded(session.provider(), providers) + "  " + padded(SessionLabels.age(session, now), times)
                            + "  " + padded(tail(place(session, shortenPath), most), places) + "  ";
            String mark = session.recording().isPresent() ? "● " : session.sourcePresent() ? "" : "✗ ";
            String name = SessionLabels.name(session);
            String titled = titled(session);
            int room = width == 0 ? Integer.MAX_VALUE : width - id.length() - rest.length() - mark.length();
            // On a short line the name has priority.
            titled = room < Columns.of(name) + titled.length() ? "" : titled;
            text.append(style.strong(id))
                    .append(style.quiet(rest))
                    .append(session.recording().isPresent() ? style.good(mark) : style.quiet(mark))
                    .append(Columns.cut(name, Math.max(8, room)))
                    .append(style.quiet(titled))
                    .append('\n');
        }
        return text.toString();
    }

    /** Returns an explanation of the table's marks that are used. */
    public static String legend(List<SessionStatus> sessions) {
        boolean recorded =
                sessions.stream().anyMatch(session -> session.recording().isPresent());
        boolean gone = sessions.stream().anyMatch(session -> session.recording().isEmpty() && !session.sourcePresent());
        return (recorded ? "● is being recorded" : "")
                + (recorded && gone ? "   " : "")
                + (gone ? "✗ the agent deleted its file; the tape has it: kept restore" : "");
    }

    private static String titled(SessionStatus session) {
        String titled = HumanReadable.titled(session.titleSource());
        return titled.isEmpty() ? "" : "  (" + titled + ")";
    }

    private static String place(SessionStatus session, UnaryOperator<String> shortenPath) {
        return session.cwd().map(shortenPath).map(HumanReadable::harmless).orElse("");
    }

    private static int widest(List<String> texts) {
        return texts.stream().mapToInt(Columns::of).max().orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - Columns.of(text)));
    }

    /** Returns the end of a path, which says more than its beginning. */
    private static String tail(String text, int width) {
        return text.length() <= width ? text : "…" + text.substring(text.length() - width + 1);
    }

    public static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }
}
