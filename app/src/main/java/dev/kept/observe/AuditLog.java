package dev.kept.observe;

import dev.kept.config.KeptHome;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/**
 * The log of security-relevant actions: which destinations were allowed, what was refused, which source was rewritten.
 * One JSON object per line, bounded, thread-safe. Never contains text of a conversation.
 *
 * <p>An entry that cannot be written is an error for the caller, not lost: an action that must be audited is not done
 * without its entry.
 */
public final class AuditLog implements AutoCloseable {
    static final long MAX_BYTES = 8 * 1024 * 1024;
    static final int OLDER_FILES = 4;

    private final Clock clock;
    private final RotatedFile file;

    AuditLog(KeptHome home, Clock clock, long maxBytes) throws IOException {
        this.clock = clock;
        this.file = new RotatedFile(home.auditLog(), maxBytes, OLDER_FILES);
    }

    /** Opens the log of a home whose directories exist. */
    public static AuditLog open(KeptHome home, Clock clock) throws IOException {
        return new AuditLog(home, clock, MAX_BYTES);
    }

    /**
     * Opens the log beside a daemon that may have it open too: appends to the file, and leaves its rotation to the
     * daemon.
     */
    public static AuditLog openBesideDaemon(KeptHome home, Clock clock) throws IOException {
        return new AuditLog(home, clock, Long.MAX_VALUE);
    }

    /**
     * Records an action that widens or uses a permission.
     *
     * @param code dotted words, e.g. {@code directory.allowed}
     */
    public synchronized void done(String code, Map<String, String> facts) throws IOException {
        file.append(LogLine.of(clock.instant(), "done", code, facts));
    }

    /**
     * Records a refusal.
     *
     * @param code dotted words, e.g. {@code recording.denied}
     */
    public synchronized void denied(String code, Map<String, String> facts) throws IOException {
        file.append(LogLine.of(clock.instant(), "denied", code, facts));
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
