package dev.kept.status;

import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.text.SafeId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything the daemon says about itself at one moment. Immutable; {@link StatusJson} and {@link StatusText} show the
 * same facts. Sessions are in the order of {@link #ORDER}.
 */
public record StatusReport(
        int schemaVersion,
        Instant generatedAt,
        Daemon daemon,
        Memory memory,
        Imports imports,
        List<ProviderStatus> providers,
        List<SessionStatus> sessions,
        List<Problem> problems,
        Secrets secrets) {
    /** The version of the JSON form; it changes when a fact is renamed, retyped or removed, not when one is added. */
    public static final int SCHEMA_VERSION = 1;

    /** What is recorded first, then what was said last. */
    public static final Comparator<SessionStatus> ORDER = Comparator.comparing(
                    (SessionStatus session) -> session.recording().isEmpty())
            .thenComparing(
                    session -> session.lastMessageAt().or(session::updatedAt).orElse(Instant.MIN),
                    Comparator.reverseOrder())
            .thenComparing(SessionStatus::provider)
            .thenComparing(SessionStatus::sessionId);

    public StatusReport {
        providers = List.copyOf(providers);
        sessions = sessions.stream().sorted(ORDER).toList();
        problems = List.copyOf(problems);
    }

    /**
     * The process.
     *
     * @param heartbeatAt when the report was last renewed; empty before the first time
     * @param sandbox what confines the daemon: {@code none}, {@code landlock}, …
     */
    public record Daemon(
            boolean running,
            long pid,
            String version,
            Instant startedAt,
            Optional<Instant> heartbeatAt,
            String sandbox) {}

    /**
     * What is used of what may be used.
     *
     * @param daemonMaxMemoryBytes the ceiling of the whole process
     */
    public record Memory(long daemonMaxMemoryBytes, ProcessMemory process, SnapshotMemory snapshots) {
        /** True when the process is over its ceiling, or the snapshots are over their share of it. */
        public boolean overBudget() {
            return snapshots.overBudget() || process.rss() > daemonMaxMemoryBytes;
        }
    }

    /**
     * The process as the operating system and the Java runtime see it, in bytes.
     *
     * @param rss resident set; 0 where the system does not say
     */
    public record ProcessMemory(long rss, long heapUsed, long heapCommitted, long nonHeapUsed, long directUsed) {}

    /** The sessions that are held in memory. */
    public record SnapshotMemory(
            long estimatedBytes, long sessionCount, long eventCount, Evictions evictions, boolean overBudget) {}

    /**
     * Events that were dropped from memory; their tapes are untouched.
     *
     * @param byReason how many for each reason, by its name
     */
    public record Evictions(long total, long bytesReclaimed, Map<String, Long> byReason) {
        public static final Evictions NONE = new Evictions(0, 0, Map.of());

        public Evictions {
            byReason = Collections.unmodifiableMap(new TreeMap<>(byReason));
        }
    }

    /**
     * Secrets that recordings show markers for.
     *
     * @param replaced how often since the daemon started
     * @param byKind how often for each kind, by its name in markers
     */
    public record Secrets(long replaced, Map<String, Long> byKind) {
        public static final Secrets NONE = new Secrets(Map.of());

        public Secrets {
            byKind = Collections.unmodifiableMap(new TreeMap<>(byKind));
        }

        /** The sum of all kinds. */
        public Secrets(Map<String, Long> byKind) {
            this(byKind.values().stream().mapToLong(Long::longValue).sum(), byKind);
        }
    }

    /** The first reading of what was there before Kept. */
    public record Imports(long filesTotal, long filesDone, long bytesTotal, long bytesDone) {
        public static final Imports NONE = new Imports(0, 0, 0, 0);

        public boolean isDone() {
            return filesDone >= filesTotal && bytesDone >= bytesTotal;
        }
    }

    /**
     * One agent's files.
     *
     * @param filesUnknown files below its session folders that are neither session files nor known to stand beside them
     * @param recordsRead records of all its sources; those that are not unknown were understood
     * @param unknownTypes the types of the records that were not
     * @param unknownFiles some of the files that are not known
     * @param idsForgotten events that would be told again if their source was rewritten: it has had too many since
     */
    public record ProviderStatus(
            String provider,
            List<String> roots,
            long filesPresent,
            long filesFollowed,
            long filesUnknown,
            long recordsRead,
            long recordsUnknown,
            long bytesOnTape,
            long rewritesDetected,
            List<UnknownType> unknownTypes,
            List<String> unknownFiles,
            long idsForgotten) {
        /** Facts of a provider all of whose events are known by their ids. */
        public ProviderStatus(
                String provider,
                List<String> roots,
                long filesPresent,
                long filesFollowed,
                long filesUnknown,
                long recordsRead,
                long recordsUnknown,
                long bytesOnTape,
                long rewritesDetected,
                List<UnknownType> unknownTypes,
                List<String> unknownFiles) {
            this(
                    provider,
                    roots,
                    filesPresent,
                    filesFollowed,
                    filesUnknown,
                    recordsRead,
                    recordsUnknown,
                    bytesOnTape,
                    rewritesDetected,
                    unknownTypes,
                    unknownFiles,
                    0);
        }

        public ProviderStatus {
            roots = List.copyOf(roots);
            unknownTypes = List.copyOf(unknownTypes);
            unknownFiles = List.copyOf(unknownFiles);
        }
    }

    /**
     * A type of record that this version does not understand; its records are kept and counted.
     *
     * @param example where the first one stands
     */
    public record UnknownType(String type, long count, String example) {}

    /**
     * One conversation.
     *
     * @param shortId the shortest beginning of the session's id, at least 8 characters, that no other session has
     * @param snippet what a person said first, or the command that it began with
     * @param title what lists call it: the snippet, if nothing else
     * @param titleSource where the title comes from
     * @param stale nothing happened for a while
     * @param evicted its events are on the tape but not in memory
     * @param sourcePresent the agent's own file is still there
     */
    public record SessionStatus(
            String provider,
            String sessionId,
            String shortId,
            Optional<String> snippet,
            Optional<String> title,
            Optional<Origin> titleSource,
            Optional<String> cwd,
            Optional<Instant> updatedAt,
            Optional<Instant> lastMessageAt,
            boolean stale,
            long eventCount,
            boolean evicted,
            boolean sourcePresent,
            Optional<RecordingStatus> recording) {
        public SessionStatus {
            sessionId = SafeId.of(sessionId);
            shortId = SafeId.of(shortId);
        }
    }

    /** A file that follows a session. */
    public record RecordingStatus(
            String recordingId, String outputPath, Instant startedAt, Optional<Instant> lastWriteAt) {}

    /**
     * Something that a person should know and can mend.
     *
     * @param code dotted words that stay the same for the same kind of problem
     * @param remedy what to do about it
     * @param pendingCommands how many in-chat commands wait until it is mended
     */
    public record Problem(String code, String message, String remedy, Optional<Instant> since, long pendingCommands) {}
}
