package dev.kept.ingest;

import dev.kept.tape.Tape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Copies a source that its agent packed. That the tape has all of it is noted with the file's identity; until then, and when
 * the file changed, it is suspect: it can wait, and is read by itself, because that takes memory. Owned by the ingest
 * thread.
 */
final class PackedCopy {
    private final Tape tape;
    private @Nullable PackedReading running;
    private boolean mayUnpack;
    private String seenTimes = "";

    PackedCopy(Tape tape) {
        this.tape = tape;
    }

    /** The next look may read the file. */
    void mayUnpack() {
        mayUnpack = true;
    }

    /** @throws java.nio.file.NoSuchFileException if the file went away */
    SourceFile.Look look(Path path, FileFacts facts, ByteBuffer buffer, ByteBuffer other, long budget, Instant now)
            throws IOException {
        PackedReading reading = running;
        if (reading == null) {
            boolean known = seenTimes.isEmpty()
                    ? path.equals(tape.card().path())
                            && facts.key().equals(tape.card().fileKey())
                            && !facts.changedSince(tape.lastNoted())
                    : seenTimes.equals(facts.changedAt());
            if (known) {
                seenTimes = facts.changedAt();
                return SourceFile.Look.SETTLED;
            }
            if (!mayUnpack) {
                return SourceFile.Look.SUSPECT;
            }
            mayUnpack = false;
            reading = new PackedReading(path, facts.changedAt());
            running = reading;
        }
        boolean goesOn = false;
        try {
            goesOn = !reading.goOn(tape, buffer, other, budget, now);
        } finally {
            if (!goesOn) {
                close();
            }
        }
        if (goesOn) {
            return SourceFile.Look.MORE;
        }
        tape.force();
        tape.moved(path, facts.key());
        seenTimes = reading.startedAt();
        return seenTimes.equals(facts.changedAt()) ? SourceFile.Look.SETTLED : SourceFile.Look.SUSPECT;
    }

    /** The file is gone or moved: whatever is found next is read anew. */
    void stop() {
        close();
        mayUnpack = false;
        seenTimes = "";
    }

    private void close() {
        PackedReading reading = running;
        running = null;
        if (reading != null) {
            try {
                reading.close();
            } catch (IOException e) {
                // Only read from: there is nothing to lose.
            }
        }
    }
}
