package dev.kept.control;

import dev.kept.config.KeptHome;
import dev.kept.config.PrivateFiles;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport.Problem;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * A source that the daemon was reading when it ended unexpectedly: {@code state/set-aside.json} has all of them. One that this
 * happened to twice is set aside: copied as always, and not read until another version runs or somebody asks for it ({@code
 * kept retry}). Read from disk: no daemon is needed.
 *
 * @param tape the name of its tape
 * @param times how often
 * @param last when it was noticed last
 * @param rendering whether it was read for a recording; then only recordings do without it
 * @param program which program it happened to
 */
public record QuarantinedSource(String tape, int times, Instant last, boolean rendering, String program) {
    /** The code of the problem that tells of one. */
    public static final String CODE = "session.set-aside";

    /** What happens so often is no accident. */
    static final int ENOUGH = 2;

    /** Once in so long is one. */
    private static final Duration REMEMBERED = Duration.ofHours(24);

    private static final int MOST = 100;

    /** All that are noted on disk, the latest last, aside or not. */
    public static List<QuarantinedSource> all(KeptHome home) {
        List<QuarantinedSource> all = new ArrayList<>();
        try {
            if (Files.exists(home.setAsideFile())
                    && JsonReader.parse(Files.readString(home.setAsideFile())) instanceof JsonObject root) {
                root.array("sources").stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .map(each -> new QuarantinedSource(
                                each.stringOr("tape", ""),
                                (int) each.longOr("times", 0),
                                Instant.parse(each.stringOr("last", "")),
                                each.isTrue("rendering"),
                                each.stringOr("program", "")))
                        .forEach(all::add);
            }
        } catch (IOException | MalformedJsonException | DateTimeException damaged) {
            // Only a memory: without it, it begins anew.
        }
        return all;
    }

    /** Those that are set aside now. */
    public static List<QuarantinedSource> read(KeptHome home) {
        return all(home).stream().filter(QuarantinedSource::isAside).toList();
    }

    /** True once it happened often enough. */
    public boolean isAside() {
        return times >= ENOUGH;
    }

    /** Whether it still counts for a program at a time. */
    public boolean counts(String running, Instant now) {
        return program.equals(running) && (isAside() || last.isAfter(now.minus(REMEMBERED)));
    }

    /** Replaces what is noted. */
    public static void write(KeptHome home, List<QuarantinedSource> all) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            out.writeArrayPropertyStart("sources");
            for (QuarantinedSource each : all.subList(Math.max(0, all.size() - MOST), all.size())) {
                out.writeStartObject();
                out.writeStringProperty("tape", each.tape());
                out.writeNumberProperty("times", each.times());
                out.writeStringProperty("last", each.last().toString());
                out.writeBooleanProperty("rendering", each.rendering());
                out.writeStringProperty("program", each.program());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        PrivateFiles.replace(home.setAsideFile(), text + "\n");
    }

    /** Has it read again from the daemon's next launch on. Returns what is not set aside any more. */
    public static List<QuarantinedSource> forget(KeptHome home, String name) throws IOException {
        List<QuarantinedSource> kept = new ArrayList<>();
        List<QuarantinedSource> forgotten = new ArrayList<>();
        for (QuarantinedSource each : all(home)) {
            (each.isAside() && each.isCalled(name) ? forgotten : kept).add(each);
        }
        if (!forgotten.isEmpty()) {
            write(home, kept);
        }
        return forgotten;
    }

    /** What people type for it: the tape's folder. */
    public String name() {
        return tape.substring(tape.indexOf('/') + 1);
    }

    /** Whether a typed name means it: the name, a beginning of it, or the id of a session in it; everything if it is empty. */
    private boolean isCalled(String typed) {
        return tape.equals(typed) || name().contains(typed);
    }

    /** Where its agent keeps the file, for people. */
    public String source(KeptHome home) {
        try {
            return home.forPeople(TapeManifest.read(new TapeLibrary(home.tapes()).folder(tape))
                    .path());
        } catch (IOException noCard) {
            return tape;
        }
    }

    /** One sentence for people. */
    public String sentence(KeptHome home) {
        return "Kept ended " + HumanReadable.count(times, "time") + " while it read " + source(home)
                + (rendering
                        ? " for a recording, so no recording is written from it."
                        : ", so that session file is copied and not read.");
    }

    /** How it is tried again. */
    public String remedy() {
        return "kept retry " + name();
    }

    /** The same for the status report. */
    public Problem problem(KeptHome home) {
        return new Problem(CODE, sentence(home), remedy(), Optional.of(last), 0);
    }
}
