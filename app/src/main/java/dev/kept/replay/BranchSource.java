package dev.kept.replay;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The source of a branch's events.
 *
 * @param tapeFolder the tape of the branch's source
 * @param sessionId the session whose events are read, where a source holds several
 * @param branch the branch in that source, as its records or its path say
 * @param earlier the parts of earlier sources; events that this source repeats of them are skipped
 * @param replaced the ids of events that a later one replaces, to be skipped; empty where later events are not known,
 *     as in notes: there the later one of two calls is skipped, because the first is already written
 */
public record BranchSource(
        Provider provider,
        SourceKind.Session kind,
        Path tapeFolder,
        String sessionId,
        String branch,
        List<Earlier> earlier,
        Optional<Set<String>> replaced) {
    /**
     * An earlier source of the same session.
     *
     * @param until the position before which its events were delivered
     */
    public record Earlier(BranchSource source, TapePosition until) {
        public Earlier {
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(until, "until");
        }
    }

    public BranchSource {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(tapeFolder, "tapeFolder");
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(branch, "branch");
        earlier = List.copyOf(earlier);
        replaced = replaced.map(Set::copyOf);
    }

    /** Creates a source of which later events are not known. */
    public BranchSource(
            Provider provider,
            SourceKind.Session kind,
            Path tapeFolder,
            String sessionId,
            String branch,
            List<Earlier> earlier) {
        this(provider, kind, tapeFolder, sessionId, branch, earlier, Optional.empty());
    }

    /**
     * Reports whether an event is skipped because another one replaces it. Where later events are not known, this holds
     * only for calls: of a text both versions are shown.
     */
    static boolean isReplaced(ConversationEvent event, Optional<Set<String>> replaced) {
        return replaced.isPresent()
                ? replaced.get().contains(event.header().eventId())
                : event instanceof ConversationEvent.ToolCall call
                        && call.replaces().isPresent();
    }

    /** Creates a source that holds the branch named by its path. */
    public BranchSource(
            Provider provider, SourceKind.Session kind, Path tapeFolder, String sessionId, List<Earlier> earlier) {
        this(provider, kind, tapeFolder, sessionId, kind.line(), earlier);
    }

    /** Creates a source that is the first of its session, and holds the branch named by its path. */
    public BranchSource(Provider provider, SourceKind.Session kind, Path tapeFolder, String sessionId) {
        this(provider, kind, tapeFolder, sessionId, List.of());
    }
}
