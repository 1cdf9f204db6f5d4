package dev.kept.ingest.copy;

import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.PackedRules;
import dev.kept.ingest.source.PackedSourceReader;
import dev.kept.tape.Tape;
import dev.kept.tape.packed.PackedFileException;
import dev.kept.tape.packed.PackedFileException.Reason;
import dev.kept.tape.packed.PackedNote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies a source that its agent packed. Once the tape has all of it, the file's identity is noted; until then, and
 * when the file changed, it is suspect: it can wait, and is read separately, because that takes memory.
 *
 * <p>It is unpacked twice: first to check that all of it is within the limits, so that nothing of a refused file is
 * ever on the tape; then to be copied. A file that is refused is kept as it is ({@link PackedBytes}), and not unpacked
 * again until it or the limits change. Owned by the ingest thread.
 */
final class PackedCopy {
    private final Tape tape;
    private final PackedRules rules;
    private Path place;
    private @Nullable PackedSourceReader running;
    private boolean measuring;
    private @Nullable PackedBytes keeping;
    private boolean mayUnpack;
    private String seenTimes = "";
    private @Nullable PackedFileException refusal;
    private String refusedTimes = "";
    /** The bytes that a file would add to the tape, if it was refused because there was no room for them. */
    private long missingBytes;

    PackedCopy(Tape tape, PackedRules rules) {
        this.tape = tape;
        this.rules = rules;
        this.place = tape.manifest().path();
    }

    /** Allows the next look to read the file. */
    void allowUnpacking() {
        mayUnpack = true;
    }

    /**
     * @throws PackedFileException if the file is not unpacked, or not all of it; its own bytes are kept then
     * @throws java.nio.file.NoSuchFileException if the file went away
     */
    SourceFile.CopyResult advance(
            Path path, Path place, FileFacts facts, ByteBuffer buffer, ByteBuffer other, long budget, Instant now)
            throws IOException {
        this.place = place;
        if (running == null && keeping == null) {
            throwIfRefused(facts);
            if (isKnown(path, facts)) {
                seenTimes = facts.changedAt();
                return SourceFile.CopyResult.SETTLED;
            }
            if (!mayUnpack) {
                return SourceFile.CopyResult.SUSPECT;
            }
            mayUnpack = false;
            measuring = true;
            running = new PackedSourceReader(place, rules.limits(), facts.changedAt());
        }
        boolean goesOn = false;
        try {
            boolean done = keeping != null
                    ? keep(path, facts, buffer, other, budget, now)
                    : unpack(path, facts, buffer, other, budget, now);
            goesOn = !done;
        } finally {
            if (!goesOn) {
                close();
            }
        }
        if (goesOn) {
            return SourceFile.CopyResult.MORE;
        }
        throwIfRefused(facts);
        return seenTimes.equals(facts.changedAt()) ? SourceFile.CopyResult.SETTLED : SourceFile.CopyResult.SUSPECT;
    }

    private boolean isKnown(Path path, FileFacts facts) throws IOException {
        return seenTimes.isEmpty()
                ? path.equals(tape.manifest().path())
                        && facts.key().equals(tape.manifest().fileKey())
                        && !facts.changedSince(tape.lastNoted())
                : seenTimes.equals(facts.changedAt());
    }

    /** Throws the refusal of the file, if it was refused in its current state. */
    private void throwIfRefused(FileFacts facts) throws IOException {
        PackedFileException known = refusal;
        if (known == null && seenTimes.isEmpty() && refusedTimes.isEmpty()) {
            Optional<PackedNote> noted = PackedNote.read(tape.folder())
                    .filter(note -> note.fileKey().equals(facts.key())
                            && note.limits().equals(rules.limits().noted())
                            && !facts.changedSince(note.at()));
            if (noted.isPresent()) {
                known = noted.get().refusal();
                recordRefusal(known, facts.changedAt());
            }
        }
        if (known == null) {
            return;
        }
        boolean holds = refusedTimes.equals(facts.changedAt())
                && !(known.reason() == Reason.ROOM && rules.room().hasRoomFor(missingBytes));
        if (holds) {
            throw known;
        }
        refusal = null;
    }

    private void recordRefusal(PackedFileException why, String times) {
        refusal = why;
        refusedTimes = times;
        seenTimes = "";
    }

    /** Returns true once all of the file is on tape. */
    private boolean unpack(Path path, FileFacts facts, ByteBuffer buffer, ByteBuffer other, long budget, Instant now)
            throws IOException {
        PackedSourceReader reader = running;
        if (reader == null) {
            throw new IllegalStateException("nothing is read");
        }
        try {
            if (!measuring) {
                if (reader.step(tape, buffer, other, budget, now)) {
                    tape.force();
                    tape.noteMove(path, facts.key());
                    PackedNote.remove(tape.folder());
                    seenTimes = reader.startedAt();
                    return true;
                }
            } else if (reader.measure(budget)) {
                copyFrom(reader);
            }
            return false;
        } catch (PackedFileException e) {
            refuse(path, reader, e, now);
            return false;
        }
    }

    private void refuse(Path path, PackedSourceReader reader, PackedFileException why, Instant now) throws IOException {
        PackedFileException reason = why;
        if (measuring && why.reason() == Reason.BROKEN) {
            try {
                // The part before the damage is read, as far as it goes.
                copyFrom(reader);
                return;
            } catch (PackedFileException noRoom) {
                reason = noRoom;
            }
        }
        close();
        tape.force();
        keeping = new PackedBytes(tape, path, reason, reader.startedAt(), now);
    }

    /** Begins to copy a file that is within the limits, if there is room for it. */
    private void copyFrom(PackedSourceReader measured) throws IOException {
        measured.close();
        running = null;
        missingBytes = measured.at() - tape.length();
        measuring = false;
        if (!rules.room().hasRoomFor(missingBytes)) {
            throw new PackedFileException(
                    Reason.ROOM,
                    "it is not unpacked: the disk of the tapes has no room for the " + ((missingBytes >> 20) + 1)
                            + " MiB that it unpacks to");
        }
        running = new PackedSourceReader(place, rules.limits(), measured.startedAt());
    }

    /** Returns true once the packed bytes are kept. */
    private boolean keep(Path path, FileFacts facts, ByteBuffer buffer, ByteBuffer other, long budget, Instant now)
            throws IOException {
        PackedBytes bytes = keeping;
        if (bytes == null || !bytes.step(path, place, facts, buffer, other, budget, rules.limits(), now)) {
            return false;
        }
        recordRefusal(bytes.why(), bytes.refusedAt());
        return true;
    }

    /** Stops: the file is gone or moved. A file that is found next is read from the beginning. */
    void stop() {
        close();
        mayUnpack = false;
        seenTimes = "";
        refusedTimes = "";
        refusal = null;
    }

    private void close() {
        PackedSourceReader reader = running;
        running = null;
        PackedBytes bytes = keeping;
        keeping = null;
        try {
            if (reader != null) {
                reader.close();
            }
            if (bytes != null) {
                bytes.close();
            }
        } catch (IOException e) {
            // Only read from, or forced: there is nothing to lose.
        }
    }
}
