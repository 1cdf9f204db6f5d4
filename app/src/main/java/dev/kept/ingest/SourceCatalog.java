package dev.kept.ingest;

import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which sources there are: those with a tape, and those found below the providers' roots. Owned by the ingest thread.
 *
 * <p>A directory is listed when it is first seen, when something in it was touched, and when a sweep finds that its
 * modification time moved. Symbolic links below a root are not followed.
 *
 * <p>A root that was never followed counts as followed since the catalog was made, which is before the daemon answers
 * anyone: what is typed once it has answered is no history, however late the root is looked at.
 */
final class SourceCatalog {
    static final int MAX_DEPTH = 8;

    private final TapeLibrary library;
    private final RootLedger ledger;
    private final Admission admission;
    private final SourceLimit limit;
    private final SourceRegistry registry;
    private final Instant startedAt;
    private final DirectoryWatch watch;
    private final IngestListener listener;
    private final KnownDirectories directories;
    private final UnknownDirectories others;
    /** Whether what is looked at was reported just now: a directory that a person made goes before those found. */
    private boolean justMade;

    private boolean othersTurn;

    private final Set<Path> awaited = new HashSet<>();

    /** Asks to be told of changes in a directory. */
    @FunctionalInterface
    interface DirectoryWatch {
        void watch(Path directory) throws IOException;
    }

    SourceCatalog(
            TapeLibrary library,
            RootLedger ledger,
            Admission admission,
            SourceLimit limit,
            Map<String, ResumePoint> resume,
            Clock clock,
            PackedRules unpacking,
            DirectoryWatch watch,
            IngestListener listener) {
        this.library = library;
        this.ledger = ledger;
        this.admission = admission;
        this.limit = limit;
        this.directories = new KnownDirectories(limit.most());
        this.others = new UnknownDirectories(directories);
        this.registry = new SourceRegistry(library, resume, clock, unpacking);
        this.startedAt = clock.instant();
        this.watch = watch;
        this.listener = listener;
    }

    /** The sources that are followed. */
    SourceRegistry registry() {
        return registry;
    }

    /** Takes up the tapes that are there. */
    List<SourceFile> openTapes(Map<Provider, List<Path>> roots) {
        return new TapesAtStart(library, ledger, admission, registry, startedAt, listener).open(limit.tapes(), roots);
    }

    /** Takes up what was found at the start, as far as so many sources can be followed. */
    List<SourceFile> openGathered() {
        List<SourceFile> opened = new ArrayList<>();
        for (SourceLimit.Candidate candidate : limit.gathered()) {
            try {
                registry.open(candidate).ifPresent(opened::add);
            } catch (IOException e) {
                unreadable(candidate.path(), e);
            }
        }
        return opened;
    }

    /** The directories in which files were left aside since this was asked last. */
    List<Path> uncopied() {
        return limit.uncopied();
    }

    /** A file that is left aside and not on tape yet, as a source that nobody follows. */
    Optional<SourceFile> resting(Path path) throws IOException {
        Optional<KnownDirectories.Directory> in = directories.above(path);
        Optional<FileFacts> facts = registry.at(path).isPresent() ? Optional.empty() : FileFacts.ifThere(path);
        if (in.isEmpty() || facts.isEmpty() || !facts.get().regular()) {
            return Optional.empty();
        }
        FollowedRoot root = in.get().root();
        if (!(root.provider().recognize(root.root().relativize(path)) instanceof SourceKind.Session session)
                || !admission.admits(path, facts.get(), session, root)) {
            return Optional.empty();
        }
        return registry.unfollowed(new SourceLimit.Candidate(path, facts.get(), session, root));
    }

    /** Says it if more sources or directories are there than can be followed. */
    void tellLeftAside() {
        directories.tell(listener);
        int files = limit.leftAside();
        if (files > 0) {
            listener.problem(
                    "sources.limit",
                    Path.of("sessions"),
                    String.format(
                            Locale.ROOT,
                            "%,d session files, those that rest longest, are copied and not read: the memory ceiling has"
                                    + " room for %,d. One that grows is followed from then on.",
                            files,
                            limit.most()));
        }
    }

    /**
     * Notes that a root that does not exist is followed from now on: an agent makes it with its first conversation, and
     * what is said there must not count as history because the root was noticed a moment later.
     */
    void await(Path root) throws IOException {
        if (awaited.contains(root)) {
            return;
        }
        Path existing = root.toAbsolutePath().normalize();
        Path rest = Path.of("");
        while (!Files.exists(existing) && existing.getParent() != null && existing.getFileName() != null) {
            rest = existing.getFileName().resolve(rest);
            existing = existing.getParent();
        }
        // By the name that it will have when it is there.
        ledger.enabledAt(existing.toRealPath().resolve(rest).normalize(), startedAt);
        awaited.add(root);
    }

    /** Follows a root that exists; lists it. Returns the sources that were not known. */
    List<SourceFile> follow(Provider provider, Path root) throws IOException {
        FollowedRoot followed = new FollowedRoot(provider, root, ledger.enabledAt(root, startedAt));
        List<SourceFile> found = new ArrayList<>();
        for (Path folder : provider.sessionFolders()) {
            Path directory = root.resolve(folder);
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && !directories.contains(directory)) {
                listOrReport(directory, followed, 0, found);
            }
        }
        return found;
    }

    /** True if the root has all its session folders followed. */
    boolean follows(Provider provider, Path root) {
        return provider.sessionFolders().stream().allMatch(folder -> directories.contains(root.resolve(folder)));
    }

    /** Looks at a path that was touched. Returns sources that were not known, or are there again. */
    List<SourceFile> touched(Path path) {
        List<SourceFile> found = new ArrayList<>();
        Optional<KnownDirectories.Directory> in =
                Optional.ofNullable(path.getParent()).flatMap(directories::at);
        if (in.isPresent() && registry.at(path).isEmpty()) {
            justMade = true;
            seeOrReport(path, in.get().root(), in.get().depth(), found);
            justMade = false;
        }
        return found;
    }

    /** Lists every directory whose modification time moved. Returns sources that were not known, or are there again. */
    List<SourceFile> sweep() {
        List<SourceFile> found = new ArrayList<>();
        for (Map.Entry<Path, KnownDirectories.Directory> entry : directories.all()) {
            Path path = entry.getKey();
            KnownDirectories.Directory directory = entry.getValue();
            try {
                BasicFileAttributes now =
                        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (now.lastModifiedTime().toMillis() != directory.modifiedAtMs()) {
                    listOrReport(path, directory.root(), directory.depth(), found);
                }
            } catch (NoSuchFileException gone) {
                directories.remove(path);
            } catch (IOException e) {
                listener.problem("directory.unreadable", path, String.valueOf(e.getMessage()));
            }
        }
        othersTurn = true;
        others.look(directory -> directories
                .above(directory)
                .ifPresent(in -> listOrReport(directory, in.root(), in.depth() + 1, found)));
        othersTurn = false;
        return found;
    }

    /** One directory that cannot be read keeps nothing else from being followed; the next sweep tries it again. */
    private void listOrReport(Path directory, FollowedRoot root, int depth, List<SourceFile> found) {
        try {
            list(directory, root, depth, found);
        } catch (NoSuchFileException | NotDirectoryException gone) {
            directories.remove(directory);
        } catch (IOException e) {
            if (directories.mayBeKnown(directory, depth, false)) {
                directories.put(directory, root, depth, KnownDirectories.Directory.NOT_LISTED);
            }
            listener.problem("directory.unreadable", directory, String.valueOf(e.getMessage()));
        }
    }

    private void list(Path directory, FollowedRoot root, int depth, List<SourceFile> found) throws IOException {
        if (depth > MAX_DEPTH) {
            return;
        }
        // In the middle of a run nobody descends into what was left out before, but for the rounds through that.
        boolean looks = limit.isGathering() || justMade || othersTurn;
        boolean isKnown = directories.mayBeKnown(directory, depth, justMade)
                || (looks && directories.hasRoom() && KnownDirectories.holdsSession(directory, root));
        if (isKnown) {
            limit.listed(directory);
            // Watched before it is listed: what appears in between is reported.
            watch.watch(directory);
            directories.put(
                    directory,
                    root,
                    depth,
                    Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS)
                            .toMillis());
        } else if (!othersTurn) {
            directories.leftOut(directory);
        }
        if (!isKnown && !looks) {
            return;
        }
        int notUnderstood = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                notUnderstood += seeOrReport(entry, root, depth, found) ? 0 : 1;
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException(e.getCause());
        }
        directories.counted(directory, notUnderstood);
    }

    /** Looks at an entry; false if it is a file that the provider does not recognize. */
    private boolean seeOrReport(Path entry, FollowedRoot root, int depth, List<SourceFile> found) {
        try {
            return see(entry, root, depth, found);
        } catch (IOException e) {
            unreadable(entry, e);
            return true;
        }
    }

    /** A file that could not be taken up is tried again when its directory is listed again. */
    private void unreadable(Path entry, IOException why) {
        Optional.ofNullable(entry.getParent()).ifPresent(directories::listAgain);
        listener.problem("source.unreadable", entry, String.valueOf(why.getMessage()));
    }

    private boolean see(Path entry, FollowedRoot root, int depth, List<SourceFile> found) throws IOException {
        Optional<SourceFile> known = registry.at(entry);
        if (known.isPresent()) {
            if (!limit.isGathering() && !known.get().present()) {
                found.add(known.get());
            }
            return true;
        }
        FileFacts facts;
        try {
            facts = FileFacts.of(entry);
        } catch (NoSuchFileException gone) {
            return true;
        }
        if (!facts.regular()) {
            if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                reportIrregular(entry, root);
            } else if (!isListed(entry, facts.modifiedAtMs())) {
                listOrReport(entry, root, depth + 1, found);
            }
            return true;
        }
        return switch (root.provider().recognize(root.root().relativize(entry))) {
            case SourceKind.Session session
            when admission.admits(entry, facts, session, root) -> {
                follow(new SourceLimit.Candidate(entry, facts, session, root), found);
                yield true;
            }
            case SourceKind.Session _ -> {
                reportUntold(entry, root);
                yield true;
            }
            case SourceKind.Beside _ -> true;
            case SourceKind.Unknown _ -> false;
        };
    }

    /** Says that a folder is not known where a note has to tell it: the records of other agents tell it before long. */
    private void reportUntold(Path entry, FollowedRoot root) {
        boolean byNote = !root.provider().notes(root.root().relativize(entry)).isEmpty();
        if (byNote && admission.folderIsUntold()) {
            listener.problem(
                    "source.folder",
                    Objects.requireNonNull(entry.getParent()),
                    "Sessions in here are not kept: keep.exclude is set, and nothing tells where the agent worked.");
        }
    }

    private void follow(SourceLimit.Candidate candidate, List<SourceFile> found) throws IOException {
        if (limit.isGathering()) {
            limit.gather(candidate, registry.size());
        } else if (limit.admits(candidate.facts(), registry.size())) {
            registry.open(candidate).ifPresent(found::add);
        } else {
            limit.leaveAside(candidate.path(), candidate.root().provider());
        }
    }

    /** Another folder may stand in a listed one's place. */
    private boolean isListed(Path path, long modifiedAtMs) {
        return directories
                .at(path)
                .filter(of -> of.modifiedAtMs() == modifiedAtMs)
                .isPresent();
    }

    private void reportIrregular(Path entry, FollowedRoot root) {
        if (root.provider().recognize(root.root().relativize(entry)) instanceof SourceKind.Session) {
            listener.problem("source.irregular", entry, "This is no regular file; it is not followed.");
        }
    }

    /** What is known about a provider's files. */
    IngestListener.FileCounts counts(Provider provider, long rewrites) {
        int notUnderstood = directories.notUnderstood(provider);
        SourceTotals of = registry.totals(provider);
        return new IngestListener.FileCounts(
                provider.name(),
                of.present() + notUnderstood + limit.leftAside(provider),
                of.followed(),
                notUnderstood,
                of.bytesOnTape(),
                of.bytesToRead(),
                of.bytesToParse(),
                rewrites);
    }
}
