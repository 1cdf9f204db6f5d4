package dev.kept.archive;

import dev.kept.provider.SourceKind;
import dev.kept.tape.TapeReader;
import dev.kept.tape.document.DocumentVersions;
import dev.kept.tape.document.RecordTape;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * A restoration of a tape's bytes into a file. It never overwrites: the file appears complete, as a link to a temporary
 * one. The restored file has a new modification time, so that an agent that deletes old sessions does not delete it at
 * once.
 *
 * @param tape tape to restore
 * @param state number of the state of the source, from 1 to {@link #states}
 * @param target file to create; its folders are created
 * @param newIds replacements of the ids of the session and its subagents, wherever a JSON string consists of one; if
 *     empty, the bytes stay unchanged
 * @param despiteDamage true to restore even bytes of a plain tape that are known to be altered
 */
public record Restoration(StoredTape tape, int state, Path target, Optional<NewIds> newIds, boolean despiteDamage) {
    private static final int BUFFER_BYTES = 256 * 1024;

    /**
     * Replacements of ids, each of the same length as the original.
     *
     * @param after new ids by old id: the session's, and those of subagents that have ids of their own
     * @param ofSubagents old ids of subagents, which tools write as JSON inside a string
     */
    public record NewIds(Map<String, String> after, Set<String> ofSubagents) {
        public NewIds {
            after = Collections.unmodifiableMap(new LinkedHashMap<>(after));
            ofSubagents = Set.copyOf(ofSubagents);
            after.forEach((before, fresh) -> {
                if (before.isEmpty() || before.length() != fresh.length()) {
                    throw new IllegalArgumentException("ids of one length are needed");
                }
            });
        }

        /** Returns the replacement for a session without subagents. */
        public static NewIds of(String before, String after) {
            return new NewIds(Map.of(before, after), Set.of());
        }
    }

    public Restoration {
        Objects.requireNonNull(tape, "tape");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(newIds, "newIds");
    }

    /** Returns the length of the file to be written. */
    public long length() throws IOException {
        if (isDocument()) {
            try (DocumentVersions versions = new DocumentVersions(tape.folder())) {
                return version(versions).bytes();
            }
        }
        try (TapeReader reader = TapeReader.open(tape.folder())) {
            return reader.length(state);
        }
    }

    /**
     * Returns the number of states of its source that a tape has; the last is the newest. They are its generations or,
     * for a document that is written whole, the versions seen.
     */
    public static int states(StoredTape tape) throws IOException {
        if (isDocument(tape)) {
            try (DocumentVersions versions = new DocumentVersions(tape.folder())) {
                return versions.all().size();
            }
        }
        return tape.manifest().newest().number();
    }

    /**
     * Writes the file.
     *
     * @param progress receives the numbers of bytes written, a buffer at a time
     * @throws dev.kept.tape.DamagedTapeException if the tape is damaged; no file is created
     * @throws FileAlreadyExistsException if something exists at the target; nothing was changed
     */
    public void carryOut(LongConsumer progress) throws IOException {
        Path folder = Objects.requireNonNull(target.getParent(), "a file has a folder");
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Files.createDirectories(folder);
        Path temporary = folder.resolve(".kept-restore-"
                + ProcessHandle.current().pid() + "-" + tape.manifest().sourceId());
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
            // Unlike a move, a link never replaces a file.
            Files.createLink(target, temporary);
        } catch (UnsupportedOperationException noLinks) {
            Files.move(temporary, target);
        }
    }

    private void copy(OutputStream out, LongConsumer progress) throws IOException {
        OutputStream target = newIds.isPresent() ? new IdReplacer(out, newIds.get()) : out;
        if (isDocument()) {
            try (DocumentVersions versions = new DocumentVersions(tape.folder())) {
                OutputStream counted = new BufferedOutputStream(new ProgressStream(target, progress), BUFFER_BYTES);
                versions.write(version(versions), counted);
                counted.flush();
            }
        } else {
            copyBytes(target, progress);
        }
        if (target instanceof IdReplacer replacer) {
            replacer.finish();
        }
    }

    private void copyBytes(OutputStream out, LongConsumer progress) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        byte[] bytes = new byte[BUFFER_BYTES];
        try (TapeReader reader = despiteDamage ? TapeReader.open(tape.folder()) : TapeReader.checked(tape.folder())) {
            long at = 0;
            for (int got = reader.read(state, at, buffer); got > 0; got = reader.read(state, at, buffer)) {
                buffer.flip().get(bytes, 0, got);
                buffer.clear();
                at += got;
                out.write(bytes, 0, got);
                progress.accept(got);
            }
        }
    }

    private boolean isDocument() {
        return isDocument(tape);
    }

    private static boolean isDocument(StoredTape tape) {
        return tape.kind().layout() == SourceKind.Layout.DOCUMENT;
    }

    private RecordTape.Version version(DocumentVersions versions) throws IOException {
        for (RecordTape.Version version : versions.all()) {
            if (version.number() == state) {
                return version;
            }
        }
        throw new IOException("the tape in " + tape.folder() + " has no version " + state);
    }

    /** A stream that reports the number of bytes written. */
    private static final class ProgressStream extends FilterOutputStream {
        private final LongConsumer progress;

        ProgressStream(OutputStream out, LongConsumer progress) {
            super(out);
            this.progress = progress;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            progress.accept(count);
        }
    }
}
