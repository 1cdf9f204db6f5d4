package dev.kept.ingest;

import dev.kept.ingest.admission.LinkRegistry;
import dev.kept.ingest.admission.RootLedger;
import dev.kept.ingest.copy.SourceFile;
import dev.kept.ingest.copy.SourceLimit;
import dev.kept.ingest.copy.SourceRegistry;
import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.ingest.source.PackedRules;
import dev.kept.ingest.source.RefusedLinkException;
import dev.kept.ingest.source.ResumePoint;
import dev.kept.ingest.source.SourceTotals;
import dev.kept.ingest.watch.KnownDirectories;
import dev.kept.ingest.watch.UnknownDirectories;
import dev.kept.provider.LinkRules;
import dev.kept.provider.LinkRules.Followed;
import dev.kept.provider.LinkRules.KeptAlready;
import dev.kept.provider.LinkRules.Refused;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.TransientFile;
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
import java.util.TreeSet;

/**
 * The known sources: those with a tape, and those found below the providers' roots. Owned by the ingest thread.
 *
 * <p>A directory is listed when it is first seen, when something in it was touched, and when a sweep finds that its
 * modification time changed. Symbolic links are followed according to {@link LinkRegistry} and {@link LinkedPaths}.
 *
 * <p>One type although it is long: directories, files and links are visited by one recursion over one set of
 * directories, whether a start, a report, a sweep or another look at a link began it.
 *
 * <p>A root that was never followed counts as followed since the catalog was created, which is before the daemon
 * answers anyone: a prompt that is typed once it has answered is not history, however late the root is scanned.
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
    private final LinkedPaths links;
    private final LinkRegistry linkRegistry;
    private final IngestListener listener;
    private final KnownDirectories directories;
    private final UnknownDirectories others;
    /**
     * True while a reported change is examined: a directory that was just created goes before those found otherwise.
     */
    private boolean justMade;

    private boolean othersTurn;

    private final Set<Path> awaited = new HashSet<>();

    /** A service that watches for changes. */
    interface DirectoryWatch {
        /** Watches a directory, known by a path and located at a place. */
        void watch(Path directory, Path place) throws IOException;

        /** Watches a file that a link leads to. */
        void watchFile(Path link, Path place);
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
            LinkRules linkRules,
            IngestListener listener) {
        this.library = library;
        this.ledger = ledger;
        this.admission = admission;
        this.limit = limit;
        this.directories = new KnownDirectories(limit.most());
        this.others = new UnknownDirectories(directories);
        this.links = new LinkedPaths(linkRules);
        this.linkRegistry = new LinkRegistry(linkRules, listener);
        this.registry = new SourceRegistry(library, resume, clock, unpacking, links);
        this.startedAt = clock.instant();
        this.watch = watch;
        this.listener = listener;
    }

    /** Returns the sources that are followed. */
    SourceRegistry registry() {
        return registry;
    }

    /** Resumes the existing tapes. */
    List<SourceFile> openTapes(Map<Provider, List<Path>> roots) {
        return new ExistingTapes(library, ledger, admission, registry, startedAt, links, linkRegistry, listener)
                .open(limit.tapes(), roots);
    }

    /** Opens the sources found at the start, up to the limit of followed sources. */
    List<SourceFile> openGathered() {
        List<SourceFile> opened = new ArrayList<>();
        for (SourceLimit.Candidate candidate : limit.endGathering()) {
            try {
                registry.open(candidate).ifPresent(opened::add);
            } catch (IOException e) {
                unreadable(candidate.path(), e);
            }
        }
        return opened;
    }

    /** Returns the directories in which files were left aside since the last call. */
    List<Path> uncopied() {
        return limit.uncopied();
    }

    /** Returns a source, not followed, for a file that is left aside and not on tape yet. */
    Optional<SourceFile> resting(Path path) throws IOException {
        Optional<KnownDirectories.Directory> in = directories.above(path);
        if (in.isEmpty() || registry.at(path).isPresent()) {
            return Optional.empty();
        }
        FollowedRoot root = in.get().root();
        Path place = links.place(root, path);
        Optional<FileFacts> facts = FileFacts.ifThere(place);
        if (facts.isEmpty() || !facts.get().regular()) {
            return Optional.empty();
        }
        if (!(root.provider().recognize(root.root().relativize(path)) instanceof SourceKind.Session session)
                || !admission.admits(path, place, facts.get(), session, root)) {
            return Optional.empty();
        }
        return registry.unfollowed(new SourceLimit.Candidate(path, facts.get(), session, root));
    }

    /** Reports a problem if there are more sources or directories than can be followed. */
    void reportLeftAside() {
        directories.report(listener);
        linkRegistry.report();
        int files = limit.leftAside();
        if (files > 0) {
            listener.problem(
                    "sources.limit",
                    Path.of("sessions"),
                    String.format(
                            Locale.ROOT,
                            "%,d session files, those that rest longest, are copied and not read: the memory ceiling"
                                    + " has room for %,d. One that grows is followed from then on.",
                            files,
                            limit.most()));
        }
    }

    /**
     * Notes that a root that does not exist is followed from now on. An agent creates it with its first conversation;
     * its prompts must not count as history because the root was noticed a moment later.
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
        // By the name that it will have once it exists.
        ledger.enabledAt(existing.toRealPath().resolve(rest).normalize(), startedAt);
        awaited.add(root);
    }

    /** Follows a root that exists, and lists it. Returns the new sources. */
    List<SourceFile> follow(Provider provider, Path root) throws IOException {
        FollowedRoot followed = new FollowedRoot(provider, root, ledger.enabledAt(root, startedAt));
        List<SourceFile> found = new ArrayList<>();
        for (Path folder : provider.sessionFolders()) {
            Path directory = root.resolve(folder);
            if (Files.isSymbolicLink(directory)) {
                inspectLink(directory, directory, followed, -1, found);
            } else if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && !directories.contains(directory)) {
                listOrReport(directory, followed, 0, found);
            }
        }
        return found;
    }

    /**
     * Returns true if all session folders of the root are followed. A folder that is a link may change its target at
     * any time.
     */
    boolean follows(Provider provider, Path root) {
        return provider.sessionFolders().stream()
                .map(root::resolve)
                .allMatch(folder -> directories.contains(folder) && !Files.isSymbolicLink(folder));
    }

    /** Checks the links again that were not followed. Returns sources that are new, or exist again. */
    List<SourceFile> recheckLinks() {
        List<SourceFile> found = new ArrayList<>();
        for (Map.Entry<Path, LinkRegistry.NotFollowed> each : linkRegistry.refreshRefused()) {
            FollowedRoot root = each.getValue().root();
            Path link = each.getKey();
            int depth = root.root().relativize(link).getNameCount() - 2;
            try {
                Path folder = links.place(root, Objects.requireNonNull(link.getParent(), "below a root"));
                inspectLink(link, folder.resolve(link.getFileName()), root, depth, found);
                registry.at(link).ifPresent(found::add);
            } catch (IOException notNow) {
                // The source stays as it was.
            }
        }
        return found;
    }

    boolean hasRefusedLinks() {
        return linkRegistry.hasRefused();
    }

    /** Reports the links that are not followed, if they changed. */
    void reportRefusedLinks() {
        linkRegistry.reportIfChanged();
    }

    /** Notes that a link on the path to a source is not followed any more. */
    void noteRefused(SourceFile source, RefusedLinkException why) {
        Path root = source.tape().manifest().root();
        linkRegistry.refuse(
                why,
                new FollowedRoot(source.info().provider(), root, source.info().rootEnabledAt()));
    }

    /** Watches the target of a link that leads to a source's file, after the source was examined. */
    void watchLinkTarget(SourceFile source) {
        Path path = source.info().path();
        Path place = source.place();
        if (!place.equals(path) && Files.isSymbolicLink(path)) {
            linkRegistry.claim(place, path);
            watch.watchFile(path, place);
        }
    }

    /** Examines a path that was touched. Returns sources that are new, or exist again. */
    List<SourceFile> inspectTouched(Path path) {
        List<SourceFile> found = new ArrayList<>();
        Optional<KnownDirectories.Directory> in =
                Optional.ofNullable(path.getParent()).flatMap(directories::at);
        if (in.isPresent() && registry.at(path).isEmpty()) {
            justMade = true;
            FollowedRoot root = in.get().root();
            try {
                Path folder = links.place(root, Objects.requireNonNull(path.getParent(), "it is in one"));
                inspectOrReport(
                        path, folder.resolve(path.getFileName()), root, in.get().depth(), found);
            } catch (IOException gone) {
                // The sweep finds it.
            }
            justMade = false;
        }
        return found;
    }

    /** Examines a new or changed file that is not a source: it may name the session of a source that was announced. */
    private void inspectSidecar(Path file, FollowedRoot root) {
        root.provider()
                .namedBy(root.root().relativize(file))
                .flatMap(source -> registry.at(root.root().resolve(source)))
                .map(SourceFile::info)
                .ifPresent(source ->
                        SidecarFiles.name(source, root.root()).ifPresent(name -> listener.named(source, name)));
    }

    /** Lists every directory whose modification time changed. Returns sources that are new, or exist again. */
    List<SourceFile> sweep() {
        List<SourceFile> found = new ArrayList<>();
        for (Map.Entry<Path, KnownDirectories.Directory> entry : directories.all()) {
            Path path = entry.getKey();
            KnownDirectories.Directory directory = entry.getValue();
            try {
                Path place = links.place(directory.root(), path);
                BasicFileAttributes now =
                        Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (now.lastModifiedTime().toMillis() != directory.modifiedAtMs() || !place.equals(directory.place())) {
                    listOrReport(path, directory.root(), directory.depth(), found);
                }
            } catch (NoSuchFileException gone) {
                directories.remove(path);
            } catch (RefusedLinkException e) {
                directories.remove(path);
                linkRegistry.refuse(e, directory.root());
            } catch (IOException e) {
                listener.problem("directory.unreadable", path, String.valueOf(e.getMessage()));
            }
        }
        othersTurn = true;
        others.visit(directory -> directories
                .above(directory)
                .ifPresent(in -> listOrReport(directory, in.root(), in.depth() + 1, found)));
        othersTurn = false;
        return found;
    }

    /**
     * Lists a directory. One that cannot be read does not keep others from being followed; the next sweep tries it
     * again.
     */
    private void listOrReport(Path directory, FollowedRoot root, int depth, List<SourceFile> found) {
        try {
            list(directory, root, depth, found);
        } catch (NoSuchFileException | NotDirectoryException gone) {
            directories.remove(directory);
        } catch (RefusedLinkException e) {
            directories.remove(directory);
            linkRegistry.refuse(e, root);
        } catch (IOException e) {
            if (directories.mayBeKnown(directory, depth, false)) {
                directories.put(directory, directory, root, depth, KnownDirectories.Directory.NOT_LISTED);
            }
            listener.problem("directory.unreadable", directory, String.valueOf(e.getMessage()));
        }
    }

    private void list(Path directory, FollowedRoot root, int depth, List<SourceFile> found) throws IOException {
        if (depth > MAX_DEPTH) {
            return;
        }
        Path place = links.place(root, directory);
        // After the initial scan, only the rounds through unknown directories descend into them.
        boolean looks = limit.isGathering() || justMade || othersTurn;
        boolean isKnown = directories.mayBeKnown(directory, depth, justMade)
                || (looks && directories.hasRoom() && KnownDirectories.holdsSession(directory, place, root));
        if (isKnown) {
            limit.resetDirectory(directory);
            // Watched before it is listed: files that appear in between are reported.
            watch.watch(directory, place);
            if (directories
                    .at(directory)
                    .filter(of -> !of.place().equals(place))
                    .isPresent()) {
                // Its sources are files at another place now.
                registry.all().stream()
                        .filter(source -> source.info().path().startsWith(directory))
                        .forEach(found::add);
            }
            directories.put(
                    directory,
                    place,
                    root,
                    depth,
                    Files.getLastModifiedTime(place, LinkOption.NOFOLLOW_LINKS).toMillis());
        } else if (!othersTurn) {
            directories.leftOut(directory);
        }
        if (!isKnown && !looks) {
            return;
        }
        List<Path> notUnderstood = new ArrayList<>();
        Set<Path> linked = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            for (Path entry : entries) {
                Path name = place.equals(directory) ? entry : directory.resolve(entry.getFileName());
                if (registry.at(name).isEmpty() && Files.isSymbolicLink(entry)) {
                    linked.add(name);
                } else if (!inspectOrReport(name, entry, root, depth, found)) {
                    notUnderstood.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException(e.getCause());
        }
        // After entries with their own name here, always in the same order: a target of two links gets the first one's
        // name.
        for (Path name : linked) {
            if (!inspectOrReport(name, place.resolve(name.getFileName()), root, depth, found)) {
                notUnderstood.add(name);
            }
        }
        directories.setNotUnderstood(directory, notUnderstood);
    }

    /** Examines an entry; returns false if it is a file that the provider does not recognize. */
    private boolean inspectOrReport(Path entry, Path at, FollowedRoot root, int depth, List<SourceFile> found) {
        try {
            return inspect(entry, at, root, depth, found);
        } catch (IOException e) {
            unreadable(entry, e);
            return true;
        }
    }

    /** Reports a file that could not be opened. It is tried again when its directory is listed again. */
    private void unreadable(Path entry, IOException why) {
        Optional.ofNullable(entry.getParent()).ifPresent(directories::markForListing);
        listener.problem("source.unreadable", entry, String.valueOf(why.getMessage()));
    }

    /** @param at path of the entry itself, which may be a link */
    private boolean inspect(Path entry, Path at, FollowedRoot root, int depth, List<SourceFile> found)
            throws IOException {
        Optional<SourceFile> known = registry.at(entry);
        if (known.isPresent()) {
            if (!limit.isGathering() && !known.get().present()) {
                found.add(known.get());
            }
            return true;
        }
        FileFacts facts;
        try {
            facts = FileFacts.of(at);
        } catch (NoSuchFileException gone) {
            return true;
        }
        if (!at.equals(entry) && linkRegistry.isElsewhere(at, entry)) {
            return true;
        }
        if (!facts.regular()) {
            if (Files.isSymbolicLink(at)) {
                return inspectLink(entry, at, root, depth, found);
            }
            inspectIrregular(entry, at, facts, root, depth, found);
            return true;
        }
        return inspectFile(entry, at, facts, root, found);
    }

    private void inspectIrregular(
            Path entry, Path at, FileFacts facts, FollowedRoot root, int depth, List<SourceFile> found) {
        if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            reportIrregular(entry, root);
        } else if (!isListed(entry, at, facts.modifiedAtMs())) {
            listOrReport(entry, root, depth + 1, found);
        }
    }

    private boolean inspectFile(Path entry, Path at, FileFacts facts, FollowedRoot root, List<SourceFile> found)
            throws IOException {
        return switch (root.provider().recognize(root.root().relativize(entry))) {
            case SourceKind.Session session
            when admission.admits(entry, at, facts, session, root) -> {
                follow(new SourceLimit.Candidate(entry, facts, session, root), found);
                yield true;
            }
            case SourceKind.Session kept -> {
                reportUnknownFolder(entry, kept, root);
                yield true;
            }
            case SourceKind.Beside _ -> {
                inspectSidecar(entry, root);
                yield true;
            }
            case SourceKind.Unknown _ -> TransientFile.matches(entry);
        };
    }

    /**
     * Reports that the working directory of a source is unknown if a note has to name it, or a file that is missing:
     * the records of other sources name it before long. A source that waits for the file of its session is examined
     * again: it may never be touched.
     */
    private void reportUnknownFolder(Path entry, SourceKind.Session kind, FollowedRoot root) {
        Path folder = Objects.requireNonNull(entry.getParent());
        if (admission.waitsForSessionFile()) {
            directories.markForListing(folder);
        } else if (admission.isFolderUnknown()
                && (kind.layout() == SourceKind.Layout.OPAQUE
                        || !root.provider().notes(root.root().relativize(entry)).isEmpty())) {
            listener.problem(
                    "source.folder",
                    folder,
                    "Sessions in here are not kept: keep.exclude is set, and the working directory is unknown.");
        }
    }

    /** Examines a link; returns false if it leads to a file that the provider does not recognize. */
    private boolean inspectLink(Path link, Path at, FollowedRoot root, int depth, List<SourceFile> found)
            throws IOException {
        switch (links.judge(root.provider(), root.root(), link, at)) {
            case KeptAlready _ -> linkRegistry.removeRefused(link);
            case Refused refused -> {
                // An editor's lock is a link to nothing, by the name of what it locks.
                if (!TransientFile.matches(link)
                        && LinkRules.mayHoldSessions(
                                root.provider(), root.root().relativize(link), refused)) {
                    linkRegistry.refuse(link, root, refused);
                }
            }
            case Followed(Path target) -> {
                if (!linkRegistry.claim(target, link)) {
                    linkRegistry.removeRefused(link);
                    return true;
                }
                FileFacts facts = FileFacts.of(target);
                if (facts.regular() && registry.at(link).isEmpty()) {
                    return inspectFile(link, target, facts, root, found);
                }
                if (!facts.regular()) {
                    inspectIrregular(link, target, facts, root, depth, found);
                }
            }
        }
        return true;
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

    /** Reports whether a directory is listed and unchanged. Another folder may have taken the place of a listed one. */
    private boolean isListed(Path path, Path place, long modifiedAtMs) {
        return directories
                .at(path)
                .filter(of -> of.modifiedAtMs() == modifiedAtMs && of.place().equals(place))
                .isPresent();
    }

    private void reportIrregular(Path entry, FollowedRoot root) {
        if (root.provider().recognize(root.root().relativize(entry)) instanceof SourceKind.Session) {
            listener.problem("source.irregular", entry, "This is no regular file; it is not followed.");
        }
    }

    /** Returns the counts of a provider's files. */
    IngestListener.FileCounts counts(Provider provider, long rewrites) {
        int notUnderstood = directories.notUnderstood(provider);
        SourceTotals of = registry.totals(provider);
        return new IngestListener.FileCounts(
                provider.name(),
                of.present() + notUnderstood + limit.leftAside(provider),
                of.followed(),
                notUnderstood,
                directories.firstNotUnderstood(provider),
                of.bytesOnTape(),
                of.bytesToRead(),
                of.bytesToParse(),
                rewrites);
    }
}
