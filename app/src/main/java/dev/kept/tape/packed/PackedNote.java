package dev.kept.tape.packed;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.MalformedJsonException;
import dev.kept.tape.DurableFiles;
import dev.kept.tape.packed.PackedFileException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The note about a packed file that was not unpacked, or only in part. Its packed bytes are on a tape of their own, in
 * a folder of the source's tape:
 *
 * <pre>
 * tapes/codex/rollout-…/source.json
 *                       packed/source.json, 0001.jsonl    the packed bytes
 *                       packed/refused.json               this note
 * </pre>
 *
 * @param fileKey the file's identity
 * @param limits the limits that it exceeded, as {@link UnpackLimits#noted}
 * @param message one sentence that continues after the file's name
 * @param at time of the note, according to the file system
 */
public record PackedNote(String fileKey, String limits, Reason reason, String message, FileTime at) {
    private static final String FOLDER = "packed";
    private static final String FILE_NAME = "refused.json";

    public PackedNote {
        Objects.requireNonNull(fileKey, "fileKey");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(at, "at");
    }

    /** Returns the folder of the tape with the packed bytes of a source. */
    public static Path folder(Path tape) {
        return tape.resolve(FOLDER);
    }

    /**
     * Reads the note in a tape's folder; empty if there is none, or it is unreadable: then the file is examined again.
     */
    public static Optional<PackedNote> read(Path tape) throws IOException {
        Path file = folder(tape).resolve(FILE_NAME);
        try {
            if (JsonReader.parse(Files.readString(file)) instanceof JsonObject note) {
                return Optional.of(new PackedNote(
                        note.stringOr("file", ""),
                        note.stringOr("limits", ""),
                        Reason.valueOf(note.stringOr("reason", "")),
                        note.stringOr("message", ""),
                        Files.getLastModifiedTime(file)));
            }
            return Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (MalformedJsonException | IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /** Writes the reason why a file was refused whose packed bytes are on tape. */
    public static void write(Path tape, String fileKey, UnpackLimits limits, PackedFileException why)
            throws IOException {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("file", new JsonString(fileKey));
        members.put("limits", new JsonString(limits.noted()));
        members.put("reason", new JsonString(why.reason().name()));
        members.put("message", new JsonString(String.valueOf(why.getMessage())));
        DurableFiles.replace(folder(tape).resolve(FILE_NAME), new JsonObject(members).toJson() + "\n");
    }

    /** Deletes the note: the source's tape has all of the file. */
    public static void remove(Path tape) throws IOException {
        Files.deleteIfExists(folder(tape).resolve(FILE_NAME));
    }

    /** Returns the original refusal. */
    public PackedFileException refusal() {
        return new PackedFileException(reason, message);
    }
}
