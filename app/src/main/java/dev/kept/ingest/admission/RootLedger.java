package dev.kept.ingest.admission;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import dev.kept.tape.DurableFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * The times when Kept began to follow each root: {@code tapes/roots.json}. Commands typed before that are history and
 * never run.
 */
public final class RootLedger {
    private final Path folder;
    private final Path file;
    private final Map<String, Instant> enabledAt = new TreeMap<>();

    /** @param folder the folder of all tapes, which need not exist yet */
    public RootLedger(Path folder) throws IOException {
        this.folder = folder;
        this.file = folder.resolve("roots.json");
        if (Files.exists(file)) {
            try {
                if (JsonReader.parse(Files.readString(file)) instanceof JsonObject roots) {
                    for (String root : roots.members().keySet()) {
                        enabledAt.put(root, Instant.parse(roots.stringOr(root, "")));
                    }
                }
            } catch (MalformedJsonException | CharacterCodingException | DateTimeParseException e) {
                throw new IOException(file + ": damaged; remove it to follow all roots again: " + e.getMessage(), e);
            }
        }
    }

    /** Returns the time since when a root is followed, if it is noted. */
    public Optional<Instant> enabledAt(Path root) {
        return Optional.ofNullable(enabledAt.get(root.toString()));
    }

    /**
     * Returns the time since when a root is followed, and notes it if it is new.
     *
     * @param otherwise start of this run, for a root that is not noted yet, or was noted by a clock that has been set
     *     back since
     */
    public Instant enabledAt(Path root, Instant otherwise) throws IOException {
        Instant known = enabledAt.get(root.toString());
        if (known != null && !known.isAfter(otherwise)) {
            return known;
        }
        Map<String, Instant> next = new TreeMap<>(enabledAt);
        next.put(root.toString(), otherwise);
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            next.forEach((path, at) -> out.writeStringProperty(path, at.toString()));
            out.writeEndObject();
        }
        DurableFiles.createDirectories(folder);
        DurableFiles.replace(file, text + "\n");
        // Known only once it is written: otherwise a later run would treat prompts typed since then as history.
        enabledAt.put(root.toString(), otherwise);
        return otherwise;
    }
}
