package dev.kept.ingest.seal;

import dev.kept.ingest.source.FileFacts;
import dev.kept.provider.SourceKind.Layout;
import dev.kept.tape.Segment;
import dev.kept.tape.Segments;
import dev.kept.tape.TapeManifest;
import dev.kept.tape.TapeReader;
import dev.kept.tape.document.RecordTape;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The rule that decides when the plain segments of a tape are due to be sealed: those of an older generation at once,
 * that of the newest when its source has rested for so long. A source that is gone rests since bytes were last added to
 * its tape.
 *
 * @param rest the rest time
 */
public record SealRule(Duration rest) {
    public SealRule {
        Objects.requireNonNull(rest, "rest");
    }

    /** Returns the segments that are due, oldest first. */
    public List<Segment> due(Path folder, TapeManifest manifest, Layout layout, Instant now) throws IOException {
        List<Segment> due = new ArrayList<>(Segments.sealable(folder, manifest));
        Optional<Segment> newest =
                Segments.of(folder, manifest.newest().number()).plain();
        if (newest.isPresent() && !(hasRested(manifest, newest.get(), now) && isWhole(folder, layout))) {
            due.remove(newest.get());
        }
        return due;
    }

    private boolean hasRested(TapeManifest manifest, Segment newest, Instant now) throws IOException {
        // The times of a link say nothing about its target.
        Optional<FileFacts> source = FileFacts.ifThere(manifest.path()).filter(FileFacts::regular);
        long since = source.isPresent()
                ? source.get().modifiedAtMs()
                : Files.getLastModifiedTime(newest.file()).toMillis();
        return since <= now.minus(rest).toEpochMilli();
    }

    /**
     * Reports whether a tape ends with a complete group. An incomplete one on a record tape is cut off when its source
     * is examined: until then the tape cannot be sealed.
     */
    private static boolean isWhole(Path folder, Layout layout) throws IOException {
        return switch (layout) {
            case LINES, OPAQUE -> true;
            case DOCUMENT -> {
                try (TapeReader reader = TapeReader.open(folder)) {
                    yield RecordTape.of(reader).end()
                            == reader.length(reader.manifest().newest().number());
                }
            }
        };
    }

    /** Reports whether a tape has plain segments at all, by the names of its files. */
    static boolean hasPlain(Path folder) throws IOException {
        try (DirectoryStream<Path> plain = Files.newDirectoryStream(folder, "*.jsonl")) {
            return plain.iterator().hasNext();
        }
    }
}
