package dev.kept.ingest;

import dev.kept.ingest.admission.LinkRegistry;
import dev.kept.ingest.admission.RootLedger;
import dev.kept.ingest.copy.SourceFile;
import dev.kept.ingest.copy.SourceRegistry;
import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.ingest.source.RefusedLinkException;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.Generation;
import dev.kept.tape.Segments;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Resumes the tapes that exist when the daemon starts. Used once, on the ingest thread. */
final class ExistingTapes {
    private final TapeLibrary library;
    private final RootLedger ledger;
    private final Admission admission;
    private final SourceRegistry registry;
    private final Instant startedAt;
    private final LinkedPaths links;
    private final LinkRegistry linkRegistry;
    private final IngestListener listener;

    ExistingTapes(
            TapeLibrary library,
            RootLedger ledger,
            Admission admission,
            SourceRegistry registry,
            Instant startedAt,
            LinkedPaths links,
            LinkRegistry linkRegistry,
            IngestListener listener) {
        this.library = library;
        this.ledger = ledger;
        this.admission = admission;
        this.registry = registry;
        this.startedAt = startedAt;
        this.links = links;
        this.linkRegistry = linkRegistry;
        this.listener = listener;
    }

    /**
     * Resumes the existing tapes; if there are too many, those that were appended to last. A damaged one is left alone
     * and reported.
     *
     * @param most limit on the number of tapes
     * @param roots the roots that are followed now: the source of a tape from elsewhere is not read any more
     */
    List<SourceFile> open(int most, Map<Provider, List<Path>> roots) {
        Map<Path, Provider> tapes = new LinkedHashMap<>();
        Set<Path> followed = new HashSet<>();
        roots.forEach((provider, paths) -> {
            try {
                followed.addAll(paths);
                for (Path path : paths) {
                    if (Files.isDirectory(path)) {
                        followed.add(path.toRealPath());
                    }
                }
                library.tapes(provider.name()).forEach(folder -> tapes.put(folder, provider));
            } catch (IOException e) {
                listener.problem("tapes.unreadable", Path.of(provider.name()), String.valueOf(e.getMessage()));
            }
        });
        if (tapes.size() > most) {
            tapes.keySet().retainAll(latest(tapes.keySet(), most));
        }
        List<SourceFile> opened = new ArrayList<>();
        tapes.forEach((folder, provider) -> openTape(folder, provider, followed).ifPresent(opened::add));
        return opened;
    }

    /** Returns the latest tapes by the time of their last append; a tape at rest has its source's time. */
    private static Set<Path> latest(Collection<Path> tapes, int count) {
        Map<Path, Long> times = new HashMap<>();
        for (Path tape : tapes) {
            times.put(tape, lastAppendedMs(tape));
        }
        return tapes.stream()
                .sorted(Comparator.<Path>comparingLong(times::get).reversed())
                .limit(count)
                .collect(Collectors.toSet());
    }

    private static long lastAppendedMs(Path tape) {
        try {
            return Segments.of(tape, Generation.FIRST)
                    .lastAppended()
                    .map(FileTime::toMillis)
                    .orElse(0L);
        } catch (IOException gone) {
            return 0;
        }
    }

    private Optional<SourceFile> openTape(Path folder, Provider provider, Set<Path> followed) {
        try {
            Tape tape = Tape.open(folder);
            TapeManifest manifest = tape.manifest();
            if (admission.isForgotten(provider, manifest.path(), manifest.sourceId())) {
                return Optional.empty();
            }
            if (!(provider.recognize(manifest.root().relativize(manifest.path()))
                    instanceof SourceKind.Session session)) {
                return Optional.empty();
            }
            FollowedRoot root =
                    new FollowedRoot(provider, manifest.root(), ledger.enabledAt(manifest.root(), startedAt));
            return Optional.of(registry.add(
                    manifest.path(),
                    factsOrReport(root, manifest.path()),
                    session,
                    root,
                    tape,
                    followed.contains(manifest.root())));
        } catch (IOException | IllegalArgumentException e) {
            listener.problem("tape.damaged", folder, "This tape is left alone: " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Returns a file's facts. A file whose attributes cannot be read is treated as missing; the first real look reports
     * more.
     */
    private Optional<FileFacts> factsOrReport(FollowedRoot root, Path path) {
        try {
            // A source that was kept under the name of a link stays under it.
            return FileFacts.ifThere(
                    links.place(root.provider(), root.root(), path, (link, at) -> linkRegistry.claim(at, link)));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (RefusedLinkException e) {
            linkRegistry.refuse(e, root);
            return Optional.empty();
        } catch (IOException e) {
            listener.problem("source.unreadable", path, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
