package dev.kept.tape;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import dev.kept.text.ForeignPath;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * The description of a tape and of the source that it copies: the content of its {@code source.json}.
 *
 * @param provider the agent's short name
 * @param sourceId the tape's folder name
 * @param path last known path of the source
 * @param root the provider root it was found under
 * @param fileKey the file's identity (device and inode) as the platform prints it; empty if it has none
 * @param workingDirectory the agent's working directory, if a file beside the source named it; else empty
 * @param continues the session whose conversation was handed over into the source, if one was
 * @param firstSeen time when Kept first saw the source
 * @param generations oldest first, at least one
 */
public record TapeManifest(
        String provider,
        String sourceId,
        Path path,
        Path root,
        String fileKey,
        String workingDirectory,
        Optional<String> continues,
        Instant firstSeen,
        List<Generation> generations) {
    /** The name of the manifest in a tape's folder. */
    public static final String FILE_NAME = "source.json";

    private static final int FORMAT = 1;

    public TapeManifest {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(sourceId, "sourceId");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(root, "root");
        Objects.requireNonNull(fileKey, "fileKey");
        Objects.requireNonNull(workingDirectory, "workingDirectory");
        Objects.requireNonNull(continues, "continues");
        Objects.requireNonNull(firstSeen, "firstSeen");
        generations = List.copyOf(generations);
        if (generations.isEmpty()) {
            throw new IllegalArgumentException("a tape has at least one generation");
        }
        for (int i = 0; i < generations.size(); i++) {
            if (generations.get(i).number() != i + 1) {
                throw new IllegalArgumentException("generation " + (i + 1) + " is missing");
            }
        }
    }

    /** Returns the generation that new bytes belong to. */
    public Generation newest() {
        return generations.getLast();
    }

    /** Returns the generation of that number. */
    public Generation generation(int number) {
        return generations.get(number - 1);
    }

    TapeManifest with(Generation next) {
        List<Generation> all = new ArrayList<>(generations);
        all.add(next);
        return new TapeManifest(provider, sourceId, path, root, fileKey, workingDirectory, continues, firstSeen, all);
    }

    TapeManifest at(Path newPath, String newFileKey) {
        return new TapeManifest(
                provider, sourceId, newPath, root, newFileKey, workingDirectory, continues, firstSeen, generations);
    }

    TapeManifest in(String newWorkingDirectory) {
        return new TapeManifest(
                provider, sourceId, path, root, fileKey, newWorkingDirectory, continues, firstSeen, generations);
    }

    TapeManifest continuing(String session) {
        return new TapeManifest(
                provider,
                sourceId,
                path,
                root,
                fileKey,
                workingDirectory,
                Optional.of(session),
                firstSeen,
                generations);
    }

    void write(Path folder) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            out.writeNumberProperty("format", FORMAT);
            out.writeStringProperty("provider", provider);
            out.writeStringProperty("sourceId", sourceId);
            out.writeStringProperty("path", path.toString());
            out.writeStringProperty("root", root.toString());
            out.writeStringProperty("fileKey", fileKey);
            if (!workingDirectory.isEmpty()) {
                out.writeStringProperty("workingDirectory", workingDirectory);
            }
            continues.ifPresent(session -> out.writeStringProperty("continues", session));
            out.writeStringProperty("firstSeen", firstSeen.toString());
            out.writeName("generations");
            out.writeStartArray();
            for (Generation generation : generations) {
                out.writeStartObject();
                out.writeNumberProperty("number", generation.number());
                out.writeNumberProperty("parent", generation.parent());
                out.writeNumberProperty("commonPrefixLength", generation.commonPrefixLength());
                out.writeStringProperty("why", generation.why());
                out.writeStringProperty("since", generation.since().toString());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        DurableFiles.replace(folder.resolve(FILE_NAME), text + "\n");
    }

    /**
     * Reads the manifest of a tape.
     *
     * @throws IOException if it is missing or damaged; the message names the file
     */
    public static TapeManifest read(Path folder) throws IOException {
        Path file = folder.resolve(FILE_NAME);
        try {
            if (JsonReader.parse(Files.readString(file)) instanceof JsonObject manifest
                    && manifest.longOr("format", 0) == FORMAT) {
                return new TapeManifest(
                        text(manifest, "provider"),
                        text(manifest, "sourceId"),
                        path(manifest, "path"),
                        path(manifest, "root"),
                        text(manifest, "fileKey"),
                        manifest.stringOr("workingDirectory", ""),
                        manifest.string("continues").map(SafeId::of),
                        Instant.parse(text(manifest, "firstSeen")),
                        generations(manifest));
            }
            throw new IOException(file + ": not a source manifest of format " + FORMAT);
        } catch (MalformedJsonException
                | CharacterCodingException
                | DateTimeParseException
                | ArithmeticException
                | IllegalArgumentException e) {
            throw new IOException(file + ": damaged source manifest: " + e.getMessage(), e);
        }
    }

    private static List<Generation> generations(JsonObject manifest) {
        List<Generation> generations = new ArrayList<>();
        for (JsonValue value : manifest.array("generations")) {
            if (value instanceof JsonObject generation) {
                generations.add(new Generation(
                        Math.toIntExact(generation.longOr("number", 0)),
                        Math.toIntExact(generation.longOr("parent", 0)),
                        generation.longOr("commonPrefixLength", -1),
                        text(generation, "why"),
                        Instant.parse(text(generation, "since"))));
            }
        }
        return generations;
    }

    private static Path path(JsonObject object, String name) {
        return ForeignPath.of(text(object, name))
                .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is not a path"));
    }

    private static String text(JsonObject object, String name) {
        return object.string(name).orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is missing"));
    }
}
