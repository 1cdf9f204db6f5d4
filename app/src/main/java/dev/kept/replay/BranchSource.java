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
 * Where the events of a line are read from.
 *
 * @param tapeFolder the tape of the line's source
 * @param sessionId whose events are read, where a source holds several sessions
 * @param line the line that the source holds, as its records or its path say
 * @param told what was told before this source, and is passed over where it repeats it
 * @param replaced the events that a later one replaces, to be passed over; empty where what comes later is not known,
 *     as in notes: there the later one of two calls is passed over, because the first is written already
 */
public record BranchSource(
        Provider provider,
        SourceKind.Session kind,
        Path tapeFolder,
        String sessionId,
        String line,
        List<Told> told,
        Optional<Set<String>> replaced) {
    /**
     * A source before another one of its session.
     *
     * @param until it was told up to this place
     */
    public record Told(BranchSource source, TapePosition until) {
        public Told {
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(until, "until");
        }
    }

    public BranchSource {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(tapeFolder, "tapeFolder");
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(line, "line");
        told = List.copyOf(told);
        replaced = replaced.map(Set::copyOf);
    }

    /** A source of which nothing is known that comes later. */
    public BranchSource(
            Provider provider,
            SourceKind.Session kind,
            Path tapeFolder,
            String sessionId,
            String line,
            List<Told> told) {
        this(provider, kind, tapeFolder, sessionId, line, told, Optional.empty());
    }

    /**
     * Reports whether an event is passed over because another one replaces it. Where what comes later is not known,
     * only calls are: of a text both wordings are shown.
     */
    static boolean isReplaced(ConversationEvent event, Optional<Set<String>> replaced) {
        return replaced.isPresent()
                ? replaced.get().contains(event.header().eventId())
                : event instanceof ConversationEvent.ToolCall call
                        && call.replaces().isPresent();
    }

    /** A source that holds the line which its path says. */
    public BranchSource(
            Provider provider, SourceKind.Session kind, Path tapeFolder, String sessionId, List<Told> told) {
        this(provider, kind, tapeFolder, sessionId, kind.line(), told);
    }

    /** The same, the first of its session. */
    public BranchSource(Provider provider, SourceKind.Session kind, Path tapeFolder, String sessionId) {
        this(provider, kind, tapeFolder, sessionId, List.of());
    }
}
