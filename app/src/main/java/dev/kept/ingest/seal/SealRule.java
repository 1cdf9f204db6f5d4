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
 * When the plain segments of a tape are due to be sealed: those of an older generation at once, that of the newest when its
 * source has rested for so long. A source that is gone rests since bytes were last added to its tape.
 *
 * @param rest how long
 */
public record SealRule(Duration rest) {
    public SealRule {
        Objects.requireNonNull(rest, "rest");
    }

    /** What is due, oldest first. */
    public List<Segment> due(Path folder, TapeManifest card, Layout layout, Instant now) throws IOException {
        List<Segment> due = new ArrayList<>(Segments.sealable(folder, card));
        Optional<Segment> newest = Segments.of(folder, card.newest().number()).plain();
        if (newest.isPresent() && !(hasRested(card, newest.get(), now) && isWhole(folder, layout))) {
            due.remove(newest.get());
        }
        return due;
    }

    private boolean hasRested(TapeManifest card, Segment newest, Instant now) throws IOException {
        // A link tells nothing of what it leads to.
        Optional<FileFacts> source = FileFacts.ifThere(card.path()).filter(FileFacts::regular);
        long since = source.isPresent()
                ? source.get().modifiedAtMs()
                : Files.getLastModifiedTime(newest.file()).toMillis();
        return since <= now.minus(rest).toEpochMilli();
    }

    /** What a crash left of a group on a record tape is cut off when its source is looked at: before that it cannot be sealed. */
    private static boolean isWhole(Path folder, Layout layout) throws IOException {
        return switch (layout) {
            case LINES, OPAQUE -> true;
            case DOCUMENT -> {
                try (TapeReader reader = TapeReader.open(folder)) {
                    yield RecordTape.of(reader).end()
                            == reader.length(reader.card().newest().number());
                }
            }
        };
    }

    /** Whether a tape has plain segments at all, by the names of its files. */
    static boolean hasPlain(Path folder) throws IOException {
        try (DirectoryStream<Path> plain = Files.newDirectoryStream(folder, "*.jsonl")) {
            return plain.iterator().hasNext();
        }
    }
}
