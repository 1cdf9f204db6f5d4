package dev.kept.recording.journal;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * A chunk that is about to be appended, written down before: after a crash it tells whether the chunk stands in the file.
 *
 * <p>On disk, two files for each recording, written in turn, so that one that a crash cuts off destroys none that is still
 * needed: a line of JSON with a digest of the payload, then the payload. Their names are no journal's, so that a capture of
 * a gigabyte does not grow the journal by one.
 *
 * @param payload the bytes to append
 * @param base the file's size before, in bytes
 * @param fileKey which file it is to be appended to, whatever stands at the path later; empty where the platform has no key
 * @param before the recording's progress before: all of it stands in the file
 * @param after the recording's progress once the payload stands in the file; its size and file key are those of before
 */
public record WriteIntent(
        byte[] payload, long base, String fileKey, RecordingProgress before, RecordingProgress after) {

    /** Puts it in the place of the last one; durable afterwards. */
    void write(JournalDisk disk, Path file) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.compact(text)) {
            out.writeStartObject();
            out.writeNumberProperty("base", base);
            out.writeStringProperty("file", fileKey);
            out.writeStringProperty("sha256", sha256(payload));
            JournalCodec.progress(after, out);
            out.writeName("before");
            out.writeStartObject();
            JournalCodec.progress(before, out);
            out.writeEndObject();
            out.writeEndObject();
        }
        byte[] header = (text + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[header.length + payload.length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(payload, 0, all, header.length, payload.length);
        try (FileChannel channel = disk.exists(file) ? disk.open(file) : disk.create(file)) {
            ByteBuffer bytes = ByteBuffer.wrap(all);
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
            channel.truncate(all.length);
            channel.force(true);
        }
    }

    /** Reads an intent; empty if there is none or a crash cut it off, and then nothing of its chunk was written. */
    static Optional<WriteIntent> read(JournalDisk disk, Path file) throws IOException {
        if (!disk.exists(file)) {
            return Optional.empty();
        }
        byte[] all = disk.readAll(file);
        int end = 0;
        while (end < all.length && all[end] != '\n') {
            end++;
        }
        try {
            if (end < all.length
                    && JsonReader.parse(new String(all, 0, end, StandardCharsets.UTF_8)) instanceof JsonObject header) {
                byte[] payload = java.util.Arrays.copyOfRange(all, end + 1, all.length);
                Optional<JsonObject> before = header.object("before");
                if (before.isPresent() && sha256(payload).equals(header.stringOr("sha256", ""))) {
                    return Optional.of(new WriteIntent(
                            payload,
                            header.longOr("base", 0),
                            header.stringOr("file", ""),
                            JournalCodec.progress(before.get()),
                            JournalCodec.progress(header)));
                }
            }
        } catch (MalformedJsonException | IllegalArgumentException | DateTimeException cutOff) {
            // The same as none.
        }
        return Optional.empty();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
