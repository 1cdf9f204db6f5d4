package dev.kept.ingest;

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
 * <p>A working directory is told by the source's first records alone (the name that Claude gives its folder fits several),
 * so where any is excluded, the beginning of a new source is read before its first byte is copied. A source that does not
 * tell within {@value #LOOK_BYTES} bytes is kept; one that is shorter than that and does not tell yet waits. Owned by the
 * ingest thread.
 */
final class Admission {
    private static final int LOOK_BYTES = 1024 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final AdmissionRules rules;
    private final Tombstones tombstones;

    Admission(AdmissionRules rules, Tombstones tombstones) {
        this.rules = rules;
        this.tombstones = tombstones;
    }

    /** Whether its owner wants nothing kept of a source. */
    boolean isForgotten(Provider provider, Path source) {
        return tombstones.contains(provider.name(), source);
    }

    /**
     * Decides about a source.
     *
     * @param source by which its agent knows it
     * @param place where its bytes stand
     */
    boolean admits(Path source, Path place, FileFacts facts, SourceKind.Session kind, FollowedRoot root)
            throws IOException {
        return !isForgotten(root.provider(), source)
                && isRecentEnough(facts, root)
                && !isExcluded(source, place, facts, kind, root.provider());
    }

    /** Compared with when its root was enabled, so that the answer stays the same as time goes by. */
    private boolean isRecentEnough(FileFacts facts, FollowedRoot root) {
        return rules.firstImport()
                .map(age -> facts.modifiedAtMs() >= root.enabledAt().minus(age).toEpochMilli())
                .orElse(true);
    }

    private boolean isExcluded(Path source, Path place, FileFacts facts, SourceKind.Session kind, Provider provider)
            throws IOException {
        if (rules.excluded().isEmpty()) {
            return false;
        }
        if (matches(source) || matches(place)) {
            return true;
        }
        Optional<String> directory = workingDirectory(place, kind, provider);
        return directory.isEmpty()
                ? facts.size() < LOOK_BYTES
                : ForeignPath.of(directory.get()).filter(this::matches).isPresent();
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
