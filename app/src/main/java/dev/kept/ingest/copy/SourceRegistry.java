package dev.kept.ingest.copy;

import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.ingest.source.PackedRules;
import dev.kept.ingest.source.PackedSourceReader;
import dev.kept.ingest.source.ResumePoint;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.ingest.source.SourceTotals;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.Generation;
import dev.kept.tape.Segments;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sources that are followed, by their path and by their tape: one source has one tape, wherever its agent moves it.
 * Owned by the ingest thread.
 */
public final class SourceRegistry {
    /** A number of no source. */
    private static final int NOBODY = -1;

    private final TapeLibrary library;
    private final Map<String, ResumePoint> resume;
    private final Clock clock;
    private final PackedRules unpacking;
    private final LinkedPaths links;
    private final Map<Path, SourceFile> sources = new HashMap<>();
    private final Map<Path, SourceFile> byTape = new HashMap<>();
    /** Other places at which a source was seen: packed, or moved by its agent. */
    private final Map<SourceFile, List<Path>> elsewhere = new HashMap<>();

    private final Map<Provider, SourceTotals> totals = new HashMap<>();
    private final LoadedDocuments documents = new LoadedDocuments();
    private int nextNumber;

    /** @param resume resume points of sources that an earlier run has read, by the name of their tape */
    public SourceRegistry(
            TapeLibrary library,
            Map<String, ResumePoint> resume,
            Clock clock,
            PackedRules unpacking,
            LinkedPaths links) {
        this.library = library;
        this.resume = Map.copyOf(resume);
        this.clock = clock;
        this.unpacking = unpacking;
        this.links = links;
    }

    public Collection<SourceFile> all() {
        return sources.values();
    }

    public int size() {
        return sources.size();
    }

    public Optional<SourceFile> at(Path path) {
        return Optional.ofNullable(sources.get(path));
    }

    /** Opens the source at a path; empty if it is one that is followed at another path, and stays there. */
    public Optional<SourceFile> open(SourceLimit.Candidate candidate) throws IOException {
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
        return sourceId(candidate.root(), candidate.path());
    }

    /** Returns the name of the tape of a file below a root. */
    public static String sourceId(FollowedRoot followed, Path file) {
        Path root = followed.root();
        return TapeLibrary.sourceId(followed.provider()
                .stableName(root.relativize(file))
                .map(root::resolve)
                .orElse(file));
    }

    private Path tapeFolder(SourceLimit.Candidate candidate) {
        return library.folder(candidate.root().provider().name(), sourceId(candidate));
    }

    private Tape tape(SourceLimit.Candidate candidate) throws IOException {
        Path folder = tapeFolder(candidate);
        return Files.exists(folder.resolve(TapeManifest.FILE_NAME))
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

    /** Returns the identity to note: that of a packed file is noted only once all of it is on tape. */
    private static String identity(Path path, FileFacts facts) {
        return PackedSourceReader.isPacked(path) ? "" : facts.key();
    }

    /** Follows a source. */
    public SourceFile add(
            Path path,
            Optional<FileFacts> facts,
            SourceKind.Session session,
            FollowedRoot root,
            Tape tape,
            boolean followed) {
        SourceInfo info = info(nextNumber++, path, facts, session, root, tape);
        SourceFile source = new SourceFile(info, tape, followed, documents, unpacking, links);
        facts.ifPresent(source::noteFacts);
        ResumePoint point = resume.get(TapeLibrary.name(root.provider().name(), info.sourceId()));
        if (point != null) {
            source.cursor().resume(point);
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
        TapeManifest manifest = tape.manifest();
        return new SourceInfo(
                number,
                root.provider(),
                manifest.sourceId(),
                path,
                session.continuing(manifest.continues()),
                tape.folder(),
                manifest.firstSeen(),
                facts.map(FileFacts::createdAt)
                        .filter(created -> created.isBefore(manifest.firstSeen()))
                        .orElse(manifest.firstSeen()),
                root.enabledAt());
    }

    /**
     * Moves a source to another path at which it was seen, if its own path is empty, or holds it packed while a plain
     * file is at the other.
     *
     * @return true if it is to be read at another path from now on
     */
    public boolean relocate(SourceFile source) {
        List<Path> others = elsewhere.getOrDefault(source, List.of());
        if (others.isEmpty()) {
            return false;
        }
        Path own = source.info().path();
        boolean there = Files.exists(own, LinkOption.NOFOLLOW_LINKS);
        // A link among them is judged when it is examined.
        others.removeIf(other -> !Files.isRegularFile(other));
        Optional<Path> better = others.stream()
                .filter(other -> !PackedSourceReader.isPacked(other) && (!there || PackedSourceReader.isPacked(own)))
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

    /**
     * Returns a source that is not followed, to be copied; empty if it is followed, or on tape in its current state.
     */
    public Optional<SourceFile> unfollowed(SourceLimit.Candidate candidate) throws IOException {
        Path folder = tapeFolder(candidate);
        if (byTape.containsKey(folder) || isOnTape(folder, candidate.facts())) {
            return Optional.empty();
        }
        Tape tape = tape(candidate);
        SourceInfo info = info(
                NOBODY, candidate.path(), Optional.of(candidate.facts()), candidate.kind(), candidate.root(), tape);
        return Optional.of(new SourceFile(info, tape, true, documents, unpacking, links));
    }

    /** Reports whether a source that was {@link #unfollowed} is followed meanwhile. */
    public boolean isFollowed(SourceFile unfollowed) {
        return byTape.containsKey(unfollowed.tape().folder());
    }

    /**
     * Reports whether a file seems to be on tape: it is as long as its tape and did not change since. It is examined
     * closely once it is followed.
     */
    private static boolean isOnTape(Path folder, FileFacts facts) throws IOException {
        Segments tape = Segments.of(folder, Generation.FIRST);
        Optional<FileTime> appended = tape.lastAppended();
        return appended.isPresent()
                && tape.length() == facts.size()
                && appended.get().toMillis() >= facts.modifiedAtMs()
                && Files.exists(folder.resolve(TapeManifest.FILE_NAME));
    }

    /** Returns the source that has its tape in that folder. */
    public Optional<SourceFile> byTape(Path folder) {
        return Optional.ofNullable(byTape.get(folder));
    }

    /** Updates the totals with one source. */
    public void account(SourceFile source) {
        totals.merge(source.info().provider(), source.updateTotals(), SourceTotals::plus);
    }

    /** Returns the totals of a provider's followed sources. */
    public SourceTotals totals(Provider provider) {
        return totals.getOrDefault(provider, SourceTotals.NONE);
    }
}
