package dev.kept.recording.journal;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.journal.JournalEntry.ChunkDone;
import dev.kept.recording.journal.JournalEntry.CommandDecided;
import dev.kept.recording.journal.JournalEntry.DestinationSet;
import dev.kept.recording.journal.JournalEntry.RecordingBounded;
import dev.kept.recording.journal.JournalEntry.RecordingContinued;
import dev.kept.recording.journal.JournalEntry.RecordingEnded;
import dev.kept.recording.journal.JournalEntry.RecordingStarted;
import dev.kept.recording.journal.JournalEntry.SourceLeft;
import dev.kept.text.ForeignPath;
import dev.kept.text.SafeId;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Encoder and decoder of journal entries as lines of JSON, format 1: {@code {"entry":"command", …}}. */
public final class JournalCodec {
    private JournalCodec() {}

    /** Returns one line for all that was decided together, so that a crash leaves all of it or nothing. */
    static String write(List<JournalEntry> entries) {
        StringWriter text = new StringWriter(WrittenChunk.TEXT_CHARACTERS);
        try (JsonGenerator out = JsonWriter.compact(text)) {
            if (entries.size() == 1) {
                write(entries.getFirst(), out);
            } else {
                out.writeStartObject();
                out.writeStringProperty("entry", "all");
                out.writeName("of");
                out.writeStartArray();
                entries.forEach(entry -> write(entry, out));
                out.writeEndArray();
                out.writeEndObject();
            }
        }
        return text.toString();
    }

    private static void write(JournalEntry entry, JsonGenerator out) {
        out.writeStartObject();
        switch (entry) {
            case CommandDecided(var key, var verb, var outcome, var message, var sourceId, var place, var at) -> {
                out.writeStringProperty("entry", "command");
                out.writeStringProperty("key", key);
                out.writeStringProperty("verb", verb);
                out.writeStringProperty("outcome", outcome.name());
                out.writeStringProperty("message", message);
                out.writeStringProperty("sourceId", sourceId);
                position("place", place, out);
                out.writeStringProperty("at", at.toString());
            }
            case DestinationSet(var path) -> {
                out.writeStringProperty("entry", "destination");
                out.writeStringProperty("path", path.toString());
            }
            case RecordingStarted(var plan) -> {
                out.writeStringProperty("entry", "started");
                plan(plan, out);
            }
            case RecordingBounded(var recordingId, var until) -> {
                out.writeStringProperty("entry", "bounded");
                out.writeStringProperty("recordingId", recordingId);
                position("until", until, out);
            }
            case SourceLeft(var sourceId, var at) -> {
                out.writeStringProperty("entry", "left");
                out.writeStringProperty("sourceId", sourceId);
                position("at", at, out);
            }
            case RecordingContinued(var recordingId, var earlier) -> {
                out.writeStringProperty("entry", "continued");
                out.writeStringProperty("recordingId", recordingId);
                out.writeStringProperty("earlier", earlier);
            }
            case ChunkDone(var recordingId, var progress) -> {
                out.writeStringProperty("entry", "done");
                out.writeStringProperty("recordingId", recordingId);
                progress(progress, out);
            }
            case RecordingEnded(var recordingId) -> {
                out.writeStringProperty("entry", "ended");
                out.writeStringProperty("recordingId", recordingId);
            }
        }
        out.writeEndObject();
    }

    /** Reads a line; empty if it is not a whole one, as after a crash. */
    static List<JournalEntry> read(String line) {
        try {
            if (!(JsonReader.parse(line) instanceof JsonObject object)) {
                return List.of();
            }
            if (!object.stringOr("entry", "").equals("all")) {
                return entry(object).stream().toList();
            }
            List<JournalEntry> entries = new ArrayList<>();
            for (JsonValue each : object.array("of")) {
                if (each instanceof JsonObject inner) {
                    entry(inner).ifPresent(entries::add);
                }
            }
            return entries;
        } catch (MalformedJsonException | IllegalArgumentException | DateTimeException e) {
            return List.of();
        }
    }

    private static Optional<JournalEntry> entry(JsonObject object) {
        return switch (object.stringOr("entry", "")) {
            case "command" ->
                Optional.of(new CommandDecided(
                        text(object, "key"),
                        text(object, "verb"),
                        CommandDecided.Outcome.valueOf(text(object, "outcome")),
                        text(object, "message"),
                        object.stringOr("sourceId", ""),
                        position(object, "place"),
                        Instant.parse(text(object, "at"))));
            case "destination" -> Optional.of(new DestinationSet(path(object)));
            case "started" -> Optional.of(new RecordingStarted(plan(object)));
            case "bounded" -> Optional.of(new RecordingBounded(text(object, "recordingId"), position(object, "until")));
            case "left" -> Optional.of(new SourceLeft(text(object, "sourceId"), position(object, "at")));
            case "continued" ->
                Optional.of(new RecordingContinued(text(object, "recordingId"), text(object, "earlier")));
            case "done" -> Optional.of(new ChunkDone(text(object, "recordingId"), progress(object)));
            case "ended" -> Optional.of(new RecordingEnded(text(object, "recordingId")));
            // Written by a later version; not for this one.
            default -> Optional.empty();
        };
    }

    private static Path path(JsonObject object) {
        return ForeignPath.of(text(object, "path"))
                .orElseThrow(() -> new IllegalArgumentException("\"path\" is no path"));
    }

    private static void plan(RecordingPlan plan, JsonGenerator out) {
        out.writeStringProperty("recordingId", plan.recordingId());
        out.writeStringProperty("provider", plan.session().provider());
        out.writeStringProperty("sessionId", plan.session().sessionId());
        out.writeStringProperty("purpose", plan.purpose().name());
        out.writeStringProperty("path", plan.path().toString());
        out.writeStringProperty("sourceId", plan.sourceId());
        position("from", plan.from(), out);
        out.writeStringProperty("title", plan.title());
        plan.created().ifPresent(created -> out.writeStringProperty("created", created.toString()));
        out.writeStringProperty("startedAt", plan.startedAt().toString());
    }

    private static RecordingPlan plan(JsonObject object) {
        return new RecordingPlan(
                text(object, "recordingId"),
                new SessionKey(text(object, "provider"), text(object, "sessionId")),
                RecordingPlan.Purpose.valueOf(text(object, "purpose")),
                path(object),
                text(object, "sourceId"),
                position(object, "from"),
                text(object, "title"),
                object.string("created").map(Instant::parse),
                Instant.parse(text(object, "startedAt")));
    }

    static void progress(RecordingProgress progress, JsonGenerator out) {
        Mark mark = progress.mark();
        out.writeNumberProperty("chunk", progress.chunk());
        position("next", mark.next(), out);
        out.writeStringProperty("writerState", mark.writerState());
        if (mark.written() > 0) {
            out.writeNumberProperty("written", mark.written());
        }
        if (!mark.nested().isEmpty()) {
            out.writeArrayPropertyStart("folds");
            for (Mark.Nested fold : mark.nested()) {
                out.writeStartObject();
                out.writeStringProperty("line", fold.branch());
                position("next", fold.next(), out);
                out.writeStringProperty("writerState", fold.writerState());
                out.writeBooleanProperty("ended", fold.ended());
                if (fold.inline()) {
                    out.writeBooleanProperty("inline", true);
                }
                if (fold.stopped()) {
                    out.writeBooleanProperty("stopped", true);
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        if (!mark.rendered().isEmpty()) {
            out.writeObjectPropertyStart("told");
            mark.rendered().forEach((line, until) -> position(line, until, out));
            out.writeEndObject();
        }
        out.writeStringProperty("fileKey", progress.fileKey());
        out.writeNumberProperty("size", progress.size());
        out.writeStringProperty("at", progress.at().toString());
    }

    static RecordingProgress progress(JsonObject object) {
        Mark mark = new Mark(
                position(object, "next"),
                text(object, "writerState"),
                object.longOr("written", 0),
                nested(object),
                rendered(object.object("told").orElse(JsonObject.EMPTY)));
        return new RecordingProgress(
                object.longOr("chunk", 0),
                mark,
                text(object, "fileKey"),
                object.longOr("size", 0),
                Instant.parse(text(object, "at")));
    }

    private static List<Mark.Nested> nested(JsonObject object) {
        List<Mark.Nested> nested = new ArrayList<>();
        // A journal of an earlier version has only one.
        object.object("fold").ifPresent(fold -> nested.add(fold(fold)));
        for (JsonValue each : object.array("folds")) {
            if (each instanceof JsonObject fold) {
                nested.add(fold(fold));
            }
        }
        return nested;
    }

    private static Mark.Nested fold(JsonObject fold) {
        return new Mark.Nested(
                text(fold, "line"),
                position(fold, "next"),
                text(fold, "writerState"),
                fold.isTrue("ended"),
                fold.isTrue("inline"),
                fold.isTrue("stopped"));
    }

    private static Map<String, TapePosition> rendered(JsonObject object) {
        Map<String, TapePosition> rendered = new LinkedHashMap<>();
        object.members().keySet().forEach(line -> rendered.put(SafeId.of(line), position(object, line)));
        return rendered;
    }

    private static void position(String name, TapePosition position, JsonGenerator out) {
        out.writeName(name);
        out.writeStartArray();
        out.writeNumber(position.generation());
        out.writeNumber(position.offset());
        out.writeNumber(position.index());
        out.writeEndArray();
    }

    private static TapePosition position(JsonObject object, String name) {
        long[] numbers = object.array(name).stream()
                .mapToLong(value -> Long.parseLong(value.toJson()))
                .toArray();
        if (numbers.length != 3) {
            throw new IllegalArgumentException("\"" + name + "\" is no position");
        }
        return new TapePosition(Math.toIntExact(numbers[0]), numbers[1], Math.toIntExact(numbers[2]));
    }

    private static String text(JsonObject object, String name) {
        return object.string(name).orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is missing"));
    }
}
