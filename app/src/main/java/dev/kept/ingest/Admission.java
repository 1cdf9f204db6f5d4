package dev.kept.ingest;

import dev.kept.ingest.admission.AdmissionRules;
import dev.kept.ingest.admission.Beginning;
import dev.kept.ingest.admission.Family;
import dev.kept.ingest.copy.SourceRegistry;
import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.WorkingDirectoryFiles;
import dev.kept.tape.Tombstones;
import dev.kept.text.ForeignPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a source that was found is kept. What is not is looked at again when it is touched: an old conversation
 * that somebody goes on with is kept from then on, whole.
 *
 * <p>A working directory is told by a note beside the source or by its first records (the name that Claude gives its
 * folder fits several), of a part of a session by those of the session's own file. So where any is excluded, the beginning
 * of a new source is read before its first byte is copied. A source that does not tell within
 * {@value Beginning#LOOK_BYTES} bytes is kept; one that is shorter than that and does not tell yet waits. Where sessions of
 * an agent were forgotten, the same is done to learn whether a new source belongs to one of them. Owned by the ingest
 * thread.
 */
final class Admission {
    private final AdmissionRules rules;
    private final Family family;
    private final ForgottenSources forgotten;
    private boolean folderIsUntold;
    private boolean waitsForWhole;

    Admission(AdmissionRules rules, Tombstones tombstones) {
        this.rules = rules;
        this.family = new Family(new LinkedPaths(rules.links()), rules.unpack());
        this.forgotten = new ForgottenSources(tombstones, family);
    }

    /** Whether its owner wants nothing kept of a source. */
    boolean isForgotten(Provider provider, Path source, String sourceId) {
        return forgotten.contains(provider, source, sourceId);
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
        waitsForWhole = false;
        return !isForgotten(root.provider(), source, SourceRegistry.sourceId(root, source))
                && isRecentEnough(facts, root)
                && !isExcluded(source, place, kind, root)
                && !isOfForgotten(source, place, facts, kind, root);
    }

    /**
     * Reports whether the source that was asked about last is not kept only because nothing tells its folder, while
     * some are excluded.
     */
    boolean folderIsUntold() {
        return folderIsUntold;
    }

    /**
     * Reports whether the source that was asked about last is not kept only because the file of its session does not tell
     * its folder yet.
     */
    boolean waitsForWhole() {
        return waitsForWhole;
    }

    /**
     * Reports whether a source belongs to a session that was forgotten: what appears later, under whatever name, stays
     * unkept with it. One without a first record does not tell yet.
     */
    private boolean isOfForgotten(Path source, Path place, FileFacts facts, SourceKind.Session kind, FollowedRoot root)
            throws IOException {
        if (!forgotten.haveSessions(root.provider())) {
            return false;
        }
        Family.Origin origin = forgotten.origin(source, place, kind, root);
        return (!origin.says() && facts.size() < Beginning.LOOK_BYTES) || forgotten.contains(root.provider(), origin);
    }

    /** Compared with when its root was enabled, so that the answer stays the same as time goes by. */
    private boolean isRecentEnough(FileFacts facts, FollowedRoot root) {
        return rules.firstImport()
                .map(age -> facts.modifiedAtMs() >= root.enabledAt().minus(age).toEpochMilli())
                .orElse(true);
    }

    private boolean isExcluded(Path source, Path place, SourceKind.Session kind, FollowedRoot root) throws IOException {
        if (rules.excluded().isEmpty()) {
            return false;
        }
        if (matches(source) || matches(place)) {
            return true;
        }
        Optional<String> directory = WorkingDirectoryFiles.workingDirectory(root.provider(), root.root(), source);
        if (directory.isEmpty() && isMadeOfExcluded(root, source)) {
            return true;
        }
        if (directory.isEmpty()) {
            Family.Origin origin = family.of(source, place, kind, root, true, true);
            if (origin.files().stream().anyMatch(this::matches)) {
                return true;
            }
            directory = origin.folder();
            folderIsUntold = directory.isEmpty() && origin.waits();
            waitsForWhole = folderIsUntold && origin.whole() && !origin.files().isEmpty();
        }
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
}
