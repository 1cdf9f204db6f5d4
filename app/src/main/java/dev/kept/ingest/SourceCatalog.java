package dev.kept.ingest;

import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.Generation;
import dev.kept.tape.SourceCard;
import dev.kept.tape.Tape;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
    private static final int MAX_DEPTH = 8;
    private static final long NOT_LISTED = -1;

    /** The number of a source that no message names. */
    private static final int NOBODY = -1;

    private final TapeLibrary library;
    private final RootLedger ledger;
    private final Admission admission;
    private final SourceLimit limit;
    private final Map<String, ResumePoint> resume;
    private final Clock clock;
    private final Instant startedAt;
    private final DirectoryWatch watch;
    private final IngestListener listener;
    private final Map<Path, SourceFile> sources = new HashMap<>();
    private final Map<Path, SourceFile> byTape = new HashMap<>();
    /** Other places at which a source was seen: packed, or moved by its agent. */
    private final Map<SourceFile, List<Path>> elsewhere = new HashMap<>();

    private final Map<Path, Directory> directories = new HashMap<>();
    private final Set<Path> awaited = new HashSet<>();
    private final Map<Provider, Set<Path>> unknown = new HashMap<>();
    private final Map<Provider, SourceTotals> totals = new HashMap<>();
    private final LoadedDocuments documents = new LoadedDocuments();
    private int nextNumber;

    /** Asks to be told of changes in a directory. */
    @FunctionalInterface
    interface DirectoryWatch {
        void watch(Path directory) throws IOException;
    }

    private record Directory(FollowedRoot root, int depth, long modifiedAtMs) {}

    SourceCatalog(
            TapeLibrary library,
            RootLedger ledger,
            Admission admission,
            SourceLimit limit,
            Map<String, ResumePoint> resume,
            Clock clock,
            DirectoryWatch watch,
            IngestListener listener) {
        this.library = library;
        this.ledger = ledger;
        this.admission = admission;
        this.limit = limit;
        this.resume = Map.copyOf(resume);
        this.clock = clock;
        this.startedAt = clock.instant();
        this.watch = watch;
        this.listener = listener;
    }

    Collection<SourceFile> sources() {
        return sources.values();
    }

    /**
     * Takes up the tapes that are there; if that are too many, those that were added to last. A damaged one is left alone and
     * reported.
     *
     * @param roots what is followed now: the source of a tape from elsewhere is not read any more
     */
    List<SourceFile> openTapes(Map<Provider, List<Path>> roots) {
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
        if (tapes.size() > limit.tapes()) {
            tapes.keySet().retainAll(latest(tapes.keySet(), limit.tapes()));
        }
        List<SourceFile> opened = new ArrayList<>();
        tapes.forEach((folder, provider) -> openTape(folder, provider, followed).ifPresent(opened::add));
        return opened;
    }

    /** By when the tape was added to; a tape that rests has its source's time. */
    private static Set<Path> latest(Collection<Path> tapes, int count) {
        Map<Path, Long> times = new HashMap<>();
        for (Path tape : tapes) {
            times.put(tape, modifiedAtMs(tape.resolve(Generation.FIRST_FILE)));
        }
        return tapes.stream()
                .sorted(Comparator.<Path>comparingLong(times::get).reversed())
                .limit(count)
                .collect(Collectors.toSet());
    }

    private static long modifiedAtMs(Path path) {
        try {
            return Files.getLastModifiedTime(path).toMillis();
        } catch (IOException gone) {
            return 0;
        }
    }

    private Optional<SourceFile> openTape(Path folder, Provider provider, Set<Path> followed) {
        try {
            Tape tape = Tape.open(folder);
            SourceCard card = tape.card();
            if (admission.isForgotten(provider, card.path())) {
                return Optional.empty();
            }
            if (!(provider.recognize(card.root().relativize(card.path())) instanceof SourceKind.Session session)) {
                return Optional.empty();
            }
            FollowedRoot root = new FollowedRoot(provider, card.root(), ledger.enabledAt(card.root(), startedAt));
            return Optional.of(
                    add(card.path(), factsOrReport(card.path()), session, root, tape, followed.contains(card.root())));
        } catch (IOException | IllegalArgumentException e) {
            listener.problem("tape.damaged", folder, "This tape is left alone: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Takes up what was found at the start, as far as so many sources can be followed. */
    List<SourceFile> openGathered() {
        List<SourceFile> opened = new ArrayList<>();
        for (SourceLimit.Candidate candidate : limit.gathered()) {
            try {
                open(candidate).ifPresent(opened::add);
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
        Directory in = directories.get(path.getParent());
        Optional<FileFacts> facts = sources.containsKey(path) ? Optional.empty() : FileFacts.ifThere(path);
        if (in == null || facts.isEmpty() || !facts.get().regular()) {
            return Optional.empty();
        }
        FollowedRoot root = in.root();
        if (!(root.provider().recognize(root.root().relativize(path)) instanceof SourceKind.Session session)
                || !admission.admits(path, facts.get(), session, root)) {
            return Optional.empty();
        }
        SourceLimit.Candidate candidate = new SourceLimit.Candidate(path, facts.get(), session, root);
        Path folder = tapeFolder(candidate);
        if (byTape.containsKey(folder) || isOnTape(folder, facts.get())) {
            return Optional.empty();
        }
        Tape tape = tape(candidate);
        SourceInfo info = info(NOBODY, candidate.path(), Optional.of(candidate.facts()), session, root, tape);
        return Optional.of(new SourceFile(info, tape, true, documents));
    }

    /** Whether a source that was {@link #resting} is followed meanwhile. */
    boolean isFollowed(SourceFile resting) {
        return byTape.containsKey(resting.tape().folder());
    }

    /** A file as long as its tape that did not change since is taken to be on it: it is looked at closely once it is followed. */
    private static boolean isOnTape(Path folder, FileFacts facts) throws IOException {
        Optional<FileFacts> tape = FileFacts.ifThere(folder.resolve(Generation.FIRST_FILE));
        return tape.isPresent()
                && tape.get().size() == facts.size()
                && tape.get().modifiedAtMs() >= facts.modifiedAtMs()
                && Files.exists(folder.resolve(SourceCard.FILE_NAME));
    }

    /** Says it if more sources are there than can be followed. */
    void tellLeftAside() {
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

    /** A file that cannot be looked at is taken for one that is not there; the first real look says more. */
    private Optional<FileFacts> factsOrReport(Path path) {
        try {
            return FileFacts.ifThere(path);
        } catch (IOException e) {
            listener.problem("source.unreadable", path, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private SourceFile add(
            Path path,
            Optional<FileFacts> facts,
            SourceKind.Session session,
            FollowedRoot root,
            Tape tape,
            boolean followed) {
        SourceInfo info = info(nextNumber++, path, facts, session, root, tape);
        SourceFile source = new SourceFile(info, tape, followed, documents);
        facts.ifPresent(source::glance);
        ResumePoint point = resume.get(TapeLibrary.name(root.provider().name(), info.sourceId()));
        if (point != null) {
            source.resume(point);
        }
        sources.put(path, source);
        byTape.put(tape.folder(), source);
        return source;
    }

    private static SourceInfo info(
            int number,
            Path path,
            Optional<FileFacts> facts,
            SourceKind.Session session,
            FollowedRoot root,
            Tape tape) {
        SourceCard card = tape.card();
        return new SourceInfo(
                number,
                root.provider(),
                card.sourceId(),
                path,
                session,
                tape.folder(),
                card.firstSeen(),
                facts.map(FileFacts::createdAt).orElse(card.firstSeen()),
                root.enabledAt());
    }

    Optional<SourceFile> source(Path path) {
        return Optional.ofNullable(sources.get(path));
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
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && !directories.containsKey(directory)) {
                listOrReport(directory, followed, 0, found);
            }
        }
        return found;
    }

    /** True if the root has all its session folders followed. */
    boolean follows(Provider provider, Path root) {
        return provider.sessionFolders().stream().allMatch(folder -> directories.containsKey(root.resolve(folder)));
    }

    /** Looks at a path that was touched. Returns sources that were not known. */
    List<SourceFile> touched(Path path) {
        List<SourceFile> found = new ArrayList<>();
        Path parent = path.getParent();
        Directory in = parent == null ? null : directories.get(parent);
        if (in != null && !sources.containsKey(path)) {
            seeOrReport(path, in.root(), in.depth(), found);
        }
        return found;
    }

    /** Lists every directory whose modification time moved. Returns sources that were not known. */
    List<SourceFile> sweep() {
        List<SourceFile> found = new ArrayList<>();
        for (Map.Entry<Path, Directory> entry : List.copyOf(directories.entrySet())) {
            Path path = entry.getKey();
            Directory directory = entry.getValue();
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
        return found;
    }

    /** One directory that cannot be read keeps nothing else from being followed; the next sweep tries it again. */
    private void listOrReport(Path directory, FollowedRoot root, int depth, List<SourceFile> found) {
        try {
            list(directory, root, depth, found);
        } catch (NoSuchFileException | NotDirectoryException gone) {
            directories.remove(directory);
        } catch (IOException e) {
            directories.put(directory, new Directory(root, depth, NOT_LISTED));
            listener.problem("directory.unreadable", directory, String.valueOf(e.getMessage()));
        }
    }

    private void list(Path directory, FollowedRoot root, int depth, List<SourceFile> found) throws IOException {
        if (depth > MAX_DEPTH) {
            return;
        }
        limit.listed(directory);
        // Watched before it is listed: what appears in between is reported.
        watch.watch(directory);
        long modifiedAtMs =
                Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS).toMillis();
        directories.put(directory, new Directory(root, depth, modifiedAtMs));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                seeOrReport(entry, root, depth, found);
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException(e.getCause());
        }
    }

    private void seeOrReport(Path entry, FollowedRoot root, int depth, List<SourceFile> found) {
        try {
            see(entry, root, depth, found);
        } catch (IOException e) {
            unreadable(entry, e);
        }
    }

    /** A file that could not be taken up is tried again when its directory is listed again. */
    private void unreadable(Path entry, IOException why) {
        directories.computeIfPresent(entry.getParent(), (_, in) -> new Directory(in.root(), in.depth(), NOT_LISTED));
        listener.problem("source.unreadable", entry, String.valueOf(why.getMessage()));
    }

    private void see(Path entry, FollowedRoot root, int depth, List<SourceFile> found) throws IOException {
        if (sources.containsKey(entry)) {
            return;
        }
        FileFacts facts;
        try {
            facts = FileFacts.of(entry);
        } catch (NoSuchFileException gone) {
            return;
        }
        if (!facts.regular()) {
            if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                reportIrregular(entry, root);
            } else if (!isListed(entry)) {
                listOrReport(entry, root, depth + 1, found);
            }
            return;
        }
        switch (root.provider().recognize(root.root().relativize(entry))) {
            case SourceKind.Session session
            when admission.admits(entry, facts, session, root) ->
                follow(new SourceLimit.Candidate(entry, facts, session, root), found);
            case SourceKind.Session _ -> {}
            case SourceKind.Beside _ -> {}
            case SourceKind.Unknown _ ->
                unknown.computeIfAbsent(root.provider(), _ -> new HashSet<>()).add(entry);
        }
    }

    private void follow(SourceLimit.Candidate candidate, List<SourceFile> found) throws IOException {
        if (limit.isGathering()) {
            limit.gather(candidate, sources.size());
        } else if (limit.admits(candidate.facts(), sources.size())) {
            open(candidate).ifPresent(found::add);
        } else {
            limit.leaveAside(candidate.path(), candidate.root().provider());
        }
    }

    private boolean isListed(Path path) {
        Directory directory = directories.get(path);
        return directory != null && directory.modifiedAtMs() != NOT_LISTED;
    }

    private void reportIrregular(Path entry, FollowedRoot root) {
        if (root.provider().recognize(root.root().relativize(entry)) instanceof SourceKind.Session) {
            listener.problem("source.irregular", entry, "This is no regular file; it is not followed.");
        }
    }

    /** The source that stands at a path; empty if it is one that is followed at another place, and stays there. */
    private Optional<SourceFile> open(SourceLimit.Candidate candidate) throws IOException {
        Path path = candidate.path();
        SourceFile known = byTape.get(tapeFolder(candidate));
        if (known != null) {
            List<Path> others = elsewhere.computeIfAbsent(known, _ -> new ArrayList<>(1));
            if (!others.contains(path)) {
                others.add(path);
            }
            return relocate(known) ? Optional.of(known) : Optional.empty();
        }
        return Optional.of(
                add(path, Optional.of(candidate.facts()), candidate.kind(), candidate.root(), tape(candidate), true));
    }

    private static String sourceId(SourceLimit.Candidate candidate) {
        Path root = candidate.root().root();
        return TapeLibrary.sourceId(candidate
                .root()
                .provider()
                .lastingName(root.relativize(candidate.path()))
                .map(root::resolve)
                .orElse(candidate.path()));
    }

    private Path tapeFolder(SourceLimit.Candidate candidate) {
        return library.folder(candidate.root().provider().name(), sourceId(candidate));
    }

    private Tape tape(SourceLimit.Candidate candidate) throws IOException {
        Path folder = tapeFolder(candidate);
        return Files.exists(folder.resolve(SourceCard.FILE_NAME))
                ? Tape.open(folder)
                : Tape.create(
                        folder,
                        candidate.root().provider().name(),
                        sourceId(candidate),
                        candidate.path(),
                        candidate.root().root(),
                        identity(candidate.path(), candidate.facts()),
                        clock.instant());
    }

    /** A packed file's identity is noted once all of it is on tape. */
    private static String identity(Path path, FileFacts facts) {
        return PackedReading.isPacked(path) ? "" : facts.key();
    }

    /**
     * Follows a source to another place that it was seen at, if its own place is empty, or holds it packed while a plain
     * file is at the other.
     *
     * @return true if it is to be read at another place from now on
     */
    boolean relocate(SourceFile source) {
        List<Path> others = elsewhere.getOrDefault(source, List.of());
        if (others.isEmpty()) {
            return false;
        }
        Path own = source.info().path();
        boolean there = Files.exists(own, LinkOption.NOFOLLOW_LINKS);
        others.removeIf(other -> !Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS));
        Optional<Path> better = others.stream()
                .filter(other -> !PackedReading.isPacked(other) && (!there || PackedReading.isPacked(own)))
                .findFirst()
                .or(() -> others.stream().filter(_ -> !there).findFirst());
        better.ifPresent(place -> {
            others.remove(place);
            if (there) {
                others.add(own);
            }
            sources.remove(own);
            sources.put(place, source);
            source.moveTo(place);
        });
        return better.isPresent();
    }

    /** Brings the totals up to date with one source. */
    void account(SourceFile source) {
        totals.merge(source.info().provider(), source.newlyAccounted(), SourceTotals::plus);
    }

    /** What is known about a provider's files. */
    IngestListener.FileCounts counts(Provider provider, long rewrites) {
        int notUnderstood = unknown.getOrDefault(provider, Set.of()).size();
        SourceTotals of = totals.getOrDefault(provider, SourceTotals.NONE);
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
