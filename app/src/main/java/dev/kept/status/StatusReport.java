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
 * The daemon's report about itself at one moment. Immutable; {@link StatusJson} and {@link StatusText} show the same
 * facts. Sessions are sorted by {@link #ORDER}.
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
    /** Version of the JSON form; it changes when a fact is renamed, retyped or removed, not when one is added. */
    public static final int SCHEMA_VERSION = 1;

    /** Order of sessions: recorded ones first, then the latest message first. */
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
     * @param heartbeatAt time of the last update of the report; empty before the first
     * @param sandbox confinement of the daemon: {@code none}, {@code landlock}, …
     */
    public record Daemon(
            boolean running,
            long pid,
            String version,
            Instant startedAt,
            Optional<Instant> heartbeatAt,
            String sandbox) {}

    /**
     * The memory in use, and its limit.
     *
     * @param daemonMaxMemoryBytes ceiling of the whole process
     */
    public record Memory(long daemonMaxMemoryBytes, ProcessMemory process, SnapshotMemory snapshots) {
        /** Reports whether the process is over its ceiling, or the snapshots are over their share of it. */
        public boolean overBudget() {
            return snapshots.overBudget() || process.rss() > daemonMaxMemoryBytes;
        }
    }

    /**
     * The memory of the process as seen by the operating system and the Java runtime, in bytes.
     *
     * @param rss resident set; 0 where the system does not report it
     */
    public record ProcessMemory(long rss, long heapUsed, long heapCommitted, long nonHeapUsed, long directUsed) {}

    /** The sessions held in memory. */
    public record SnapshotMemory(
            long estimatedBytes, long sessionCount, long eventCount, Evictions evictions, boolean overBudget) {}

    /**
     * The events dropped from memory; their tapes are untouched.
     *
     * @param byReason number for each reason, by its name
     */
    public record Evictions(long total, long bytesReclaimed, Map<String, Long> byReason) {
        public static final Evictions NONE = new Evictions(0, 0, Map.of());

        public Evictions {
            byReason = Collections.unmodifiableMap(new TreeMap<>(byReason));
        }
    }

    /**
     * The secrets replaced by markers in recordings.
     *
     * @param replaced number since the daemon started
     * @param byKind number for each kind, by its name in markers
     */
    public record Secrets(long replaced, Map<String, Long> byKind) {
        public static final Secrets NONE = new Secrets(Map.of());

        public Secrets {
            byKind = Collections.unmodifiableMap(new TreeMap<>(byKind));
        }

        /** Creates the record with the sum of all kinds. */
        public Secrets(Map<String, Long> byKind) {
            this(byKind.values().stream().mapToLong(Long::longValue).sum(), byKind);
        }
    }

    /** The progress of the first import, which reads what existed before Kept. */
    public record Imports(long filesTotal, long filesDone, long bytesTotal, long bytesDone) {
        public static final Imports NONE = new Imports(0, 0, 0, 0);

        public boolean isDone() {
            return filesDone >= filesTotal && bytesDone >= bytesTotal;
        }
    }

    /**
     * The files of one agent.
     *
     * @param filesUnknown files below its session folders that are neither session files nor known companions of these
     * @param recordsRead records of all its sources, understood or not
     * @param unknownTypes types of the records that were not understood
     * @param unknownFiles some of the unknown files
     * @param idsForgotten events that would be delivered again if their source was rewritten, because it has had too
     *     many since
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
        /** Creates the facts of a provider all of whose events are known by their ids. */
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
     * @param example position of the first one
     */
    public record UnknownType(String type, long count, String example) {}

    /**
     * A session.
     *
     * @param shortId shortest prefix of the session's id, at least 8 characters, that no other session has
     * @param snippet beginning of the person's first message, or the first command
     * @param title name in lists; the snippet if there is no other
     * @param titleSource origin of the title
     * @param stale true if nothing has happened for a while
     * @param evicted true if its events are on the tape but not in memory
     * @param sourcePresent true if the agent's own file still exists
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

    /** A recording of a session. */
    public record RecordingStatus(
            String recordingId, String outputPath, Instant startedAt, Optional<Instant> lastWriteAt) {}

    /**
     * A problem that a person should know about and can solve.
     *
     * @param code dotted words that stay the same for the same kind of problem
     * @param remedy advice to the person
     * @param pendingCommands number of in-chat commands that wait until it is solved
     */
    public record Problem(String code, String message, String remedy, Optional<Instant> since, long pendingCommands) {}
}
