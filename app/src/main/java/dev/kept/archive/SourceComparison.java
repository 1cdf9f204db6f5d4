package dev.kept.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.kept.provider.SourceKind;
import dev.kept.tape.TapeReader;
import dev.kept.tape.document.DocumentVersions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/**
 * A comparison of tapes with the agents' files, in each form of these: as they are on the tape, packed, or as a
 * document whose versions the tape has. Not thread-safe.
 */
final class SourceComparison {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int WINDOW_LOG = 23;
    private static final String PACKED = ".zst";
    private static final byte[] PACKED_MAGIC = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final byte[] other = new byte[BUFFER_BYTES];

    /** The outcome of a comparison, regardless of modification times. */
    private sealed interface Outcome {
        record Equal() implements Outcome {}

        record Longer() implements Outcome {}

        /** @param where place where the difference begins, for people */
        record Another(String where) implements Outcome {}
    }

    /** A failure to read the agent's file, as opposed to the tape. */
    private static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(Throwable cause) {
            super(cause instanceof Error ? cause.toString() : String.valueOf(cause.getMessage()), cause);
        }
    }

    /**
     * Compares a tape with its file.
     *
     * @param progress called at each step
     * @throws IOException if the tape cannot be read
     */
    SourceState compare(StoredTape tape, LongConsumer progress) throws IOException {
        try {
            Path path = place(tape.manifest().path());
            if (!facts(path).isRegularFile()) {
                return new SourceState.Gone();
            }
            Outcome outcome = tape.kind().layout() == SourceKind.Layout.DOCUMENT
                    ? document(tape, path, progress)
                    : lines(tape, path, progress);
            return switch (outcome) {
                case Outcome.Equal _ -> new SourceState.Same();
                case Outcome.Longer _ -> new SourceState.Grown();
                // Within one tick of the file system's clock it may have been changed after it was copied.
                case Outcome.Another(String where) ->
                    lastChange(path).compareTo(lastWritten(tape.folder())) >= 0
                            ? new SourceState.Changed(where)
                            : new SourceState.Different(where);
            };
        } catch (UnreadableException e) {
            return e.getCause() instanceof NoSuchFileException
                    ? new SourceState.Gone()
                    : new SourceState.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    /** Resolves a link among the agent's files, as ingest does; a dangling link is returned and counts as no file. */
    private static Path place(Path path) throws UnreadableException {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            if (Files.isSymbolicLink(path)) {
                return path;
            }
            throw new UnreadableException(e);
        }
    }

    private static BasicFileAttributes facts(Path path) throws UnreadableException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UnreadableException(e);
        }
    }

    private Outcome lines(StoredTape tape, Path path, LongConsumer progress) throws IOException, UnreadableException {
        try (TapeReader reader = TapeReader.open(tape.folder())) {
            int newest = reader.manifest().newest().number();
            try (InputStream source = open(path, startsPacked(reader, newest))) {
                long at = 0;
                buffer.clear();
                for (int got = reader.read(newest, at, buffer); got > 0; got = reader.read(newest, at, buffer)) {
                    buffer.flip().get(bytes, 0, got);
                    buffer.clear();
                    int same = fill(source, got);
                    if (same < got || !Arrays.equals(bytes, 0, got, other, 0, got)) {
                        long from = at + Math.max(0, Arrays.mismatch(bytes, 0, got, other, 0, same));
                        return new Outcome.Another("from byte " + from + " on");
                    }
                    at += got;
                    progress.accept(0);
                }
                return fill(source, 1) == 0 ? new Outcome.Equal() : new Outcome.Longer();
            }
        }
    }

    /** Reports whether the tape has the packed bytes themselves. */
    private boolean startsPacked(TapeReader reader, int generation) throws IOException {
        buffer.clear().limit(PACKED_MAGIC.length);
        int got = reader.read(generation, 0, buffer);
        return got == PACKED_MAGIC.length && buffer.flip().equals(ByteBuffer.wrap(PACKED_MAGIC));
    }

    private static InputStream open(Path path, boolean asItIs) throws UnreadableException {
        try {
            InputStream plain = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
            if (asItIs || !path.toString().endsWith(PACKED)) {
                return plain;
            }
            try {
                return new ZstdInputStreamNoFinalizer(plain).setLongMax(WINDOW_LOG);
            } catch (IOException | LinkageError e) {
                plain.close();
                throw e;
            }
        } catch (IOException | LinkageError e) {
            throw new UnreadableException(e);
        }
    }

    private int fill(InputStream source, int length) throws UnreadableException {
        try {
            return source.readNBytes(other, 0, length);
        } catch (IOException | LinkageError e) {
            throw new UnreadableException(e);
        }
    }

    /** Compares a document by digest with its newest version on tape. */
    private Outcome document(StoredTape tape, Path path, LongConsumer progress)
            throws IOException, UnreadableException {
        String newest;
        try (DocumentVersions versions = new DocumentVersions(tape.folder())) {
            newest = versions.all().isEmpty() ? "" : versions.all().getLast().sha256();
        }
        MessageDigest digest = sha256();
        try (InputStream source = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            for (int got = source.read(bytes); got > 0; got = source.read(bytes)) {
                digest.update(bytes, 0, got);
                progress.accept(0);
            }
        } catch (IOException e) {
            throw new UnreadableException(e);
        }
        return HexFormat.of().formatHex(digest.digest()).equals(newest)
                ? new Outcome.Equal()
                : new Outcome.Another("than the newest version on tape");
    }

    /** Returns the time of the last change of content or, where the platform has it, of status. */
    private static FileTime lastChange(Path path) throws UnreadableException {
        FileTime modified = facts(path).lastModifiedTime();
        try {
            Object changed = UNIX ? Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS) : modified;
            return changed instanceof FileTime later && later.compareTo(modified) > 0 ? later : modified;
        } catch (IOException e) {
            throw new UnreadableException(e);
        }
    }

    private static FileTime lastWritten(Path folder) throws IOException {
        FileTime last = FileTime.fromMillis(0);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jsonl{,.zst}")) {
            for (Path file : files) {
                FileTime written = Files.getLastModifiedTime(file);
                last = written.compareTo(last) > 0 ? written : last;
            }
        }
        return last;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
