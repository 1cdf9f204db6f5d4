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
 * Decides whether a source is kept. A source that is not is examined again when it changes: an old conversation that
 * somebody continues is kept from then on, whole.
 *
 * <p>The working directory comes from a note beside the source or from its first records (the name that Claude gives
 * its folder is ambiguous); for a part of a session, from the records of the session's own file. So if any directory is
 * excluded, the beginning of a new source is read before its first byte is copied. A source that names no directory
 * within {@value Beginning#LOOK_BYTES} bytes is kept; a shorter one that names none yet waits. If sessions of an agent
 * were forgotten, the same is done to learn whether a new source belongs to one of them. Owned by the ingest thread.
 */
final class Admission {
    private final AdmissionRules rules;
    private final Family family;
    private final ForgottenSources forgotten;
    private boolean folderIsUnknown;
    private boolean waitsForSessionFile;

    Admission(AdmissionRules rules, Tombstones tombstones) {
        this.rules = rules;
        this.family = new Family(new LinkedPaths(rules.links()), rules.unpack());
        this.forgotten = new ForgottenSources(tombstones, family);
    }

    /** Reports whether the owner wants nothing kept of a source. */
    boolean isForgotten(Provider provider, Path source, String sourceId) {
        return forgotten.contains(provider, source, sourceId);
    }

    /**
     * Decides whether a source is kept.
     *
     * @param source the path by which its agent knows it
     * @param place the path of its bytes
     */
    boolean admits(Path source, Path place, FileFacts facts, SourceKind.Session kind, FollowedRoot root)
            throws IOException {
        folderIsUnknown = false;
        waitsForSessionFile = false;
        return !isForgotten(root.provider(), source, SourceRegistry.sourceId(root, source))
                && isRecentEnough(facts, root)
                && !judgeExclusion(source, place, kind, root)
                && !isOfForgotten(source, place, facts, kind, root);
    }

    /**
     * Reports whether the last source that was checked is not kept only because its working directory is unknown, while
     * some are excluded.
     */
    boolean isFolderUnknown() {
        return folderIsUnknown;
    }

    /**
     * Reports whether the last source that was checked is not kept only because the file of its session does not name
     * its working directory yet.
     */
    boolean waitsForSessionFile() {
        return waitsForSessionFile;
    }

    /**
     * Reports whether a source belongs to a session that was forgotten: a later file of that session, under whatever
     * name, is not kept either. A source without a first record may belong to one.
     */
    private boolean isOfForgotten(Path source, Path place, FileFacts facts, SourceKind.Session kind, FollowedRoot root)
            throws IOException {
        if (!forgotten.haveSessions(root.provider())) {
            return false;
        }
        Family.Origin origin = forgotten.origin(source, place, kind, root);
        return (!origin.hasRecords() && facts.size() < Beginning.LOOK_BYTES)
                || forgotten.contains(root.provider(), origin);
    }

    /**
     * Compares a file's age at the time when its root was enabled, so that the answer does not change as time passes.
     */
    private boolean isRecentEnough(FileFacts facts, FollowedRoot root) {
        return rules.firstImport()
                .map(age -> facts.modifiedAtMs() >= root.enabledAt().minus(age).toEpochMilli())
                .orElse(true);
    }

    /** Returns true if the owner excludes a source, and notes if its folder is not known yet. */
    private boolean judgeExclusion(Path source, Path place, SourceKind.Session kind, FollowedRoot root)
            throws IOException {
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
            folderIsUnknown = directory.isEmpty() && origin.waits();
            waitsForSessionFile =
                    folderIsUnknown && origin.whole() && !origin.files().isEmpty();
        }
        return directory.isEmpty()
                ? folderIsUnknown
                : ForeignPath.of(directory.get()).filter(this::matches).isPresent();
    }

    /**
     * Reports whether the source is named by the digest of an excluded folder, which may be all that is left of an old
     * one of Gemini.
     */
    private boolean isMadeOfExcluded(FollowedRoot root, Path source) {
        Path relative = root.root().relativize(source);
        return rules.excluded().stream()
                .anyMatch(pattern -> root.provider().isDerivedFrom(relative, pattern.toString()));
    }

    /** Reports whether a path or a folder above it is excluded. */
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
