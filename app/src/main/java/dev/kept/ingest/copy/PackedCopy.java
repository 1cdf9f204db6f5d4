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
 * Copies a source that its agent packed. That the tape has all of it is noted with the file's identity; until then, and when
 * the file changed, it is suspect: it can wait, and is read by itself, because that takes memory.
 *
 * <p>It is unpacked twice: first to see that all of it may be, so that nothing of a file that is refused ever stands on the
 * tape; then to be copied. A file that is refused is kept as it is ({@link PackedBytes}), and not unpacked again until it or
 * the limits change. Owned by the ingest thread.
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
    /** What a file adds to the tape that was refused because there was no room for it. */
    private long missingBytes;

    PackedCopy(Tape tape, PackedRules rules) {
        this.tape = tape;
        this.rules = rules;
        this.place = tape.card().path();
    }

    /** The next look may read the file. */
    void mayUnpack() {
        mayUnpack = true;
    }

    /**
     * @throws PackedFileException if the file is not unpacked, or not all of it; its own bytes are kept then
     * @throws java.nio.file.NoSuchFileException if the file went away
     */
    SourceFile.Look look(
            Path path, Path place, FileFacts facts, ByteBuffer buffer, ByteBuffer other, long budget, Instant now)
            throws IOException {
        this.place = place;
        if (running == null && keeping == null) {
            tellRefusal(facts);
            if (isKnown(path, facts)) {
                seenTimes = facts.changedAt();
                return SourceFile.Look.SETTLED;
            }
            if (!mayUnpack) {
                return SourceFile.Look.SUSPECT;
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
            return SourceFile.Look.MORE;
        }
        tellRefusal(facts);
        return seenTimes.equals(facts.changedAt()) ? SourceFile.Look.SETTLED : SourceFile.Look.SUSPECT;
    }

    private boolean isKnown(Path path, FileFacts facts) throws IOException {
        return seenTimes.isEmpty()
                ? path.equals(tape.card().path())
                        && facts.key().equals(tape.card().fileKey())
                        && !facts.changedSince(tape.lastNoted())
                : seenTimes.equals(facts.changedAt());
    }

    /** Throws the refusal of the file, if it was refused as it is now. */
    private void tellRefusal(FileFacts facts) throws IOException {
        PackedFileException known = refusal;
        if (known == null && seenTimes.isEmpty() && refusedTimes.isEmpty()) {
            Optional<PackedNote> noted = PackedNote.read(tape.folder())
                    .filter(note -> note.fileKey().equals(facts.key())
                            && note.limits().equals(rules.limits().noted())
                            && !facts.changedSince(note.at()));
            if (noted.isPresent()) {
                known = noted.get().refusal();
                refused(known, facts.changedAt());
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

    private void refused(PackedFileException why, String times) {
        refusal = why;
        refusedTimes = times;
        seenTimes = "";
    }

    /** Returns true once all of the file is on tape. */
    private boolean unpack(Path path, FileFacts facts, ByteBuffer buffer, ByteBuffer other, long budget, Instant now)
            throws IOException {
        PackedSourceReader reading = running;
        if (reading == null) {
            throw new IllegalStateException("nothing is read");
        }
        try {
            if (!measuring) {
                if (reading.goOn(tape, buffer, other, budget, now)) {
                    tape.force();
                    tape.moved(path, facts.key());
                    PackedNote.remove(tape.folder());
                    seenTimes = reading.startedAt();
                    return true;
                }
            } else if (reading.measure(budget)) {
                copyFrom(reading);
            }
            return false;
        } catch (PackedFileException e) {
            refuse(path, reading, e, now);
            return false;
        }
    }

    private void refuse(Path path, PackedSourceReader reading, PackedFileException why, Instant now)
            throws IOException {
        PackedFileException reason = why;
        if (measuring && why.reason() == Reason.BROKEN) {
            try {
                // What comes before the damage is read, as far as it goes.
                copyFrom(reading);
                return;
            } catch (PackedFileException noRoom) {
                reason = noRoom;
            }
        }
        close();
        tape.force();
        keeping = new PackedBytes(tape, path, reason, reading.startedAt(), now);
    }

    /** All that can be unpacked may be: it is copied, if there is room for it. */
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
        if (bytes == null || !bytes.goOn(path, place, facts, buffer, other, budget, rules.limits(), now)) {
            return false;
        }
        refused(bytes.why(), bytes.refusedAt());
        return true;
    }

    /** The file is gone or moved: whatever is found next is read anew. */
    void stop() {
        close();
        mayUnpack = false;
        seenTimes = "";
        refusedTimes = "";
        refusal = null;
    }

    private void close() {
        PackedSourceReader reading = running;
        running = null;
        PackedBytes bytes = keeping;
        keeping = null;
        try {
            if (reading != null) {
                reading.close();
            }
            if (bytes != null) {
                bytes.close();
            }
        } catch (IOException e) {
            // Read from, or forced: there is nothing to lose.
        }
    }
}
