package dev.kept.ingest.admission;

import dev.kept.ingest.source.LinkedPaths;
import dev.kept.ingest.source.PackedSourceReader;
import dev.kept.model.EventHeader;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SourceKind;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.tape.document.DocumentScanner;
import dev.kept.tape.packed.PackedStream;
import dev.kept.tape.packed.UnpackLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Optional;

/** The first records of a source, and the session and folder that they name. Not thread-safe. */
public final class Beginning {
    /** The most bytes that are read in search of them. */
    public static final int LOOK_BYTES = 1024 * 1024;

    /** The number of records that may precede the one that names the session. */
    private static final int NAMED_WITHIN = 64;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final SourceKind.Session kind;
    private Optional<String> folder = Optional.empty();
    private Optional<String> session = Optional.empty();
    private Optional<String> ownLine = Optional.empty();
    private int records;
    private int taken;

    private Beginning(SourceKind.Session kind) {
        this.kind = kind;
    }

    /**
     * Reads the beginning of a source, until its folder, its session, or both are known.
     *
     * @param place the path of its bytes
     * @param wantsFolder whether to read until a record names the agent's working directory
     * @param wantsSession whether to read until a record names the session
     */
    static Beginning of(
            Path place,
            SourceKind.Session kind,
            Provider provider,
            UnpackLimits unpack,
            boolean wantsFolder,
            boolean wantsSession)
            throws IOException {
        Beginning beginning = new Beginning(kind);
        SourceDecoder decoder = new SourceDecoder(provider, kind);
        switch (kind.layout()) {
            case OPAQUE -> {}
            case DOCUMENT -> beginning.readDocument(place, decoder, wantsFolder, wantsSession);
            case LINES -> beginning.readLines(place, decoder, unpack, wantsFolder, wantsSession);
        }
        return beginning;
    }

    private void readLines(
            Path place, SourceDecoder decoder, UnpackLimits unpack, boolean wantsFolder, boolean wantsSession)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (Bytes bytes = bytes(place, unpack)) {
            while (taken < LOOK_BYTES && wantsMore(wantsFolder, wantsSession)) {
                int got = bytes.read(buffer);
                if (got < 0) {
                    decoder.finish(this::accept);
                    break;
                }
                taken += got;
                decoder.accept(buffer, 0, got, this::accept);
            }
        }
    }

    /** Reads a document in the form that a tape has: its shell first, which may end after all its records. */
    private void readDocument(Path place, SourceDecoder decoder, boolean wantsFolder, boolean wantsSession)
            throws IOException {
        ByteArrayOutputStream shell = new ByteArrayOutputStream();
        ByteArrayOutputStream firstRecords = new ByteArrayOutputStream();
        DocumentScanner scanner = new DocumentScanner(new DocumentScanner.Sink() {
            @Override
            public void shell(byte[] bytes, int length) {
                add(shell, bytes, length);
            }

            @Override
            public void record(byte[] bytes, int length) {
                add(firstRecords, bytes, length);
            }

            @Override
            public void recordEnd(String id) {
                firstRecords.write('\n');
            }
        });
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Channels.newInputStream(LinkedPaths.open(place))) {
            for (int got = in.read(buffer); got > 0; got = in.read(buffer)) {
                taken = Math.min(LOOK_BYTES, taken + got);
                scanner.accept(ByteBuffer.wrap(buffer, 0, got));
            }
        }
        scanner.finish();
        shell.write('\n');
        for (byte[] part : new byte[][] {shell.toByteArray(), firstRecords.toByteArray()}) {
            if (wantsMore(wantsFolder, wantsSession)) {
                decoder.accept(part, 0, part.length, this::accept);
            }
        }
    }

    private static void add(ByteArrayOutputStream to, byte[] bytes, int length) {
        to.write(bytes, 0, Math.min(length, Math.max(0, LOOK_BYTES - to.size())));
    }

    private boolean wantsMore(boolean wantsFolder, boolean wantsSession) {
        return (wantsFolder && folder.isEmpty()) || (wantsSession && session.isEmpty() && records < NAMED_WITHIN);
    }

    private void accept(DecodedRecord record) {
        records++;
        for (SessionFact fact : record.facts()) {
            if (fact instanceof SessionFact.WorkingDirectory(var path)) {
                folder = folder.or(() -> Optional.of(path));
            } else if (fact instanceof SessionFact.Identity(var id)) {
                session = session.or(() -> Optional.of(id));
            } else if (fact instanceof SessionFact.ChildOf(var id, var line) && session.isEmpty()) {
                session = Optional.of(id);
                ownLine = Optional.of(line);
            }
        }
    }

    /** Returns the agent's working directory, from the first record that names it. */
    Optional<String> folder() {
        return folder;
    }

    /**
     * Returns the session that the records name; for a subagent, the one whose agent started it. Empty if none does.
     */
    Optional<String> session() {
        return session;
    }

    /** Returns the session id of a subagent that has one of its own. */
    Optional<String> ownSessionId() {
        return ownLine;
    }

    /** Reports whether so much was read that there is no point in waiting for more. */
    boolean isLong() {
        return taken >= LOOK_BYTES;
    }

    /** Reports whether the source is a part of a session, and not the main conversation. */
    boolean isPart() {
        return ownLine.isPresent()
                || kind.layout() == SourceKind.Layout.OPAQUE
                || !kind.line().equals(EventHeader.MAIN_LINE);
    }

    /** Reports whether there was a record, or none is to be expected. */
    boolean hasRecord() {
        return records > 0 || kind.layout() == SourceKind.Layout.OPAQUE;
    }

    private interface Bytes extends AutoCloseable {
        int read(byte[] into) throws IOException;

        @Override
        void close() throws IOException;
    }

    @SuppressWarnings("StreamResourceLeak") // Closed with the returned stream.
    private static Bytes bytes(Path place, UnpackLimits unpack) throws IOException {
        if (PackedSourceReader.isPacked(place)) {
            PackedStream packed = PackedStream.open(place, unpack);
            return new Bytes() {
                @Override
                public int read(byte[] into) throws IOException {
                    return packed.read(into);
                }

                @Override
                public void close() throws IOException {
                    packed.close();
                }
            };
        }
        InputStream in = Channels.newInputStream(LinkedPaths.open(place));
        return new Bytes() {
            @Override
            public int read(byte[] into) throws IOException {
                return in.read(into);
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }
}
