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

/** A check that reads tapes completely and reports what is wrong with them. Not thread-safe. */
public final class TapeCheck {
    /** Limit of the bytes read to rebuild the older versions of one document. */
    private static final long VERSIONS_BYTES = 256L * 1024 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final SourceComparison comparison = new SourceComparison();
    private final TapeScan scan = new TapeScan();

    /**
     * The result of a check.
     *
     * @param records number of records in all generations
     * @param raw number of records that this version does not understand
     * @param trouble defect of the tape, for people; empty if there is none
     * @param source state of the agent's file; gone, too, if the tape is damaged
     */
    public record Result(long records, long raw, Optional<String> trouble, SourceState source) {
        private static Result damaged(String what) {
            return new Result(0, 0, Optional.of(what), new SourceState.Gone());
        }
    }

    /**
     * Reads a tape, and compares it with the agent's file if that exists. Sealed segments and whole blocks of plain
     * ones are checked against their sums, and a document must come out of its record tape as it was seen.
     *
     * @param progress receives the numbers of bytes read, a buffer at a time
     * @return empty if the tape disappeared during the check because it was forgotten
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
            // A tape that no reader can handle must not prevent the checks of others.
            return Optional.of(Result.damaged("it cannot be interpreted: " + e));
        }
    }

    private Result read(StoredTape tape, LongConsumer progress) throws IOException {
        TapeScan.Found found;
        try (TapeReader reader = TapeReader.checked(tape.folder())) {
            for (Generation generation : tape.manifest().generations()) {
                if (generation.parent() > 0 && reader.length(generation.parent()) < generation.commonPrefixLength()) {
                    return Result.damaged("generation " + generation.parent() + " has lost bytes at its end");
                }
            }
            found = scan.read(tape, reader, progress);
        }
        if (tape.kind().layout() == SourceKind.Layout.DOCUMENT) {
            rebuildVersions(tape, progress);
        }
        // A file that was not unpacked is compared with its packed bytes.
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
            for (Generation generation : tape.manifest().generations()) {
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
     * Rebuilds the newest version, and older ones within a bound: nearly all of a long tape is covered by sums as well.
     */
    private static void rebuildVersions(StoredTape tape, LongConsumer progress) throws IOException {
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
