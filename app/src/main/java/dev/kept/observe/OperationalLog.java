package dev.kept.observe;

import dev.kept.config.KeptHome;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The log of what the daemon did and what went wrong, one JSON object per line, for operators. Bounded in size;
 * thread-safe. Logging never throws, because no caller could handle it.
 *
 * <p>Codes are dotted words, e.g. {@code daemon.started}. Facts are codes, paths, ids and counts, never text of a
 * conversation: where an exception could quote one, only its class is logged.
 *
 * <p>An error with the same code, exception class and facts as an earlier one is counted. Its line is repeated, with
 * the count, only when that reaches 10, 100, 1,000, …, and on {@link #close}.
 */
public final class OperationalLog implements AutoCloseable {
    static final long MAX_BYTES = 4 * 1024 * 1024;
    static final int OLDER_FILES = 2;
    private static final int DISTINCT_ERRORS = 256;

    private final Clock clock;
    private final RotatedFile file;
    private final LinkedHashMap<String, Repeated> errors = new LinkedHashMap<>(16, 0.75f, true);
    private long failedWrites;

    /** The number of times that an error was seen, and that number when it was last written. */
    private static final class Repeated {
        private final String code;
        private final Map<String, String> facts;
        private final Instant first;
        private long count;
        private long written;

        Repeated(String code, Map<String, String> facts, Instant first) {
            this.code = code;
            this.facts = facts;
            this.first = first;
        }
    }

    OperationalLog(KeptHome home, Clock clock, long maxBytes) throws IOException {
        this.clock = clock;
        this.file = new RotatedFile(home.operationalLog(), maxBytes, OLDER_FILES);
    }

    /** Opens the log of a home whose directories exist. */
    public static OperationalLog open(KeptHome home, Clock clock) throws IOException {
        return new OperationalLog(home, clock, MAX_BYTES);
    }

    /** Logs something worth knowing. */
    public synchronized void info(String code, Map<String, String> facts) {
        write("info", code, facts);
    }

    /** Logs a problem that the daemon handled. */
    public synchronized void warning(String code, Map<String, String> facts) {
        countOrWrite("warning", code, facts);
    }

    /** Logs an error. */
    public synchronized void error(String code, Throwable cause, Map<String, String> facts) {
        Map<String, String> all = new HashMap<>(facts);
        all.put("exception", cause.getClass().getName());
        if (cause instanceof IOException && cause.getMessage() != null) {
            // Messages of file operations name paths and reasons; those of parsers may quote a conversation.
            all.put("message", cause.getMessage());
        }
        StackTraceElement[] frames = cause.getStackTrace();
        if (frames.length > 0) {
            all.put("where", frames[0].toString());
        }
        countOrWrite("error", code, all);
    }

    /** Returns the number of entries that could not be written, as when the disk is full. */
    public synchronized long failedWrites() {
        return failedWrites;
    }

    private void countOrWrite(String kind, String code, Map<String, String> facts) {
        String identity = LogLine.of(Instant.EPOCH, kind, code, facts);
        Repeated seen = errors.computeIfAbsent(identity, _ -> new Repeated(code, Map.copyOf(facts), clock.instant()));
        seen.count++;
        if (seen.count == 1) {
            write(kind, code, facts);
            seen.written = 1;
        } else if (isPowerOfTen(seen.count)) {
            writeRepeated(seen);
        }
        if (errors.size() > DISTINCT_ERRORS) {
            Map.Entry<String, Repeated> eldest = errors.firstEntry();
            errors.remove(eldest.getKey());
            writeRepeated(eldest.getValue());
        }
    }

    private void writeRepeated(Repeated seen) {
        if (seen.written == seen.count) {
            return;
        }
        seen.written = seen.count;
        Map<String, String> facts = new HashMap<>(seen.facts);
        facts.put("count", Long.toString(seen.count));
        facts.put("first", seen.first.toString());
        write("repeated", seen.code, facts);
    }

    private static boolean isPowerOfTen(long count) {
        long rest = count;
        while (rest % 10 == 0) {
            rest /= 10;
        }
        return rest == 1;
    }

    private void write(String kind, String code, Map<String, String> facts) {
        try {
            file.append(LogLine.of(clock.instant(), kind, code, facts));
        } catch (IOException e) {
            failedWrites++;
        }
    }

    /** Writes the counts that were not written yet, and closes the file. */
    @Override
    public synchronized void close() {
        errors.values().forEach(this::writeRepeated);
        errors.clear();
        try {
            file.close();
        } catch (IOException e) {
            failedWrites++;
        }
    }
}
