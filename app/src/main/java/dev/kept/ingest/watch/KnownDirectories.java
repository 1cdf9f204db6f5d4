package dev.kept.ingest.watch;

import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.IngestListener;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The directories that were listed and are watched: as many as sources may be followed, and half as many that hold no
 * session. The others are only counted, by the known directory above them. Owned by the ingest thread.
 */
public final class KnownDirectories {
    private static final int SAMPLE = 64;

    /** The most unrecognized files that are named, each of another directory. */
    private static final int NAMED = 5;

    private static final int MOST_NAMES = 64;

    private final int most;
    private final Map<Path, Directory> known = new HashMap<>();
    private final Map<Path, Integer> unknownBelow = new HashMap<>();
    private final Map<Provider, Integer> filesNotUnderstood = new HashMap<>();
    private final Map<Provider, Map<Path, Path>> firstNotUnderstood = new HashMap<>();

    /**
     * A directory that was listed.
     *
     * @param place its place: its path, unless a link leads there
     * @param modifiedAtMs modification time of the directory when it was listed; -1 if it has to be listed again
     * @param notUnderstood number of files in it that the provider does not recognize
     */
    public record Directory(FollowedRoot root, int depth, Path place, long modifiedAtMs, int notUnderstood) {
        public static final long NOT_LISTED = -1;

        private Directory notListed() {
            return new Directory(root, depth, place, NOT_LISTED, notUnderstood);
        }
    }

    /** @param most the most known directories */
    public KnownDirectories(int most) {
        this.most = most;
    }

    public Optional<Directory> at(Path path) {
        return Optional.ofNullable(known.get(path));
    }

    public boolean contains(Path path) {
        return known.containsKey(path);
    }

    /** Reports whether another directory that holds a session may become known. */
    public boolean hasRoom() {
        return known.size() < most;
    }

    /**
     * Reports whether a directory may become known in which no session was seen. A root always may.
     *
     * @param justMade whether it was created while the daemon runs
     */
    public boolean mayBeKnown(Path directory, int depth, boolean justMade) {
        return depth == 0 || known.containsKey(directory) || known.size() < (justMade ? most : most / 2);
    }

    /** Reports whether one of the first entries of a directory is a session. */
    public static boolean holdsSession(Path directory, Path place, FollowedRoot root) throws IOException {
        int left = SAMPLE;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            for (Path entry : entries) {
                Path name = directory.resolve(entry.getFileName());
                if (root.provider().recognize(root.root().relativize(name)) instanceof SourceKind.Session) {
                    return true;
                }
                if (--left == 0) {
                    return false;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException(e.getCause());
        }
        return false;
    }

    /** Returns the known directory that a path is in, or the nearest one above it. */
    public Optional<Directory> above(Path path) {
        for (Path at = path.getParent(); at != null; at = at.getParent()) {
            Directory directory = known.get(at);
            if (directory != null) {
                return Optional.of(directory);
            }
        }
        return Optional.empty();
    }

    /** Adds a directory that is about to be listed; the count of unrecognized files in it stays until it was. */
    public void put(Path path, Path place, FollowedRoot root, int depth, long modifiedAtMs) {
        Directory before = known.get(path);
        known.put(
                path,
                new Directory(
                        root,
                        depth,
                        place.equals(path) ? path : place,
                        modifiedAtMs,
                        before == null ? 0 : before.notUnderstood()));
        unknownBelow.remove(path);
    }

    /** Stores the count of unrecognized files in a directory. */
    public void setNotUnderstood(Path path, List<Path> notUnderstood) {
        known.computeIfPresent(path, (_, of) -> {
            int count = notUnderstood.size();
            count(of.root().provider(), count - of.notUnderstood());
            Map<Path, Path> firsts =
                    firstNotUnderstood.computeIfAbsent(of.root().provider(), _ -> new TreeMap<>());
            notUnderstood.stream()
                    .min(Comparator.naturalOrder())
                    .filter(_ -> firsts.size() < MOST_NAMES || firsts.containsKey(path))
                    .ifPresentOrElse(first -> firsts.put(path, first), () -> firsts.remove(path));
            return new Directory(of.root(), of.depth(), of.place(), of.modifiedAtMs(), count);
        });
    }

    private void count(Provider provider, int change) {
        filesNotUnderstood.merge(provider, change, Integer::sum);
    }

    public void markForListing(Path path) {
        known.computeIfPresent(path, (_, of) -> of.notListed());
    }

    public void remove(Path path) {
        Directory gone = known.remove(path);
        unknownBelow.remove(path);
        if (gone != null) {
            count(gone.root().provider(), -gone.notUnderstood());
            firstNotUnderstood
                    .getOrDefault(gone.root().provider(), new HashMap<>())
                    .remove(path);
        }
    }

    /** Notes that a directory stays unknown because there is no room. */
    public void leftOut(Path directory) {
        Path parent = directory.getParent();
        if (parent != null && known.containsKey(parent)) {
            unknownBelow.merge(parent, 1, Integer::sum);
        }
    }

    /** Returns the known directories that have unknown ones in them. */
    List<Path> withUnknownBelow() {
        return List.copyOf(unknownBelow.keySet());
    }

    /** Returns the number of unknown directories directly below known ones. */
    public int leftOut() {
        return unknownBelow.values().stream().mapToInt(Integer::intValue).sum();
    }

    public int notUnderstood(Provider provider) {
        return filesNotUnderstood.getOrDefault(provider, 0);
    }

    /** Returns the first unrecognized file of some directories, by name. */
    public List<Path> firstNotUnderstood(Provider provider) {
        Map<Path, Path> firsts = firstNotUnderstood.getOrDefault(provider, Map.of());
        return firsts.isEmpty()
                ? List.of()
                : firsts.values().stream().limit(NAMED).toList();
    }

    public List<Map.Entry<Path, Directory>> all() {
        return List.copyOf(known.entrySet());
    }

    /** Reports the directories that are not watched, if there are any. */
    public void report(IngestListener listener) {
        int folders = leftOut();
        if (folders > 0) {
            int rounds = (folders + UnknownDirectories.LOOKS - 1) / UnknownDirectories.LOOKS;
            listener.problem(
                    "folders.limit",
                    Path.of("folders"),
                    String.format(
                            Locale.ROOT,
                            "%,d folders without sessions are not watched: the memory ceiling has room for %,d. A"
                                    + " session that begins in one of them is found up to %,d minutes late.",
                            folders,
                            most / 2,
                            rounds));
        }
    }
}
