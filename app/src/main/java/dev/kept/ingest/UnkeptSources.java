package dev.kept.ingest;

import dev.kept.ingest.admission.AdmissionRules;
import dev.kept.ingest.admission.RootLedger;
import dev.kept.ingest.copy.SourceRegistry;
import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.ingest.source.PackedSourceReader;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.Generation;
import dev.kept.tape.Segments;
import dev.kept.tape.TapeManifest;
import dev.kept.tape.Tombstones;
import dev.kept.tape.document.DocumentVersions;
import dev.kept.tape.document.RecordTape;
import dev.kept.tape.packed.PackedNote;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A check for sources that should be on tape and are not, based on the disk alone and independent of the ingest
 * thread's state: a file that is longer than its tape for a while is not being kept. Reads no content, and compares
 * only files that changed in the last day; of very many files those in the folders that changed last.
 *
 * <p>A document that is rewritten whole, or a packed file, is not as long as its tape. A document is compared with the
 * length of its newest version there, if it was written after its tape; a packed file counts as unkept until its tape
 * says that it has all of it. Thread-safe.
 */
public final class UnkeptSources {
    /** The delay that is reported. Changes are on tape within milliseconds; this is for an overloaded machine. */
    static final Duration LATE = Duration.ofSeconds(30);

    /** The delay that is reported where the system reports no changes, and the sweep finds them. */
    static final Duration LATE_UNREPORTED = Duration.ofSeconds(150);

    /** The delay that is reported even if ingest is busy: it may have much to do at once, but not for so long. */
    static final Duration TOO_LATE = Duration.ofMinutes(10);

    private static final Duration RECENT = Duration.ofDays(1);
    private static final int MOST_FILES = 10_000;
    private static final int MOST_COMPARED = 500;

    private final Map<Provider, List<Path>> roots;
    private final Path tapes;
    private final AdmissionRules rules;
    private final Instant startedAt;
    private final LinkedPaths links;
    private Map<Path, Behind> behind = new HashMap<>();
    private Map<Path, Version> documents = new HashMap<>();
    private Map<Path, Version> documentsSeen = new HashMap<>();

    /**
     * A source that is not being kept.
     *
     * @param bytes number of bytes missing on its tape; 0 if unknown
     * @param since time since which it is not kept
     */
    public record Unkept(Path path, long bytes, Instant since) {}

    private record Behind(Instant since, long onTape) {}

    /**
     * A document and its tape at the time when the tape was read.
     *
     * @param kept whether the newest version there is as long as the document
     */
    private record Version(long modifiedAtMs, long size, long onTape, boolean kept) {}

    /** @param linked whether a link below the session folder leads there: another name may have the tape */
    private record Recent(
            Path path, Path place, boolean linked, FileFacts facts, SourceKind.Session kind, FollowedRoot root) {}

    private record Folder(Path path, Path place, boolean linked, int depth, long modifiedAtMs) {}

    /** @param startedAt start of the daemon: it is not to blame for what was not kept before */
    public UnkeptSources(Map<Provider, List<Path>> roots, Path tapes, AdmissionRules rules, Instant startedAt) {
        this.roots = Map.copyOf(roots);
        this.tapes = tapes;
        this.rules = rules;
        this.startedAt = startedAt;
        this.links = new LinkedPaths(rules.links());
    }

    /**
     * Returns the sources that are not being kept now, the longest delay first.
     *
     * @param idleAt last time when ingest had nothing left to do; empty if there was none
     * @param reported whether the operating system reports changes
     */
    public synchronized List<Unkept> check(Instant now, Optional<Instant> idleAt, boolean reported) {
        Map<Path, Behind> found = new HashMap<>();
        documentsSeen = new HashMap<>();
        List<Unkept> unkept = new ArrayList<>();
        for (Recent file : recent(now)) {
            try {
                compare(file, now).ifPresent(each -> {
                    Behind before = behind.get(file.path());
                    Instant since = before != null && before.onTape() == each.onTape() ? before.since() : each.since();
                    found.put(file.path(), new Behind(since, each.onTape()));
                    if (isLate(since, now, idleAt, reported)) {
                        boolean comparable = file.kind().layout() != SourceKind.Layout.DOCUMENT
                                && !PackedSourceReader.isPacked(file.path());
                        long bytes = Math.max(0, file.facts().size() - each.onTape());
                        unkept.add(new Unkept(file.path(), comparable ? bytes : 0, since));
                    }
                });
            } catch (IOException gone) {
                // Its agent or ingest is just changing it; the next call shows.
            }
        }
        behind = found;
        documents = documentsSeen;
        unkept.sort(Comparator.comparing(Unkept::since).thenComparing(Unkept::path));
        return unkept;
    }

    private boolean isLate(Instant since, Instant now, Optional<Instant> idleAt, boolean reported) {
        Instant from = since.isBefore(startedAt) ? startedAt : since;
        Duration late = Duration.between(from, now);
        return late.compareTo(TOO_LATE) > 0
                || (late.compareTo(reported ? LATE : LATE_UNREPORTED) > 0
                        && idleAt.filter(from::isBefore).isPresent());
    }

    /**
     * Returns the state of a file that its tape lacks bytes of; empty if it lacks none, or if the file is not wanted.
     */
    private Optional<Behind> compare(Recent file, Instant now) throws IOException {
        Path folder =
                tapes.resolve(file.root().provider().name()).resolve(SourceRegistry.sourceId(file.root(), file.path()));
        Optional<TapeManifest> manifest = Files.exists(folder.resolve(TapeManifest.FILE_NAME))
                ? Optional.of(TapeManifest.read(folder))
                : Optional.empty();
        Instant changed = Instant.ofEpochMilli(file.facts().modifiedAtMs());
        Instant since = changed.isAfter(now) ? now : changed;
        if (manifest.isEmpty()) {
            return !file.linked() && file.facts().size() > 0 && rules.excluded().isEmpty() && isWanted(file)
                    ? Optional.of(new Behind(since, 0))
                    : Optional.empty();
        }
        Generation newest = manifest.get().newest();
        Segments own = Segments.of(folder, newest.number());
        Optional<FileTime> appended = own.lastAppended();
        long length = newest.commonPrefixLength() + own.length();
        boolean onTape = switch (file.kind().layout()) {
            case DOCUMENT -> isNewestVersion(file, folder, appended, length);
            case LINES, OPAQUE ->
                PackedSourceReader.isPacked(file.path())
                        ? isNoted(file, manifest.get(), folder) || isKeptPacked(file, folder)
                        : length >= file.facts().size();
        };
        // If folders are excluded, admission depends on the content: what ingest did then is the answer.
        boolean followed = rules.excluded().isEmpty()
                || appended.filter(at -> at.toInstant().isAfter(startedAt)).isPresent();
        boolean growing =
                appended.filter(at -> at.toInstant().isAfter(now.minus(LATE))).isPresent();
        return onTape || !followed || growing || !isWanted(file)
                ? Optional.empty()
                : Optional.of(new Behind(since, length));
    }

    /**
     * Reports whether a document is as long as its newest version on tape. The tape is read once for each time that one
     * of them changed, and not at all if the tape was written later.
     */
    private boolean isNewestVersion(Recent file, Path folder, Optional<FileTime> appended, long length)
            throws IOException {
        FileFacts facts = file.facts();
        if (facts.size() == 0
                || appended.filter(at -> at.toMillis() > facts.modifiedAtMs()).isPresent()) {
            return true;
        }
        @Nullable Version known = documents.get(file.path());
        if (known == null
                || known.modifiedAtMs() != facts.modifiedAtMs()
                || known.size() != facts.size()
                || known.onTape() != length) {
            try (DocumentVersions versions = new DocumentVersions(folder)) {
                List<RecordTape.Version> all = versions.all();
                boolean kept = !all.isEmpty() && all.getLast().bytes() == facts.size();
                known = new Version(facts.modifiedAtMs(), facts.size(), length, kept);
            }
        }
        documentsSeen.put(file.path(), known);
        return known.kept();
    }

    /**
     * Reports whether all of a packed file is on tape: its identity is noted then. Another place may hold the same
     * source unpacked.
     */
    private static boolean isNoted(Recent file, TapeManifest manifest, Path folder) throws IOException {
        return !file.path().equals(manifest.path())
                || (file.facts().key().equals(manifest.fileKey())
                        && !file.facts()
                                .changedSince(Files.getLastModifiedTime(folder.resolve(TapeManifest.FILE_NAME))));
    }

    /**
     * Reports whether the packed bytes are kept as they are: unpacking was refused, which is reported as a problem of
     * its own.
     */
    private static boolean isKeptPacked(Recent file, Path folder) throws IOException {
        return PackedNote.read(folder)
                .filter(note -> note.fileKey().equals(file.facts().key()))
                .isPresent();
    }

    private boolean isWanted(Recent file) throws IOException {
        Admission admission = new Admission(
                new AdmissionRules(
                        rules.firstImport(), List.of(), rules.minFreeBytes(), rules.mostSources(), rules.sealAfter()),
                Tombstones.open(tapes));
        return admission.admits(file.path(), file.place(), file.facts(), file.kind(), file.root());
    }

    /** Returns the files that changed recently, the latest first. */
    private List<Recent> recent(Instant now) {
        long earliest = now.minus(RECENT).toEpochMilli();
        List<Recent> found = new ArrayList<>();
        int[] left = {MOST_FILES};
        roots.forEach((provider, paths) -> {
            for (Path path : paths) {
                try {
                    if (Files.isDirectory(path)) {
                        Path root = path.toRealPath();
                        Optional<Instant> enabledAt = new RootLedger(tapes).enabledAt(root);
                        if (enabledAt.isPresent()) {
                            gather(new FollowedRoot(provider, root, enabledAt.get()), earliest, left, found);
                        }
                    }
                } catch (IOException unreadable) {
                    // The daemon reports it itself.
                }
            }
        });
        found.sort(Comparator.comparingLong((Recent file) -> file.facts().modifiedAtMs())
                .reversed());
        return found.subList(0, Math.min(found.size(), MOST_COMPARED));
    }

    private void gather(FollowedRoot root, long earliest, int[] left, List<Recent> found) {
        Deque<Folder> folders = new ArrayDeque<>();
        for (Path folder : root.provider().sessionFolders()) {
            Path directory = root.root().resolve(folder);
            try {
                Path place = links.place(root, directory);
                if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                    folders.add(new Folder(directory, place, false, 0, 0));
                }
            } catch (IOException notFollowed) {
                // The daemon reports it itself.
            }
        }
        while (!folders.isEmpty() && left[0] > 0) {
            Folder next = folders.remove();
            List<Folder> below = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(next.place())) {
                for (Path entry : entries) {
                    if (--left[0] <= 0) {
                        break;
                    }
                    inspect(entry, root, earliest, next, below, found);
                }
            } catch (IOException | DirectoryIteratorException gone) {
                // The readable part is compared.
            }
            // The folder visited first is the one that changed last.
            below.sort(Comparator.comparingLong(Folder::modifiedAtMs));
            below.forEach(folders::addFirst);
        }
    }

    private void inspect(
            Path entry, FollowedRoot root, long earliest, Folder in, List<Folder> below, List<Recent> found)
            throws IOException {
        Path name = in.path().resolve(entry.getFileName());
        int depth = in.depth();
        Path place = entry;
        boolean linked = in.linked();
        @Nullable BasicFileAttributes facts;
        try {
            facts = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (facts.isSymbolicLink()) {
                linked = true;
                place = links.place(root, name);
                facts = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException gone) {
            return;
        }
        if (facts.isDirectory() && depth < SourceCatalog.MAX_DEPTH) {
            below.add(new Folder(
                    name, place, linked, depth + 1, facts.lastModifiedTime().toMillis()));
        } else if (facts.isRegularFile()
                && facts.lastModifiedTime().toMillis() >= earliest
                && root.provider().recognize(root.root().relativize(name)) instanceof SourceKind.Session session) {
            Optional<FileFacts> there = FileFacts.ifThere(place);
            if (there.isPresent()) {
                found.add(new Recent(name, place, linked, there.get(), session, root));
            }
        }
    }
}
