package dev.kept.ingest;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import dev.kept.tape.DurableFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * When Kept began to follow each root: {@code tapes/roots.json}. Commands typed before that are history and never run.
 */
final class RootLedger {
    private final Path file;
    private final Map<String, Instant> enabledAt = new TreeMap<>();

    RootLedger(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try {
                if (JsonReader.parse(Files.readString(file)) instanceof JsonObject roots) {
                    for (String root : roots.members().keySet()) {
                        enabledAt.put(root, Instant.parse(roots.stringOr(root, "")));
                    }
                }
            } catch (MalformedJsonException | DateTimeParseException e) {
                throw new IOException(file + ": damaged; remove it to follow all roots anew: " + e.getMessage(), e);
            }
        }
    }

    Instant enabledAt(Path root, Instant now) throws IOException {
        Instant known = enabledAt.get(root.toString());
        if (known != null) {
            return known;
        }
        enabledAt.put(root.toString(), now);
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            enabledAt.forEach((path, at) -> out.writeStringProperty(path, at.toString()));
            out.writeEndObject();
        }
        DurableFiles.replace(file, text + "\n");
        return now;
    }
}
