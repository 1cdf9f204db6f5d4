package dev.kept.status;

import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.status.StatusReport.Daemon;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.status.StatusReport.UnknownType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** The JSON form of the report. Unknown facts are omitted. */
public final class StatusJson {
    private StatusJson() {}

    /** Returns the report in one line. */
    public static String compact(StatusReport report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.compact(text)) {
            write(out, report);
        }
        return text.toString();
    }

    /** Returns the report for people and files: indented, with a closing newline. */
    public static String indented(StatusReport report) {
        StringWriter text = new StringWriter();
        try {
            writeIndented(report, text);
        } catch (IOException e) {
            throw new UncheckedIOException("a string can always be written to", e);
        }
        return text.toString();
    }

    /** Writes the indented report piece by piece; the target stays open. */
    public static void writeIndented(StatusReport report, Writer target) throws IOException {
        try (JsonGenerator out = JsonWriter.indented(JsonWriter.keptOpen(target))) {
            write(out, report);
        }
        target.write('\n');
    }

    /**
     * Returns what replaces the report when no daemon runs.
     *
     * @param lastHeartbeat time of the last heartbeat
     * @param problems known causes
     */
    public static String notRunning(Instant now, Optional<Instant> lastHeartbeat, List<Problem> problems) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            out.writeNumberProperty("schemaVersion", StatusReport.SCHEMA_VERSION);
            out.writeStringProperty("generatedAt", now.toString());
            out.writeObjectPropertyStart("daemon");
            out.writeBooleanProperty("running", false);
            write(out, "heartbeatAt", lastHeartbeat);
            out.writeEndObject();
            out.writeArrayPropertyStart("problems");
            problems.forEach(problem -> write(out, problem));
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.append('\n').toString();
    }

    /**
     * Writes a list of sessions, as {@code kept sessions --json} prints it, with the same members as in the report.
     *
     * @param source origin of the list: {@code daemon} or {@code disk}
     */
    public static void writeSessions(List<SessionStatus> sessions, String source, Instant now, Writer target)
            throws IOException {
        try (JsonGenerator out = JsonWriter.indented(JsonWriter.keptOpen(target))) {
            out.writeStartObject();
            out.writeNumberProperty("schemaVersion", StatusReport.SCHEMA_VERSION);
            out.writeStringProperty("generatedAt", now.toString());
            out.writeStringProperty("source", source);
            out.writeArrayPropertyStart("sessions");
            sessions.forEach(session -> write(out, session));
            out.writeEndArray();
            out.writeEndObject();
        }
        target.write('\n');
    }

    private static void write(JsonGenerator out, StatusReport report) {
        out.writeStartObject();
        out.writeNumberProperty("schemaVersion", report.schemaVersion());
        out.writeStringProperty("generatedAt", report.generatedAt().toString());
        write(out, report.daemon());
        write(out, report.memory());
        out.writeObjectPropertyStart("imports");
        out.writeNumberProperty("filesTotal", report.imports().filesTotal());
        out.writeNumberProperty("filesDone", report.imports().filesDone());
        out.writeNumberProperty("bytesTotal", report.imports().bytesTotal());
        out.writeNumberProperty("bytesDone", report.imports().bytesDone());
        out.writeEndObject();
        out.writeArrayPropertyStart("providers");
        report.providers().forEach(provider -> write(out, provider));
        out.writeEndArray();
        out.writeArrayPropertyStart("sessions");
        report.sessions().forEach(session -> write(out, session));
        out.writeEndArray();
        out.writeArrayPropertyStart("problems");
        report.problems().forEach(problem -> write(out, problem));
        out.writeEndArray();
        out.writeObjectPropertyStart("secrets");
        out.writeNumberProperty("replaced", report.secrets().replaced());
        out.writeObjectPropertyStart("byKind");
        report.secrets().byKind().forEach(out::writeNumberProperty);
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Daemon daemon) {
        out.writeObjectPropertyStart("daemon");
        out.writeBooleanProperty("running", daemon.running());
        out.writeNumberProperty("pid", daemon.pid());
        out.writeStringProperty("version", daemon.version());
        out.writeStringProperty("startedAt", daemon.startedAt().toString());
        write(out, "heartbeatAt", daemon.heartbeatAt());
        out.writeStringProperty("sandbox", daemon.sandbox());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Memory memory) {
        out.writeObjectPropertyStart("memory");
        out.writeNumberProperty("daemonMaxMemoryBytes", memory.daemonMaxMemoryBytes());
        out.writeObjectPropertyStart("process");
        out.writeNumberProperty("rss", memory.process().rss());
        out.writeNumberProperty("heapUsed", memory.process().heapUsed());
        out.writeNumberProperty("heapCommitted", memory.process().heapCommitted());
        out.writeNumberProperty("nonHeapUsed", memory.process().nonHeapUsed());
        out.writeNumberProperty("directUsed", memory.process().directUsed());
        out.writeEndObject();
        out.writeObjectPropertyStart("snapshots");
        out.writeNumberProperty("estimatedBytes", memory.snapshots().estimatedBytes());
        out.writeNumberProperty("sessionCount", memory.snapshots().sessionCount());
        out.writeNumberProperty("eventCount", memory.snapshots().eventCount());
        Evictions evictions = memory.snapshots().evictions();
        out.writeObjectPropertyStart("evictions");
        out.writeNumberProperty("total", evictions.total());
        out.writeNumberProperty("bytesReclaimed", evictions.bytesReclaimed());
        out.writeObjectPropertyStart("byReason");
        evictions.byReason().forEach(out::writeNumberProperty);
        out.writeEndObject();
        out.writeEndObject();
        out.writeBooleanProperty("overBudget", memory.snapshots().overBudget());
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, ProviderStatus provider) {
        out.writeStartObject();
        out.writeStringProperty("provider", provider.provider());
        out.writeArrayPropertyStart("roots");
        provider.roots().forEach(out::writeString);
        out.writeEndArray();
        out.writeNumberProperty("filesPresent", provider.filesPresent());
        out.writeNumberProperty("filesFollowed", provider.filesFollowed());
        out.writeNumberProperty("filesUnknown", provider.filesUnknown());
        out.writeNumberProperty("recordsRead", provider.recordsRead());
        out.writeNumberProperty("recordsUnknown", provider.recordsUnknown());
        out.writeNumberProperty("bytesOnTape", provider.bytesOnTape());
        out.writeNumberProperty("rewritesDetected", provider.rewritesDetected());
        out.writeArrayPropertyStart("unknownTypes");
        for (UnknownType unknown : provider.unknownTypes()) {
            out.writeStartObject();
            out.writeStringProperty("type", unknown.type());
            out.writeNumberProperty("count", unknown.count());
            out.writeStringProperty("example", unknown.example());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("unknownFiles");
        provider.unknownFiles().forEach(out::writeString);
        out.writeEndArray();
        if (provider.idsForgotten() > 0) {
            out.writeNumberProperty("idsForgotten", provider.idsForgotten());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, SessionStatus session) {
        out.writeStartObject();
        out.writeStringProperty("provider", session.provider());
        out.writeStringProperty("sessionId", session.sessionId());
        out.writeStringProperty("shortId", session.shortId());
        write(out, "snippet", session.snippet());
        write(out, "title", session.title());
        write(out, "titleSource", session.titleSource().map(Origin::publicName));
        write(out, "cwd", session.cwd());
        write(out, "updatedAt", session.updatedAt());
        write(out, "lastMessageAt", session.lastMessageAt());
        out.writeBooleanProperty("stale", session.stale());
        out.writeNumberProperty("eventCount", session.eventCount());
        out.writeBooleanProperty("evicted", session.evicted());
        out.writeBooleanProperty("sourcePresent", session.sourcePresent());
        session.recording().ifPresent(recording -> {
            out.writeObjectPropertyStart("recording");
            out.writeStringProperty("recordingId", recording.recordingId());
            out.writeStringProperty("outputPath", recording.outputPath());
            out.writeStringProperty("startedAt", recording.startedAt().toString());
            write(out, "lastWriteAt", recording.lastWriteAt());
            out.writeEndObject();
        });
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Problem problem) {
        out.writeStartObject();
        out.writeStringProperty("code", problem.code());
        out.writeStringProperty("message", problem.message());
        out.writeStringProperty("remedy", problem.remedy());
        write(out, "since", problem.since());
        out.writeNumberProperty("pendingCommands", problem.pendingCommands());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, String name, Optional<?> value) {
        value.ifPresent(known -> out.writeStringProperty(name, known.toString()));
    }

    /**
     * Parses a report written by {@link #compact} or {@link #indented}, of this version or a newer one.
     *
     * @throws MalformedJsonException if it is not such a report
     */
    public static StatusReport read(String json) throws MalformedJsonException {
        return StatusReader.read(json);
    }
}
