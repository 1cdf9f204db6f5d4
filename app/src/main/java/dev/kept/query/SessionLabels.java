package dev.kept.query;

import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport.SessionStatus;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** Names and times of sessions as short texts for people. Pure. */
public final class SessionLabels {
    private SessionLabels() {}

    /** Returns one line for a session: id, age, name and folder, without columns. */
    public static String line(SessionStatus session, Instant now, UnaryOperator<String> shortenPath) {
        return session.provider() + "/" + HumanReadable.harmless(session.sessionId()) + "  " + age(session, now) + "  "
                + name(session)
                + session.cwd()
                        .map(cwd -> "  (" + HumanReadable.harmless(shortenPath.apply(cwd)) + ")")
                        .orElse("");
    }

    /** Returns the title, or the first words said. */
    public static String name(SessionStatus session) {
        return HumanReadable.harmless(session.title().or(session::snippet).orElse("(nothing said yet)"));
    }

    /** Returns how long ago the session's last message was. */
    public static String age(SessionStatus session, Instant now) {
        return session.lastMessageAt()
                .or(session::updatedAt)
                .map(at -> HumanReadable.ago(at, now))
                .orElse("no time");
    }
}
