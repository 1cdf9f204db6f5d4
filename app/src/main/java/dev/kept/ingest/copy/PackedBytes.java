package dev.kept.ingest.copy;

import dev.kept.ingest.source.FileFacts;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeManifest;
import dev.kept.tape.packed.PackedFileException;
import dev.kept.tape.packed.PackedNote;
import dev.kept.tape.packed.UnpackLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Copies a packed file that is not unpacked as it is, to a tape in the folder of the source's tape, and notes why.
 * Owned by the ingest thread.
 */
final class PackedBytes {
    private final Tape source;
    private final Tape tape;
    private final PlainCopy copy;
    private final PackedFileException why;
    private final String refusedAt;

    /**
     * @param source the source's tape
     * @param refusedAt the file's {@link FileFacts#changedAt} when it was refused
     */
    PackedBytes(Tape source, Path path, PackedFileException why, String refusedAt, Instant now) throws IOException {
        this.source = source;
        this.why = why;
        this.refusedAt = refusedAt;
        // Without its manifest the source has no tape that others, and the next start, would look into.
        source.publish();
        Path folder = PackedNote.folder(source.folder());
        TapeManifest manifest = source.manifest();
        this.tape = Files.exists(folder.resolve(TapeManifest.FILE_NAME))
                ? Tape.open(folder)
                : Tape.create(folder, manifest.provider(), manifest.sourceId(), path, manifest.root(), "", now);
        this.copy = new PlainCopy(tape, new ObservedFile());
    }

    PackedFileException why() {
        return why;
    }

    String refusedAt() {
        return refusedAt;
    }

    /**
     * Copies about {@code budget} bytes more.
     *
     * @return true once all of the file is on its tape, durable and noted, or the file changed meanwhile
     */
    boolean step(
            Path path,
            Path place,
            FileFacts facts,
            ByteBuffer buffer,
            ByteBuffer other,
            long budget,
            UnpackLimits limits,
            Instant now)
            throws IOException {
        return switch (copy.advance(path, place, facts, buffer, other, budget, now)) {
            case MORE -> false;
            case SUSPECT -> {
                copy.suspect();
                yield false;
            }
            case SETTLED -> {
                settled(path, facts, limits);
                yield true;
            }
        };
    }

    private void settled(Path path, FileFacts facts, UnpackLimits limits) throws IOException {
        tape.force();
        tape.noteMove(path, facts.key());
        if (refusedAt.equals(facts.changedAt()) && why.reason() != PackedFileException.Reason.ROOM) {
            source.noteMove(path, "");
            PackedNote.write(source.folder(), facts.key(), limits, why);
        }
    }

    void close() throws IOException {
        tape.close();
    }
}
