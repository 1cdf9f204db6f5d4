package dev.kept.archive;

import dev.kept.tape.DamagedTapeException;
import dev.kept.tape.Generation;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Reads tapes whole, and says what is wrong with them. Not thread-safe. */
public final class TapeCheck {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final byte[] other = new byte[BUFFER_BYTES];
    private final TapeScan scan = new TapeScan();

    /**
     * What came of it.
     *
     * @param records records of all generations
     * @param raw how many of them this version does not understand
     * @param trouble what is wrong, for people; empty if nothing is
     */
    public record Result(long records, long raw, Optional<String> trouble) {}

    /**
     * Reads a tape, and the agent's file where it is there: as far as the tape goes they must be the same. What is sealed,
     * and whole blocks of what is plain, must be what was written there.
     *
     * @param progress told the bytes that were read, a buffer at a time
     */
    public Result check(StoredTape tape, LongConsumer progress) {
        try (TapeReader reader = TapeReader.checked(tape.folder())) {
            for (Generation generation : tape.card().generations()) {
                if (generation.parent() > 0 && reader.length(generation.parent()) < generation.commonPrefixLength()) {
                    return new Result(
                            0, 0, Optional.of("generation " + generation.parent() + " has lost bytes at its end"));
                }
            }
            TapeScan.Found found = scan.read(tape, reader, progress);
            Optional<StoredTape> packed = tape.packed();
            if (packed.isPresent()) {
                // What the agent has is compared with its bytes as they are: it may not be unpacked.
                readWhole(packed.get(), progress);
            }
            return new Result(found.records(), found.raw(), difference(packed.orElse(tape)));
        } catch (DamagedTapeException e) {
            return new Result(0, 0, Optional.of("" + e.getMessage()));
        } catch (IOException e) {
            return new Result(0, 0, Optional.of("it cannot be read: " + e.getMessage()));
        }
    }

    private void readWhole(StoredTape tape, LongConsumer progress) throws IOException {
        try (TapeReader reader = TapeReader.checked(tape.folder())) {
            for (Generation generation : tape.card().generations()) {
                long at = 0;
                buffer.clear();
                for (int got = reader.read(generation.number(), at, buffer);
                        got > 0;
                        got = reader.read(generation.number(), at, buffer.clear())) {
                    at += got;
                    progress.accept(got);
                }
            }
        }
    }

    private Optional<String> difference(StoredTape tape) throws IOException {
        try (TapeReader reader = TapeReader.open(tape.folder());
                InputStream source = Files.newInputStream(tape.card().path())) {
            int newest = reader.card().newest().number();
            long at = 0;
            buffer.clear();
            for (int got = reader.read(newest, at, buffer); got > 0; got = reader.read(newest, at, buffer)) {
                buffer.flip().get(bytes, 0, got);
                buffer.clear();
                int same = source.readNBytes(other, 0, got);
                if (same < got || !Arrays.equals(bytes, 0, got, other, 0, got)) {
                    return Optional.of("the agent's file is another one from byte "
                            + (at + Math.max(0, Arrays.mismatch(bytes, 0, got, other, 0, same)))
                            + " on; a running daemon keeps both");
                }
                at += got;
            }
            return Optional.empty();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }
}
