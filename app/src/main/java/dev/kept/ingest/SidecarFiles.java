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
 * Reads the files beside a source that tell where its agent works, and what its session was named. Called on the
 * ingest thread when a source is found, and when a note was changed since.
 */
final class SidecarFiles {
    private SidecarFiles() {}

    /**
     * What the notes say of the source's session.
     *
     * @param root the provider's root that the source stands under
     */
    static List<SessionFact> facts(SourceInfo source, Path root) {
        List<SessionFact> facts = new ArrayList<>();
        WorkingDirectoryFiles.workingDirectory(source.provider(), root, source.path())
                .map(SessionFact.WorkingDirectory::new)
                .ifPresent(facts::add);
        name(source, root).ifPresent(facts::add);
        return facts;
    }

    /** Returns the title of the source's session, as the notes tell it now. */
    static Optional<SessionFact.Title> name(SourceInfo source, Path root) {
        return new SessionNameFiles().name(source.provider(), root, source.path());
    }
}
