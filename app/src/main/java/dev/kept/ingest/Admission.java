package dev.kept.ingest;

import dev.kept.provider.FolderNotes;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SourceKind;
import dev.kept.provider.SourceReading;
import dev.kept.tape.Tombstones;
import dev.kept.text.ForeignPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a source that was found is kept. What is not is looked at again when it is touched: an old conversation
 * that somebody goes on with is kept from then on, whole.
 *
 * <p>A working directory is told by a note beside the source or by its first records (the name that Claude gives its
 * folder fits several), so where any is excluded, the beginning of a new source is read before its first byte is
 * copied. A source that does not tell within {@value #LOOK_BYTES} bytes is kept; one that is shorter than that and does
 * not tell yet waits. Owned by the ingest thread.
 */
final class Admission {
    private static final int LOOK_BYTES = 1024 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final AdmissionRules rules;
    private final Tombstones tombstones;
    private boolean folderIsUntold;

    Admission(AdmissionRules rules, Tombstones tombstones) {
        this.rules = rules;
        this.tombstones = tombstones;
    }

    /** Whether its owner wants nothing kept of a source. */
    boolean isForgotten(Provider provider, Path source, String sourceId) {
        // A file that its agent moves about keeps the name of its tape.
        return tombstones.contains(provider.name(), source) || tombstones.containsTape(provider.name(), sourceId);
    }

    /**
     * Decides about a source.
     *
     * @param source by which its agent knows it
     * @param place where its bytes stand
     */
    boolean admits(Path source, Path place, FileFacts facts, SourceKind.Session kind, FollowedRoot root)
            throws IOException {
        folderIsUntold = false;
        return !isForgotten(root.provider(), source, SourceRegistry.sourceId(root, source))
                && isRecentEnough(facts, root)
                && !isExcluded(source, place, facts, kind, root);
    }

    /**
     * Reports whether the source that was asked about last is not kept only because nothing tells its folder, while
     * some are excluded.
     */
    boolean folderIsUntold() {
        return folderIsUntold;
    }

    /** Compared with when its root was enabled, so that the answer stays the same as time goes by. */
    private boolean isRecentEnough(FileFacts facts, FollowedRoot root) {
        return rules.firstImport()
                .map(age -> facts.modifiedAtMs() >= root.enabledAt().minus(age).toEpochMilli())
                .orElse(true);
    }

    private boolean isExcluded(Path source, Path place, FileFacts facts, SourceKind.Session kind, FollowedRoot root)
            throws IOException {
        if (rules.excluded().isEmpty()) {
            return false;
        }
        if (matches(source) || matches(place)) {
            return true;
        }
        Optional<String> directory = FolderNotes.workingDirectory(root.provider(), root.root(), source);
        if (directory.isEmpty() && isMadeOfExcluded(root, source)) {
            return true;
        }
        if (directory.isEmpty()) {
            directory = workingDirectory(place, kind, root.provider());
        }
        folderIsUntold = directory.isEmpty() && facts.size() < LOOK_BYTES;
        return directory.isEmpty()
                ? folderIsUntold
                : ForeignPath.of(directory.get()).filter(this::matches).isPresent();
    }

    /**
     * Reports whether the digest of an excluded folder, all that may be left of an old one of Gemini, names the source.
     */
    private boolean isMadeOfExcluded(FollowedRoot root, Path source) {
        Path relative = root.root().relativize(source);
        return rules.excluded().stream().anyMatch(pattern -> root.provider().isMadeOf(relative, pattern.toString()));
    }

    /** A folder that is excluded takes all below it along. */
    private boolean matches(Path path) {
        for (@Nullable Path part = path; part != null; part = part.getParent()) {
            Path candidate = part;
            if (rules.excluded().stream().anyMatch(pattern -> pattern.matches(candidate))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> workingDirectory(Path place, SourceKind.Session kind, Provider provider)
            throws IOException {
        SourceReading reading = new SourceReading(provider, kind);
        Look look = new Look();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Channels.newInputStream(LinkedPaths.open(place))) {
            int taken = 0;
            while (taken < LOOK_BYTES && look.found.isEmpty()) {
                int got = in.read(buffer);
                if (got < 0) {
                    reading.finish(record -> record.facts().forEach(look::take));
                    break;
                }
                taken += got;
                reading.accept(buffer, 0, got, record -> record.facts().forEach(look::take));
            }
        }
        return look.found;
    }

    private static final class Look {
        private Optional<String> found = Optional.empty();

        void take(SessionFact fact) {
            if (fact instanceof SessionFact.WorkingDirectory(var path) && found.isEmpty()) {
                found = Optional.of(path);
            }
        }
    }
}
