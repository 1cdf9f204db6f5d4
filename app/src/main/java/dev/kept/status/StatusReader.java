package dev.kept.status;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.status.StatusReport.Daemon;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProcessMemory;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.RecordingStatus;
import dev.kept.status.StatusReport.Secrets;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.status.StatusReport.SnapshotMemory;
import dev.kept.status.StatusReport.UnknownType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parser of JSON reports, of this version or a newer one: missing facts get their empty value. */
final class StatusReader {
    private StatusReader() {}

    /**
     * Parses a report.
     *
     * @throws MalformedJsonException if the text is not a report
     */
    static StatusReport read(String json) throws MalformedJsonException {
        JsonObject root = JsonReader.parse(json) instanceof JsonObject object ? object : JsonObject.EMPTY;
        return new StatusReport(
                (int) root.longOr("schemaVersion", 0),
                instant(root, "generatedAt").orElse(Instant.EPOCH),
                readDaemon(child(root, "daemon")),
                readMemory(child(root, "memory")),
                readImports(child(root, "imports")),
                objects(root, "providers").stream()
                        .map(StatusReader::readProvider)
                        .toList(),
                objects(root, "sessions").stream()
                        .map(StatusReader::readSession)
                        .toList(),
                objects(root, "problems").stream()
                        .map(StatusReader::readProblem)
                        .toList(),
                readSecrets(child(root, "secrets")));
    }

    private static Daemon readDaemon(JsonObject daemon) {
        return new Daemon(
                daemon.isTrue("running"),
                daemon.longOr("pid", 0),
                daemon.stringOr("version", ""),
                instant(daemon, "startedAt").orElse(Instant.EPOCH),
                instant(daemon, "heartbeatAt"),
                daemon.stringOr("sandbox", ""));
    }

    private static Memory readMemory(JsonObject memory) {
        JsonObject process = child(memory, "process");
        JsonObject snapshots = child(memory, "snapshots");
        JsonObject evictions = child(snapshots, "evictions");
        Map<String, Long> byReason = new LinkedHashMap<>();
        for (String reason : child(evictions, "byReason").members().keySet()) {
            byReason.put(reason, child(evictions, "byReason").longOr(reason, 0));
        }
        return new Memory(
                memory.longOr("daemonMaxMemoryBytes", 0),
                new ProcessMemory(
                        process.longOr("rss", 0),
                        process.longOr("heapUsed", 0),
                        process.longOr("heapCommitted", 0),
                        process.longOr("nonHeapUsed", 0),
                        process.longOr("directUsed", 0)),
                new SnapshotMemory(
                        snapshots.longOr("estimatedBytes", 0),
                        snapshots.longOr("sessionCount", 0),
                        snapshots.longOr("eventCount", 0),
                        new Evictions(evictions.longOr("total", 0), evictions.longOr("bytesReclaimed", 0), byReason),
                        snapshots.isTrue("overBudget")));
    }

    private static Secrets readSecrets(JsonObject secrets) {
        JsonObject kinds = child(secrets, "byKind");
        Map<String, Long> byKind = new LinkedHashMap<>();
        kinds.members().keySet().forEach(kind -> byKind.put(kind, kinds.longOr(kind, 0)));
        return new Secrets(secrets.longOr("replaced", 0), byKind);
    }

    private static Imports readImports(JsonObject imports) {
        return new Imports(
                imports.longOr("filesTotal", 0),
                imports.longOr("filesDone", 0),
                imports.longOr("bytesTotal", 0),
                imports.longOr("bytesDone", 0));
    }

    private static List<String> strings(List<JsonValue> values) {
        return values.stream()
                .filter(JsonText.class::isInstance)
                .map(text -> ((JsonText) text).value())
                .toList();
    }

    private static ProviderStatus readProvider(JsonObject provider) {
        return new ProviderStatus(
                provider.stringOr("provider", ""),
                strings(provider.array("roots")),
                provider.longOr("filesPresent", 0),
                provider.longOr("filesFollowed", 0),
                provider.longOr("filesUnknown", 0),
                provider.longOr("recordsRead", 0),
                provider.longOr("recordsUnknown", 0),
                provider.longOr("bytesOnTape", 0),
                provider.longOr("rewritesDetected", 0),
                provider.array("unknownTypes").stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .map(unknown -> new UnknownType(
                                unknown.stringOr("type", ""),
                                unknown.longOr("count", 0),
                                unknown.stringOr("example", "")))
                        .toList(),
                strings(provider.array("unknownFiles")),
                provider.longOr("idsForgotten", 0));
    }

    private static SessionStatus readSession(JsonObject session) {
        return new SessionStatus(
                session.stringOr("provider", ""),
                session.stringOr("sessionId", ""),
                session.stringOr("shortId", ""),
                session.string("snippet"),
                session.string("title"),
                session.string("titleSource").flatMap(Origin::of),
                session.string("cwd"),
                instant(session, "updatedAt"),
                instant(session, "lastMessageAt"),
                session.isTrue("stale"),
                session.longOr("eventCount", 0),
                session.isTrue("evicted"),
                session.isTrue("sourcePresent"),
                session.object("recording")
                        .map(recording -> new RecordingStatus(
                                recording.stringOr("recordingId", ""),
                                recording.stringOr("outputPath", ""),
                                instant(recording, "startedAt").orElse(Instant.EPOCH),
                                instant(recording, "lastWriteAt"))));
    }

    private static Problem readProblem(JsonObject problem) {
        return new Problem(
                problem.stringOr("code", ""),
                problem.stringOr("message", ""),
                problem.stringOr("remedy", ""),
                instant(problem, "since"),
                problem.longOr("pendingCommands", 0));
    }

    private static JsonObject child(JsonObject parent, String name) {
        return parent.object(name).orElse(JsonObject.EMPTY);
    }

    private static List<JsonObject> objects(JsonObject parent, String name) {
        return parent.array(name).stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .toList();
    }

    private static Optional<Instant> instant(JsonObject object, String name) {
        try {
            return object.string(name).map(Instant::parse);
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
