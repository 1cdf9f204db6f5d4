package dev.kept.archive;

import dev.kept.tape.Generation;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Puts what a tape holds back into a file, byte for byte, never over one that is there: the file appears whole, by a link
 * to what was written beside it. It is new, so that an agent that clears away old sessions does not take it at once.
 *
 * @param tape what is put back
 * @param generation which state of the source
 * @param target the file; its folders are made
 * @param newId puts another id in the place of the session's, in the target's path and wherever the file names the
 *     session by a string of its own; empty: the bytes as they are
 */
public record Restoration(StoredTape tape, Generation generation, Path target, Optional<NewId> newId) {
    private static final int BUFFER_BYTES = 256 * 1024;

    /** A session's id and the one that takes its place, of the same length. */
    public record NewId(String before, String after) {
        public NewId {
            if (before.isEmpty() || before.length() != after.length()) {
                throw new IllegalArgumentException("ids of one length are needed");
            }
        }
    }

    public Restoration {
        Objects.requireNonNull(tape, "tape");
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(newId, "newId");
    }

    /** Bytes that the file will have. */
    public long length() throws IOException {
        try (TapeReader reader = TapeReader.open(tape.folder())) {
            return reader.length(generation.number());
        }
    }

    /**
     * Writes the file.
     *
     * @param progress told the bytes that were written, a buffer at a time
     * @throws FileAlreadyExistsException if something stands there already; nothing was changed then
     */
    public void carryOut(LongConsumer progress) throws IOException {
        Path folder = Objects.requireNonNull(target.getParent(), "a file has a folder");
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Files.createDirectories(folder);
        Path temporary = folder.resolve(".kept-restore-"
                + ProcessHandle.current().pid() + "-" + tape.card().sourceId());
        try {
            try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))))) {
                copy(out, progress);
            }
            publish(temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void publish(Path temporary) throws IOException {
        try {
            // Unlike a move, a link never takes the place of a file.
            Files.createLink(target, temporary);
        } catch (UnsupportedOperationException noLinks) {
            Files.move(temporary, target);
        }
    }

    private void copy(OutputStream out, LongConsumer progress) throws IOException {
        IdReplacer replacer = newId.map(id -> new IdReplacer(out, id)).orElse(null);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        byte[] bytes = new byte[BUFFER_BYTES];
        try (TapeReader reader = TapeReader.open(tape.folder())) {
            long at = 0;
            for (int got = reader.read(generation.number(), at, buffer);
                    got > 0;
                    got = reader.read(generation.number(), at, buffer)) {
                buffer.flip().get(bytes, 0, got);
                buffer.clear();
                at += got;
                if (replacer == null) {
                    out.write(bytes, 0, got);
                } else {
                    replacer.accept(bytes, got);
                }
                progress.accept(got);
            }
            if (replacer != null) {
                replacer.finish();
            }
        }
    }

    /** Replaces JSON strings that are the id and nothing else: a text that mentions it stays as it was said. */
    private static final class IdReplacer {
        private final OutputStream out;
        private final byte[] before;
        private final byte[] after;
        private int matched;

        IdReplacer(OutputStream out, NewId id) {
            this.out = out;
            this.before = ("\"" + id.before() + "\"").getBytes(StandardCharsets.UTF_8);
            this.after = ("\"" + id.after() + "\"").getBytes(StandardCharsets.UTF_8);
        }

        void accept(byte[] bytes, int count) throws IOException {
            int written = 0;
            for (int i = 0; i < count; i++) {
                byte b = bytes[i];
                if (b == before[matched]) {
                    if (matched == 0) {
                        out.write(bytes, written, i - written);
                        written = i;
                    }
                    matched++;
                    written = i + 1;
                    if (matched == before.length) {
                        out.write(after);
                        matched = 0;
                    }
                } else if (matched > 0) {
                    // An id has no quote inside: what was held back can only begin again at this byte.
                    out.write(before, 0, matched);
                    matched = 0;
                    written = i;
                    if (b == before[0]) {
                        matched = 1;
                        written = i + 1;
                    }
                }
            }
            out.write(bytes, written, count - written);
        }

        void finish() throws IOException {
            out.write(before, 0, matched);
            matched = 0;
        }
    }
}
