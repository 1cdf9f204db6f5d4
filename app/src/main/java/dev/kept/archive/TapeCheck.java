package dev.kept.archive;

import dev.kept.provider.SourceKind;
import dev.kept.tape.DamagedTapeException;
import dev.kept.tape.Generation;
import dev.kept.tape.TapeManifest;
import dev.kept.tape.TapeReader;
import dev.kept.tape.document.DocumentVersions;
import dev.kept.tape.document.RecordTape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Reads tapes whole, and says what is wrong with them. Not thread-safe. */
public final class TapeCheck {
    /** So many bytes may be read to make the older versions of one document again. */
    private static final long VERSIONS_BYTES = 256L * 1024 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final SourceComparison comparison = new SourceComparison();
    private final TapeScan scan = new TapeScan();

    /**
     * What came of it.
     *
     * @param records records of all generations
     * @param raw how many of them this version does not understand
     * @param trouble what is wrong with the tape, for people; empty if nothing is
     * @param source how the agent's file compares with it; gone, too, where the tape is damaged
     */
    public record Result(long records, long raw, Optional<String> trouble, SourceState source) {
        private static Result damaged(String what) {
            return new Result(0, 0, Optional.of(what), new SourceState.Gone());
        }
    }

    /**
     * Reads a tape, and compares it with the agent's file where that is there. What is sealed, and whole blocks of what
     * is plain, must be what was written there, and a document must come out of its record tape as it was seen.
     *
     * @param progress told the bytes that were read, a buffer at a time
     * @return empty if the tape went away meanwhile, because it is forgotten
     */
    public Optional<Result> check(StoredTape tape, LongConsumer progress) {
        try {
            return Optional.of(read(tape, progress));
        } catch (DamagedTapeException e) {
            return Optional.of(Result.damaged(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            return Files.exists(tape.folder().resolve(TapeManifest.FILE_NAME))
                    ? Optional.of(Result.damaged("it cannot be read: " + e.getMessage()))
                    : Optional.empty();
        } catch (RuntimeException | StackOverflowError e) {
            // One tape that no reader can make sense of takes no other's check away.
            return Optional.of(Result.damaged("it cannot be made sense of: " + e));
        }
    }

    private Result read(StoredTape tape, LongConsumer progress) throws IOException {
        TapeScan.Found found;
        try (TapeReader reader = TapeReader.checked(tape.folder())) {
            for (Generation generation : tape.card().generations()) {
                if (generation.parent() > 0 && reader.length(generation.parent()) < generation.commonPrefixLength()) {
                    return Result.damaged("generation " + generation.parent() + " has lost bytes at its end");
                }
            }
            found = scan.read(tape, reader, progress);
        }
        if (tape.kind().layout() == SourceKind.Layout.DOCUMENT) {
            makeVersions(tape, progress);
        }
        // A file that is not unpacked is compared with its bytes as they are.
        Optional<StoredTape> packed = tape.packed();
        if (packed.isPresent()) {
            readWhole(packed.get(), progress);
        }
        return new Result(
                found.records(), found.raw(), Optional.empty(), comparison.compare(packed.orElse(tape), progress));
    }

    private static void readWhole(StoredTape tape, LongConsumer progress) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (TapeReader reader = TapeReader.checked(tape.folder())) {
            for (Generation generation : tape.card().generations()) {
                long at = 0;
                for (int got = reader.read(generation.number(), at, buffer.clear());
                        got > 0;
                        got = reader.read(generation.number(), at, buffer.clear())) {
                    at += got;
                    progress.accept(got);
                }
            }
        }
    }

    /**
     * Makes the newest always, older ones as far as the work is bounded: of a long tape nearly all has sums as well.
     */
    private static void makeVersions(StoredTape tape, LongConsumer progress) throws IOException {
        try (DocumentVersions versions = new DocumentVersions(tape.folder())) {
            List<RecordTape.Version> newestFirst = versions.all().reversed();
            long left = VERSIONS_BYTES;
            for (RecordTape.Version version : newestFirst) {
                if (left < 0) {
                    return;
                }
                versions.write(version, OutputStream.nullOutputStream());
                left -= version.end() + version.bytes();
                progress.accept(0);
            }
        }
    }
}
