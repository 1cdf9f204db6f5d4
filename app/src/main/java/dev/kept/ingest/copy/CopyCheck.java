package dev.kept.ingest.copy;

import dev.kept.tape.BlockSums;
import dev.kept.tape.DamagedTapeException;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * One pass over a source's file that checks whether the copied bytes are still in it, a slice at a time. It reads the
 * file and the tape's checksums; the tape itself only where it has none. It decides nothing: a {@link Comparison} finds
 * where a changed file differs. Owned by the ingest thread.
 */
final class CopyCheck {
    private final Tape tape;
    private final int generation;
    private final long end;
    private long checked;

    /** The result of a step. */
    public enum Result {
        /** All copied bytes are still in the file, or the tape has started another generation meanwhile. */
        SAME,
        /** The file holds other bytes, or fewer. */
        DIFFERENT,
        /** Not all of it is checked yet. */
        MORE
    }

    /** Creates a pass over what the tape holds now; bytes that are added later are not part of it. */
    CopyCheck(Tape tape) {
        this.tape = tape;
        this.generation = tape.generation();
        this.end = tape.length();
    }

    /**
     * Checks about {@code budget} more bytes.
     *
     * @param ours holds at least a block of the tape
     * @param theirs holds at least a block of the file
     */
    Result step(FileChannel file, ByteBuffer theirs, ByteBuffer ours, long budget) throws IOException {
        if (tape.generation() != generation || tape.length() < end) {
            return Result.SAME;
        }
        long stop = checked + budget;
        try (BlockSums sums = tape.sums();
                TapeReader reader = tape.reader()) {
            while (checked < end && checked < stop) {
                int length = (int) Math.min(sums.untilNextBlock(checked), end - checked);
                Comparison.fill(theirs, length, into -> file.read(into, checked + into.position()));
                if (theirs.remaining() < length) {
                    return Result.DIFFERENT;
                }
                boolean same = sums.matches(checked, theirs).orElse(false) || isOnTape(reader, theirs, ours);
                if (!same) {
                    return Result.DIFFERENT;
                }
                checked += length;
            }
        } catch (DamagedTapeException damaged) {
            // A comparison copies again what the source still has of these bytes.
            return Result.DIFFERENT;
        }
        return checked < end ? Result.MORE : Result.SAME;
    }

    private boolean isOnTape(TapeReader reader, ByteBuffer theirs, ByteBuffer ours) throws IOException {
        Comparison.fill(ours, theirs.remaining(), into -> reader.read(generation, checked + into.position(), into));
        return ours.mismatch(theirs) < 0;
    }
}
