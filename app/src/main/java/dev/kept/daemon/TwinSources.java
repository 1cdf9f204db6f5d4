package dev.kept.daemon;

import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The main lines that stand in more than one file: an agent that resumes a session in a new file copies the old one into
 * it, or leaves a second file that says nothing. What one of them told is not told again by another. Only sources whose
 * path does not tell their session are noted: for those it may happen. Owned by the pipeline thread.
 */
final class TwinSources {
    private final Map<SessionKey, List<FollowedSource>> sources = new HashMap<>();

    /** Notes that a source holds records of a session. */
    void meet(SessionKey session, FollowedSource source) {
        if (source.info().kind().sessionId().isPresent()
                || !source.info().kind().line().equals(EventHeader.MAIN_LINE)
                || !source.isNewIn(session)) {
            return;
        }
        List<FollowedSource> twins = sources.computeIfAbsent(session, _ -> new ArrayList<>(1));
        if (!twins.isEmpty()) {
            source.reading().shareIdsWith(twins.getFirst().reading());
        }
        if (!twins.contains(source)) {
            twins.add(source);
        }
    }

    /** Whether any file of the session is there. */
    boolean anyPresent(SessionKey session) {
        return sources.getOrDefault(session, List.of()).stream().anyMatch(FollowedSource::present);
    }
}
