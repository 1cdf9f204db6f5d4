package dev.kept.ingest;

import dev.kept.ingest.source.SourceInfo;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionNameFiles;
import dev.kept.provider.WorkingDirectoryFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the files beside a source that name the agent's working directory and the session's title. Called on the ingest
 * thread when a source is found, and when such a file changed.
 */
final class SidecarFiles {
    private SidecarFiles() {}

    /**
     * Returns the facts about the source's session in the files beside it.
     *
     * @param root the provider's root that the source is under
     */
    static List<SessionFact> facts(SourceInfo source, Path root) {
        List<SessionFact> facts = new ArrayList<>();
        WorkingDirectoryFiles.workingDirectory(source.provider(), root, source.path())
                .map(SessionFact.WorkingDirectory::new)
                .ifPresent(facts::add);
        name(source, root).ifPresent(facts::add);
        return facts;
    }

    /** Returns the current title of the source's session in the files beside it. */
    static Optional<SessionFact.Title> name(SourceInfo source, Path root) {
        return new SessionNameFiles().name(source.provider(), root, source.path());
    }
}
