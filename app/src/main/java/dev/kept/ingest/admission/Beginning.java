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

/**
 * The first records of a source, and what they tell of where it belongs. Not thread-safe.
 */
public final class Beginning {
    /** That much is read at most of what does not tell it. */
    public static final int LOOK_BYTES = 1024 * 1024;

    /** As many records may come before the one that names the session. */
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
     * Reads the beginning of a source, as far as it takes to know its folder, its session, or both.
     *
     * @param place where its bytes stand
     * @param wantsFolder reads on until a record tells where the agent works
     * @param wantsSession reads on until a record tells the session
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
        SourceDecoder reading = new SourceDecoder(provider, kind);
        switch (kind.layout()) {
            case OPAQUE -> {}
            case DOCUMENT -> beginning.readDocument(place, reading, wantsFolder, wantsSession);
            case LINES -> beginning.readLines(place, reading, unpack, wantsFolder, wantsSession);
        }
        return beginning;
    }

    private void readLines(
            Path place, SourceDecoder reading, UnpackLimits unpack, boolean wantsFolder, boolean wantsSession)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (Bytes bytes = bytes(place, unpack)) {
            while (taken < LOOK_BYTES && wantsMore(wantsFolder, wantsSession)) {
                int got = bytes.read(buffer);
                if (got < 0) {
                    reading.finish(this::take);
                    break;
                }
                taken += got;
                reading.accept(buffer, 0, got, this::take);
            }
        }
    }

    /** Read in the form that a tape has: the shell of the document first, which may end behind all its records. */
    private void readDocument(Path place, SourceDecoder reading, boolean wantsFolder, boolean wantsSession)
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
                reading.accept(part, 0, part.length, this::take);
            }
        }
    }

    private static void add(ByteArrayOutputStream to, byte[] bytes, int length) {
        to.write(bytes, 0, Math.min(length, Math.max(0, LOOK_BYTES - to.size())));
    }

    private boolean wantsMore(boolean wantsFolder, boolean wantsSession) {
        return (wantsFolder && folder.isEmpty()) || (wantsSession && session.isEmpty() && records < NAMED_WITHIN);
    }

    private void take(DecodedRecord record) {
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

    /** Where the agent works, as the first record says that says it. */
    Optional<String> folder() {
        return folder;
    }

    /** The session that the records name; of a subagent's the one whose agent began it. Empty where none does. */
    Optional<String> session() {
        return session;
    }

    /** The session's id of a subagent that has one of its own. */
    Optional<String> ownLine() {
        return ownLine;
    }

    /** Reports whether so much was read that what was not told by then is not waited for. */
    boolean isLong() {
        return taken >= LOOK_BYTES;
    }

    /** Reports whether it is a part of a session, and not the conversation itself. */
    boolean isPart() {
        return ownLine.isPresent()
                || kind.layout() == SourceKind.Layout.OPAQUE
                || !kind.line().equals(EventHeader.MAIN_LINE);
    }

    /** Reports whether a record stood there, or none is to be expected. */
    boolean saysSomething() {
        return records > 0 || kind.layout() == SourceKind.Layout.OPAQUE;
    }

    private interface Bytes extends AutoCloseable {
        int read(byte[] into) throws IOException;

        @Override
        void close() throws IOException;
    }

    @SuppressWarnings("StreamResourceLeak") // Closed with what is returned.
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
