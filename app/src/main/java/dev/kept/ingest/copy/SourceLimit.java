package dev.kept.ingest.copy;

import dev.kept.ingest.BackgroundCopy;
import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.FollowedRoot;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The limit on followed sources, when there are more than memory holds: the ones that changed last are followed. The
 * others are left aside: {@link BackgroundCopy} copies them, and nobody reads them. One that changes while the daemon
 * runs is followed from then on, as long as the reserve lasts.
 *
 * <p>At the start all files are examined before the first is opened, and no more of them are remembered than may be
 * followed. Owned by the ingest thread.
 */
public final class SourceLimit {
    /** The fraction (one in so many) that is reserved for files that change after the start. */
    private static final int RESERVE = 20;

    private final int most;
    private final Instant startedAt;
    private final PriorityQueue<Candidate> oldestFirst =
            new PriorityQueue<>(Comparator.comparingLong(candidate -> candidate.facts.modifiedAtMs()));
    private final Map<Path, Aside> leftAside = new HashMap<>();
    /** Files left aside in directories beyond those. */
    private final Map<Provider, Integer> elsewhere = new HashMap<>();

    private final Set<Path> uncopied = new LinkedHashSet<>();
    private boolean gathering = true;

    /** A file that could be followed. */
    public record Candidate(Path path, FileFacts facts, SourceKind.Session kind, FollowedRoot root) {}

    private record Aside(Provider provider, int files) {}

    /** @param most the most sources that may be followed */
    public SourceLimit(int most, Instant startedAt) {
        this.most = most;
        this.startedAt = startedAt;
    }

    /** Returns the number of tapes that may be resumed at the start. */
    public int tapes() {
        return most - 2 * (most / RESERVE);
    }

    /** Reports whether the initial scan is running: then {@link #gather} is called for each file. */
    public boolean isGathering() {
        return gathering;
    }

    /**
     * Remembers a file, or leaves aside one that changed earlier.
     *
     * @param followed number of sources that are followed already
     */
    public void gather(Candidate candidate, int followed) {
        oldestFirst.add(candidate);
        if (oldestFirst.size() > most - most / RESERVE - followed) {
            Candidate oldest = oldestFirst.remove();
            leaveAside(oldest.path(), oldest.root().provider());
        }
    }

    /** Ends gathering and returns the files to follow; from now on {@link #admits} is called instead. */
    public List<Candidate> endGathering() {
        gathering = false;
        List<Candidate> all = new ArrayList<>(oldestFirst);
        oldestFirst.clear();
        return all;
    }

    /** Reports whether a file that was found after the start may be followed. */
    public boolean admits(FileFacts facts, int followed) {
        int reserve = facts.modifiedAtMs() >= startedAt.toEpochMilli() ? 0 : most / RESERVE;
        return followed < most - reserve;
    }

    /** Resets the count of files left aside in a directory that is listed again. */
    public void resetDirectory(Path directory) {
        leftAside.remove(directory);
    }

    public void leaveAside(Path file, Provider provider) {
        Path directory = file.getParent();
        if (directory != null) {
            if (uncopied.size() < most) {
                uncopied.add(directory);
            }
            if (leftAside.size() >= most && !leftAside.containsKey(directory)) {
                // Seen again at each round through the unknown directories: counted once.
                if (gathering) {
                    elsewhere.merge(provider, 1, Integer::sum);
                }
                return;
            }
            leftAside.merge(directory, new Aside(provider, 1), (a, b) -> new Aside(provider, a.files() + b.files()));
        }
    }

    /** Returns the directories in which files were left aside since the last call. */
    public List<Path> uncopied() {
        List<Path> all = List.copyOf(uncopied);
        uncopied.clear();
        return all;
    }

    /** Returns the number of files of a provider that are left aside. */
    public int leftAside(Provider provider) {
        return leftAside.values().stream()
                        .filter(aside -> aside.provider().equals(provider))
                        .mapToInt(Aside::files)
                        .sum()
                + elsewhere.getOrDefault(provider, 0);
    }

    /** Returns the number of files that are left aside. */
    public int leftAside() {
        return leftAside.values().stream().mapToInt(Aside::files).sum()
                + elsewhere.values().stream().mapToInt(Integer::intValue).sum();
    }

    public int most() {
        return most;
    }
}
