package dev.kept.daemon.pipeline;

import dev.kept.daemon.source.FollowedSource;
import dev.kept.status.StatusReport.Problem;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Followed files in which nothing names a session, so that no list shows their contents. Owned by the pipeline thread.
 */
final class UnidentifiedFiles {
    private static final int MOST = 100;
    private static final int SHOWN = 3;

    private final Set<Path> files = new LinkedHashSet<>();

    /** Adds or removes a source's file after a record of it was accepted. */
    void update(FollowedSource source) {
        Path path = source.info().path();
        if (!source.isNameless()) {
            files.remove(path);
        } else if (files.size() < MOST) {
            files.add(path);
        }
    }

    /** Returns the files as one problem, if there are any. */
    Optional<Problem> problem() {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        List<Path> some = files.stream().limit(SHOWN).toList();
        String names = some.stream().map(Path::toString).collect(Collectors.joining(", "));
        String more = files.size() > SHOWN ? ", and " + (files.size() - SHOWN) + " more" : "";
        return Optional.of(new Problem(
                "source.nameless",
                "Nothing in these files says which session they belong to: " + names + more,
                "They are kept on tape and shown in no session; a later version of Kept may read them.",
                Optional.empty(),
                0));
    }
}
