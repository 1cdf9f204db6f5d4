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
 * The note about a packed file that was not unpacked, or not all of it. Its bytes stand as they are in a tape of their own, in
 * a folder of the source's tape:
 *
 * <pre>
 * tapes/codex/rollout-…/source.json
 *                       packed/source.json, 0001.jsonl    the packed bytes
 *                       packed/refused.json               this note
 * </pre>
 *
 * @param fileKey the file's identity
 * @param limits those that it was refused by, as {@link UnpackLimits#noted}
 * @param message one sentence that goes on behind the file's name
 * @param at when it was noted, as the file system tells it
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

    /** The folder of the tape with the packed bytes of a source. */
    public static Path folder(Path tape) {
        return tape.resolve(FOLDER);
    }

    /** The note in a tape's folder; empty if there is none that can be read: then the file is looked at anew. */
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

    /** Notes why a file was refused whose bytes are in their tape. */
    public static void write(Path tape, String fileKey, UnpackLimits limits, PackedFileException why)
            throws IOException {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("file", new JsonString(fileKey));
        members.put("limits", new JsonString(limits.noted()));
        members.put("reason", new JsonString(why.reason().name()));
        members.put("message", new JsonString(String.valueOf(why.getMessage())));
        DurableFiles.replace(folder(tape).resolve(FILE_NAME), new JsonObject(members).toJson() + "\n");
    }

    /** Takes the note away: the source's tape has all of the file. */
    public static void remove(Path tape) throws IOException {
        Files.deleteIfExists(folder(tape).resolve(FILE_NAME));
    }

    /** The refusal as it was. */
    public PackedFileException refusal() {
        return new PackedFileException(reason, message);
    }
}
