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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * A chunk that is about to be appended, written down before: after a crash it shows whether the chunk is in the file.
 *
 * <p>On disk there are two files for each recording, written in turn, so that one that a crash cuts off destroys none
 * that is still needed: a line with a digest of all that follows it, a line of JSON, then the payload. The digest
 * covers both, since two intents may have the same payload, and one half written over the other is neither. Their names
 * are not those of journals. They are files of their own, so that a capture of a gigabyte does not grow the journal by
 * one.
 *
 * @param payload the bytes to append
 * @param base the file's size before, in bytes
 * @param fileKey the file to which it is to be appended, whatever is at the path later; empty where the platform has no
 *     key
 * @param before the recording's progress before: all of it is in the file
 * @param after the recording's progress once the payload is in the file; its size and file key are those of before
 */
public record WriteIntent(
        byte[] payload, long base, String fileKey, RecordingProgress before, RecordingProgress after) {
    /** Length of the line with the digest in hexadecimal. */
    private static final int DIGEST_LINE = 2 * 32 + 1;

    /** Writes this intent over an earlier one; durable on return. */
    void write(JournalDisk disk, Path file) throws IOException {
        StringWriter text = new StringWriter(WrittenChunk.TEXT_CHARACTERS);
        try (JsonGenerator out = JsonWriter.compact(text)) {
            out.writeStartObject();
            out.writeNumberProperty("base", base);
            out.writeStringProperty("file", fileKey);
            JournalCodec.progress(after, out);
            out.writeName("before");
            out.writeStartObject();
            JournalCodec.progress(before, out);
            out.writeEndObject();
            out.writeEndObject();
        }
        byte[] header = (text + "\n").getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = sha256();
        digest.update(header);
        digest.update(payload);
        ByteBuffer bytes = ByteBuffer.allocate(DIGEST_LINE + header.length + payload.length)
                .put(HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII))
                .put((byte) '\n')
                .put(header)
                .put(payload)
                .flip();
        try (FileChannel channel = disk.exists(file) ? disk.open(file) : disk.create(file)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
            channel.truncate(bytes.limit());
            channel.force(true);
        }
    }

    /** Reads an intent; empty if there is none or a crash cut it off. In that case nothing of its chunk was written. */
    static Optional<WriteIntent> read(JournalDisk disk, Path file) throws IOException {
        if (!disk.exists(file)) {
            return Optional.empty();
        }
        byte[] all = disk.readAll(file);
        if (!isWhole(all)) {
            return Optional.empty();
        }
        int end = DIGEST_LINE;
        while (end < all.length && all[end] != '\n') {
            end++;
        }
        try {
            if (end < all.length
                    && JsonReader.parse(new String(all, DIGEST_LINE, end - DIGEST_LINE, StandardCharsets.UTF_8))
                            instanceof JsonObject header) {
                byte[] payload = Arrays.copyOfRange(all, end + 1, all.length);
                Optional<JsonObject> before = header.object("before");
                if (before.isPresent()) {
                    return Optional.of(new WriteIntent(
                            payload,
                            header.longOr("base", 0),
                            header.stringOr("file", ""),
                            JournalCodec.progress(before.get()),
                            JournalCodec.progress(header)));
                }
            }
        } catch (MalformedJsonException | IllegalArgumentException | DateTimeException cutOff) {
            // As if there were none.
        }
        return Optional.empty();
    }

    private static boolean isWhole(byte[] all) {
        if (all.length < DIGEST_LINE) {
            return false;
        }
        MessageDigest digest = sha256();
        digest.update(all, DIGEST_LINE, all.length - DIGEST_LINE);
        byte[] hex = HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
        return Arrays.equals(all, 0, hex.length, hex, 0, hex.length) && all[hex.length] == '\n';
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
