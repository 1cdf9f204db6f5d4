package dev.kept.daemon.launch;

import dev.kept.config.KeptHome;
import dev.kept.config.PrivateFiles;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * The daemon's relaunches of itself in the last hour, on disk, so that it never relaunches in a loop. The first {@value
 * #FREE} are free; before each further one it waits longer. One thread.
 */
public final class RelaunchLedger {
    static final int FREE = 3;
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private final Path file;
    private final List<Entry> entries;

    private record Entry(Instant at, String reason) {}

    public RelaunchLedger(KeptHome home) {
        this.file = home.relaunchesFile();
        this.entries = read(file);
    }

    private static List<Entry> read(Path file) {
        List<Entry> entries = new ArrayList<>();
        try {
            if (Files.exists(file) && JsonReader.parse(Files.readString(file)) instanceof JsonObject object) {
                object.array("relaunches").stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .map(each -> new Entry(Instant.parse(each.stringOr("at", "")), each.stringOr("reason", "")))
                        .forEach(entries::add);
            }
        } catch (IOException | MalformedJsonException | DateTimeException damaged) {
            // Only a memory of the last hour: without it, counting starts again.
        }
        return entries;
    }

    /** Returns the time to wait from now until the next relaunch; zero if it may happen at once. */
    public Duration wait(Instant now) {
        List<Entry> recent = recent(now);
        if (recent.size() < FREE) {
            return Duration.ZERO;
        }
        int doublings = Math.min(recent.size() - FREE, 10);
        Duration pause = FIRST_WAIT.multipliedBy(1L << doublings);
        Instant next = recent.getLast().at().plus(pause.compareTo(LONGEST_WAIT) < 0 ? pause : LONGEST_WAIT);
        return next.isAfter(now) ? Duration.between(now, next) : Duration.ZERO;
    }

    /** Records a relaunch that is about to happen. If this fails, the relaunch must not happen. */
    public void note(Instant now, String reason) throws IOException {
        List<Entry> kept = new ArrayList<>(recent(now));
        kept.add(new Entry(now, reason));
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            out.writeArrayPropertyStart("relaunches");
            for (Entry each : kept) {
                out.writeStartObject();
                out.writeStringProperty("at", each.at().toString());
                out.writeStringProperty("reason", each.reason());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        PrivateFiles.replace(file, text + "\n");
        entries.clear();
        entries.addAll(kept);
    }

    /**
     * Returns the entries of the last hour. An entry in the future comes from a clock that was set back, and counts as
     * now.
     */
    private List<Entry> recent(Instant now) {
        return entries.stream()
                .map(each -> each.at().isAfter(now) ? new Entry(now, each.reason()) : each)
                .filter(each -> each.at().isAfter(now.minus(REMEMBERED)))
                .toList();
    }
}
