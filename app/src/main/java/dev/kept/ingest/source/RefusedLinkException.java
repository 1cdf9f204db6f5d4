package dev.kept.ingest.source;

import dev.kept.provider.LinkRules.Refused;
import dev.kept.provider.LinkRules.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Signals a symbolic link on the path to a file that is not followed. */
public final class RefusedLinkException extends IOException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // Never serialized.
    private final Path link;

    private final transient Optional<Refused> refusal;

    /** @param link the link's path as the agent knows it */
    RefusedLinkException(Path link, Verdict verdict) {
        super(link + " is a link that is not followed");
        this.link = link;
        this.refusal = verdict instanceof Refused refused ? Optional.of(refused) : Optional.empty();
    }

    /** Returns the link's path as the agent knows it. */
    public Path link() {
        return link;
    }

    /** Returns the reason; empty if its target is kept under its own name. */
    public Optional<Refused> refusal() {
        return refusal;
    }
}
