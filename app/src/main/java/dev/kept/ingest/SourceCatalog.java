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
 * Which sources there are: those with a tape, and those found below the providers' roots. Owned by the ingest thread.
 *
 * <p>A directory is listed when it is first seen, when something in it was touched, and when a sweep finds that its
 * modification time moved. Symbolic links are followed as {@link LinkRegistry} and {@link LinkedPaths} say.
 *
 * <p>One type although it is long: a directory, a file and a link are seen by one recursion over one set of
 * directories, whether a start, a report, a sweep or another look at a link began it.
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
    private final LinkedPaths links;
    private final LinkRegistry book;
    private final IngestListener listener;
    private final KnownDirectories directories;
    private final UnknownDirectories others;
    /** Whether what is looked at was reported just now: a directory that a person made goes before those found. */
    private boolean justMade;

    private boolean othersTurn;

    private final Set<Path> awaited = new HashSet<>();

    /** Asks to be told of changes. */
    interface DirectoryWatch {
        /** In a directory, known by a path and standing at a place. */
        void watch(Path directory, Path place) throws IOException;

        /** Of a file that a link leads to. */
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
        this.book = new LinkRegistry(linkRules, listener);
        this.registry = new SourceRegistry(library, resume, clock, unpacking, links);
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
        return new ExistingTapes(library, ledger, admission, registry, startedAt, links, book, listener)
                .open(limit.tapes(), roots);
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

    /** Says it if more sources or directories are there than can be followed. */
    void tellLeftAside() {
        directories.tell(listener);
        book.tell();
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
            if (Files.isSymbolicLink(directory)) {
                seeLink(directory, directory, followed, -1, found);
            } else if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && !directories.contains(directory)) {
                listOrReport(directory, followed, 0, found);
            }
        }
        return found;
    }

    /** True if the root has all its session folders followed. One that is a link may lead elsewhere at any time. */
    boolean follows(Provider provider, Path root) {
        return provider.sessionFolders().stream()
                .map(root::resolve)
                .allMatch(folder -> directories.contains(folder) && !Files.isSymbolicLink(folder));
    }

    /** Looks at the links again that were not followed. Returns sources that were not known, or are there again. */
    List<SourceFile> lookAtLinks() {
        List<SourceFile> found = new ArrayList<>();
        for (Map.Entry<Path, LinkRegistry.NotFollowed> each : book.toLookAtAgain()) {
            FollowedRoot root = each.getValue().root();
            Path link = each.getKey();
            int depth = root.root().relativize(link).getNameCount() - 2;
            try {
                Path folder = links.place(root, Objects.requireNonNull(link.getParent(), "below a root"));
                seeLink(link, folder.resolve(link.getFileName()), root, depth, found);
                registry.at(link).ifPresent(found::add);
            } catch (IOException notNow) {
                // It stays what it was.
            }
        }
        return found;
    }

    boolean hasLinksToLookAt() {
        return book.hasRefused();
    }

    /** Tells of links that are not followed, as soon as there are others. */
    void tellOfLinks() {
        book.tellNews();
    }

    /** A link on the way to a source is not followed any more. */
    void refused(SourceFile source, RefusedLinkException why) {
        Path root = source.tape().card().root();
        book.refuse(
                why,
                new FollowedRoot(source.info().provider(), root, source.info().rootEnabledAt()));
    }

    /** A source was looked at: where a link leads to its file, changes of that are asked for. */
    void looked(SourceFile source) {
        Path path = source.info().path();
        Path place = source.place();
        if (!place.equals(path) && Files.isSymbolicLink(path)) {
            book.take(place, path);
            watch.watchFile(path, place);
        }
    }

    /** Looks at a path that was touched. Returns sources that were not known, or are there again. */
    List<SourceFile> touched(Path path) {
        List<SourceFile> found = new ArrayList<>();
        Optional<KnownDirectories.Directory> in =
                Optional.ofNullable(path.getParent()).flatMap(directories::at);
        if (in.isPresent() && registry.at(path).isEmpty()) {
            justMade = true;
            FollowedRoot root = in.get().root();
            try {
                Path folder = links.place(root, Objects.requireNonNull(path.getParent(), "it is in one"));
                seeOrReport(
                        path, folder.resolve(path.getFileName()), root, in.get().depth(), found);
            } catch (IOException gone) {
                // The sweep finds out more.
            }
            justMade = false;
        }
        return found;
    }

    /** A file that is no source was touched, or is new: it may name the session of a source that was told of. */
    private void seeBeside(Path file, FollowedRoot root) {
        root.provider()
                .namedBy(root.root().relativize(file))
                .flatMap(source -> registry.at(root.root().resolve(source)))
                .map(SourceFile::info)
                .ifPresent(source ->
                        SidecarFiles.name(source, root.root()).ifPresent(name -> listener.named(source, name)));
    }

    /** Lists every directory whose modification time moved. Returns sources that were not known, or are there again. */
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
                book.refuse(e, directory.root());
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
        } catch (RefusedLinkException e) {
            directories.remove(directory);
            book.refuse(e, root);
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
        // In the middle of a run nobody descends into what was left out before, but for the rounds through that.
        boolean looks = limit.isGathering() || justMade || othersTurn;
        boolean isKnown = directories.mayBeKnown(directory, depth, justMade)
                || (looks && directories.hasRoom() && KnownDirectories.holdsSession(directory, place, root));
        if (isKnown) {
            limit.listed(directory);
            // Watched before it is listed: what appears in between is reported.
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
                } else if (!seeOrReport(name, entry, root, depth, found)) {
                    notUnderstood.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException(e.getCause());
        }
        // After what has its own name here, always in the same order: what two lead to has the first one's name.
        for (Path name : linked) {
            if (!seeOrReport(name, place.resolve(name.getFileName()), root, depth, found)) {
                notUnderstood.add(name);
            }
        }
        directories.counted(directory, notUnderstood);
    }

    /** Looks at an entry; false if it is a file that the provider does not recognize. */
    private boolean seeOrReport(Path entry, Path at, FollowedRoot root, int depth, List<SourceFile> found) {
        try {
            return see(entry, at, root, depth, found);
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

    /** @param at where the entry itself stands, which may be a link */
    private boolean see(Path entry, Path at, FollowedRoot root, int depth, List<SourceFile> found) throws IOException {
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
        if (!at.equals(entry) && book.isElsewhere(at, entry)) {
            return true;
        }
        if (!facts.regular()) {
            if (Files.isSymbolicLink(at)) {
                return seeLink(entry, at, root, depth, found);
            }
            seeIrregular(entry, at, facts, root, depth, found);
            return true;
        }
        return seeFile(entry, at, facts, root, found);
    }

    private void seeIrregular(
            Path entry, Path at, FileFacts facts, FollowedRoot root, int depth, List<SourceFile> found) {
        if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            reportIrregular(entry, root);
        } else if (!isListed(entry, at, facts.modifiedAtMs())) {
            listOrReport(entry, root, depth + 1, found);
        }
    }

    private boolean seeFile(Path entry, Path at, FileFacts facts, FollowedRoot root, List<SourceFile> found)
            throws IOException {
        return switch (root.provider().recognize(root.root().relativize(entry))) {
            case SourceKind.Session session
            when admission.admits(entry, at, facts, session, root) -> {
                follow(new SourceLimit.Candidate(entry, facts, session, root), found);
                yield true;
            }
            case SourceKind.Session kept -> {
                reportUntold(entry, kept, root);
                yield true;
            }
            case SourceKind.Beside _ -> {
                seeBeside(entry, root);
                yield true;
            }
            case SourceKind.Unknown _ -> TransientFile.isOne(entry);
        };
    }

    /**
     * Says that a folder is not known where a note has to tell it, or another file that is not there: the records of other
     * sources tell it before long. What waits for the file of its session is looked at again: it may never be touched.
     */
    private void reportUntold(Path entry, SourceKind.Session kind, FollowedRoot root) {
        Path folder = Objects.requireNonNull(entry.getParent());
        if (admission.waitsForWhole()) {
            directories.listAgain(folder);
        } else if (admission.folderIsUntold()
                && (kind.layout() == SourceKind.Layout.OPAQUE
                        || !root.provider().notes(root.root().relativize(entry)).isEmpty())) {
            listener.problem(
                    "source.folder",
                    folder,
                    "Sessions in here are not kept: keep.exclude is set, and nothing tells where the agent worked.");
        }
    }

    /** Looks at a link; false if it leads to a file that the provider does not recognize. */
    private boolean seeLink(Path link, Path at, FollowedRoot root, int depth, List<SourceFile> found)
            throws IOException {
        switch (links.judge(root.provider(), root.root(), link, at)) {
            case KeptAlready _ -> book.mended(link);
            case Refused refused -> {
                // An editor's lock is a link to nothing, by the name of what it locks.
                if (!TransientFile.isOne(link)
                        && LinkRules.mayHoldSessions(
                                root.provider(), root.root().relativize(link), refused)) {
                    book.refuse(link, root, refused);
                }
            }
            case Followed(Path target) -> {
                if (!book.take(target, link)) {
                    book.mended(link);
                    return true;
                }
                FileFacts facts = FileFacts.of(target);
                if (facts.regular() && registry.at(link).isEmpty()) {
                    return seeFile(link, target, facts, root, found);
                }
                if (!facts.regular()) {
                    seeIrregular(link, target, facts, root, depth, found);
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

    /** Another folder may stand in a listed one's place. */
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

    /** What is known about a provider's files. */
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
