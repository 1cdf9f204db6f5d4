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
 * A source that the daemon was reading when it ended unexpectedly. {@code state/set-aside.json} lists all of them. A
 * source to which this happened twice is set aside: copied as always, but not read until another version runs or a
 * person asks for it ({@code kept retry}). Read from disk: no daemon is needed.
 *
 * @param tape name of its tape
 * @param times number of such ends
 * @param last time of the last one
 * @param rendering true if it was read for a recording; then only recordings do without it
 * @param program identity of the program that ended
 */
public record QuarantinedSource(String tape, int times, Instant last, boolean rendering, String program) {
    /** Code of the problem that reports one. */
    public static final String CODE = "session.set-aside";

    /** Number of ends after which a source is set aside. */
    static final int ENOUGH = 2;

    /** Time after which a single end is forgotten. */
    private static final Duration REMEMBERED = Duration.ofHours(24);

    private static final int MOST = 100;

    /** Returns all sources listed on disk, the latest last, set aside or not. */
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
            // Only a memory: without it, counting starts again.
        }
        return all;
    }

    /** Returns the sources that are set aside now. */
    public static List<QuarantinedSource> read(KeptHome home) {
        return all(home).stream().filter(QuarantinedSource::isAside).toList();
    }

    /** Reports whether the source is set aside. */
    public boolean isAside() {
        return times >= ENOUGH;
    }

    /** Reports whether the entry still counts for a program at a time. */
    public boolean counts(String running, Instant now) {
        return program.equals(running) && (isAside() || last.isAfter(now.minus(REMEMBERED)));
    }

    /** Replaces the list on disk. */
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

    /**
     * Removes set-aside sources, so that they are read again from the daemon's next launch on. Returns the removed
     * ones.
     */
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

    /** Returns the name that people type for it: the tape's folder. */
    public String name() {
        return tape.substring(tape.indexOf('/') + 1);
    }

    /**
     * Reports whether a typed name matches: the tape, or a part of its folder's name, such as a session id; an empty
     * one matches everything.
     */
    private boolean isCalled(String typed) {
        return tape.equals(typed) || name().contains(typed);
    }

    /** Returns the path of the agent's file, for people. */
    public String source(KeptHome home) {
        try {
            return home.forPeople(TapeManifest.read(new TapeLibrary(home.tapes()).folder(tape))
                    .path());
        } catch (IOException noManifest) {
            return tape;
        }
    }

    /** Returns one sentence for people. */
    public String sentence(KeptHome home) {
        return "Kept ended " + HumanReadable.count(times, "time") + " while it read " + source(home)
                + (rendering
                        ? " for a recording, so no recording is written from it."
                        : ", so that session file is copied and not read.");
    }

    /** Returns the command that makes it be read again. */
    public String remedy() {
        return "kept retry " + name();
    }

    /** Returns it as a problem for the status report. */
    public Problem problem(KeptHome home) {
        return new Problem(CODE, sentence(home), remedy(), Optional.of(last), 0);
    }
}
