package dev.kept.tape.document;

import dev.kept.tape.TapeReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Rebuilds the versions of a document from its record tape, byte for byte. Needs no daemon. Not thread-safe. */
public final class DocumentVersions implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final String WHOLE = "{\"" + RecordTape.MEMBER + "\":{\"base64\":\"";

    private final TapeReader tape;
    private final List<RecordTape.Version> versions = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Opens the record tape in that folder. */
    public DocumentVersions(Path folder) throws IOException {
        this.tape = TapeReader.open(folder);
        RecordTape.of(tape, versions::add);
    }

    /** Returns all recorded versions, oldest first. */
    public List<RecordTape.Version> all() {
        return List.copyOf(versions);
    }

    /**
     * Writes a version as the file was.
     *
     * @throws IOException also if the tape does not reproduce the original bytes
     */
    public void write(RecordTape.Version version, OutputStream target) throws IOException {
        DigestOutputStream out = new DigestOutputStream(target, sha256());
        if (version.inParts()) {
            writeParts(version, out);
        } else {
            writeWhole(version, out);
        }
        String digest = HexFormat.of().formatHex(out.getMessageDigest().digest());
        if (!digest.equals(version.sha256())) {
            throw new IOException("version " + version.number() + " cannot be made again: its record tape is damaged");
        }
    }

    /** A line of the tape: its start, and its length without the line end. */
    private record Range(long start, long length) {}

    private void writeParts(RecordTape.Version version, OutputStream out) throws IOException {
        Map<String, Range> records = new HashMap<>();
        Range shell = new Range(0, 0);
        for (RecordTape.Version each : versions.subList(0, version.number())) {
            shell = lineAt(each.start());
            long next = shell.start() + shell.length() + 1;
            for (String key : each.changed().keySet()) {
                Range line = lineAt(next);
                records.put(key, line);
                next += line.length() + 1;
            }
        }
        PrettyDocument pretty = new PrettyDocument(out);
        copy(new Range(shell.start(), version.recordsAt()), pretty);
        boolean first = true;
        for (String key : version.order()) {
            Range line = records.get(key);
            if (line == null) {
                throw new IOException("record " + key + " is missing on the record tape");
            }
            if (!first) {
                pretty.process((byte) ',');
            }
            first = false;
            copy(line, pretty);
        }
        copy(new Range(shell.start() + version.recordsAt(), shell.length() - version.recordsAt()), pretty);
    }

    private void writeWhole(RecordTape.Version version, OutputStream out) throws IOException {
        long at = version.start();
        Range line = lineAt(at);
        for (int i = 0; i <= version.changed().size(); i++) {
            at = line.start() + line.length() + 1;
            line = lineAt(at);
        }
        byte[] four = new byte[BUFFER_BYTES];
        long from = line.start() + WHOLE.length();
        long left = line.length() - WHOLE.length() - "\"}}".length();
        while (left > 0) {
            // A buffer's length is a multiple of four, and so is base64's.
            int length = (int) Math.min(left, four.length);
            read(from, four, length);
            out.write(Base64.getDecoder().decode(java.util.Arrays.copyOf(four, length)));
            from += length;
            left -= length;
        }
    }

    private Range lineAt(long start) throws IOException {
        long at = start;
        while (tape.read(generation(), at, buffer.clear()) > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                if (buffer.get() == '\n') {
                    return new Range(start, at - start);
                }
                at++;
            }
        }
        throw new IOException("the record tape ends inside a line, at " + at);
    }

    private void copy(Range range, PrettyDocument into) throws IOException {
        byte[] bytes = new byte[BUFFER_BYTES];
        long at = range.start();
        long left = range.length();
        while (left > 0) {
            int length = (int) Math.min(left, bytes.length);
            read(at, bytes, length);
            into.accept(bytes, 0, length);
            at += length;
            left -= length;
        }
    }

    private void read(long at, byte[] into, int length) throws IOException {
        int got = 0;
        while (got < length) {
            buffer.clear().limit(Math.min(buffer.capacity(), length - got));
            if (tape.read(generation(), at + got, buffer) <= 0) {
                throw new IOException("the record tape ends at " + (at + got));
            }
            buffer.flip();
            int count = buffer.remaining();
            buffer.get(into, got, count);
            got += count;
        }
    }

    private int generation() {
        return tape.manifest().newest().number();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        tape.close();
    }
}
