package dev.kept.archive;

import dev.kept.provider.AgentSettings;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.DocumentVersions;
import dev.kept.tape.Segments;
import dev.kept.tape.SourceCard;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which session files an agent will delete soon, and whether they are on tape.
 *
 * @param after how old a file becomes
 * @param soon how many files have less than {@link #SOON} left
 * @param notOnTape those of them that are not, or not whole
 */
public record PurgeOutlook(Path root, Duration after, long soon, List<Path> notOnTape) {
    /** What counts as soon. */
    public static final Duration SOON = Duration.ofDays(7);

    public PurgeOutlook {
        notOnTape = List.copyOf(notOnTape);
    }

    /** The outlook for a root; empty if its agent deletes nothing, or the root is not there. */
    public static Optional<PurgeOutlook> of(Provider provider, Path root, Path tapes, Instant now) throws IOException {
        Optional<Duration> after = provider.purgesAfter(root).flatMap(AgentSettings::bounded);
        if (after.isEmpty() || !Files.isDirectory(root)) {
            return Optional.empty();
        }
        Path real = root.toRealPath();
        Instant limit = now.minus(after.get()).plus(SOON);
        TapeLibrary library = new TapeLibrary(tapes);
        List<Path> notOnTape = new ArrayList<>();
        long[] soon = new long[1];
        for (Path folder : provider.sessionFolders()) {
            Path directory = real.resolve(folder);
            if (!Files.isDirectory(directory)) {
                continue;
            }
            // The agent's own folder may be a link.
            Path place = directory.toRealPath();
            Files.walkFileTree(place, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path found, BasicFileAttributes facts) {
                    Path file = directory.resolve(place.relativize(found));
                    if (facts.isRegularFile()
                            && facts.lastModifiedTime().toInstant().isBefore(limit)
                            && provider.recognize(real.relativize(file)) instanceof SourceKind.Session kind) {
                        soon[0]++;
                        if (!isOnTape(library, provider, kind, file, facts.size())) {
                            notOnTape.add(file);
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException listedInPart) {
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return Optional.of(new PurgeOutlook(root, after.get(), soon[0], notOnTape));
    }

    private static boolean isOnTape(
            TapeLibrary library, Provider provider, SourceKind.Session kind, Path file, long size) {
        if (size == 0) {
            // There is nothing to keep, and so no tape.
            return true;
        }
        Path folder = library.folder(provider.name(), TapeLibrary.sourceId(file));
        try {
            if (kind.layout() == SourceKind.Layout.DOCUMENT) {
                try (DocumentVersions versions = new DocumentVersions(folder)) {
                    return !versions.all().isEmpty() && versions.all().getLast().bytes() == size;
                }
            }
            SourceCard card = SourceCard.read(folder);
            return card.newest().commonPrefixLength()
                            + Segments.of(folder, card.newest().number()).length()
                    >= size;
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException noTape) {
            return false;
        }
    }
}
