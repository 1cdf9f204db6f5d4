package dev.kept.daemon;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import dev.kept.provider.RecordReading;
import dev.kept.provider.SourceReading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The main lines that stand in more than one file: an agent that resumes a session in a new file copies the old one into
 * it, or leaves a second file that says nothing new. What one of them told is not told again by another. Only sources whose
 * path does not tell their session are noted: for those it may happen. Owned by the pipeline thread.
 */
final class TwinSources {
    private final Map<SessionKey, List<FollowedSource>> sources = new HashMap<>();

    /** Notes that a source holds records of a session; the answer is all that do. */
    List<FollowedSource> meet(SessionKey session, FollowedSource source) {
        if (source.info().kind().sessionId().isPresent()
                || !source.info().kind().line().equals(EventHeader.MAIN_LINE)) {
            return List.of(source);
        }
        List<FollowedSource> twins = sources.computeIfAbsent(session, _ -> new ArrayList<>(1));
        if (source.isNewIn(session) && !twins.contains(source)) {
            twins.add(source);
        }
        return twins;
    }

    /** What of a reading no other file of its session has told. */
    RecordReading untold(FollowedSource source, SessionKey session, RecordReading reading) {
        List<FollowedSource> twins = meet(session, source);
        if (twins.size() == 1 || reading.events().isEmpty()) {
            return reading;
        }
        List<ConversationEvent> untold = new ArrayList<>(reading.events());
        untold.removeIf(event -> twins.stream()
                .anyMatch(twin ->
                        twin != source && twin.reading().hasRead(event.header().eventId())));
        if (untold.size() == reading.events().size()) {
            return reading;
        }
        return untold.isEmpty()
                ? RecordReading.nothing(reading.recordType(), SourceReading.READ_BEFORE, reading.facts())
                : RecordReading.of(reading.recordType(), untold, reading.facts());
    }

    /** Whether any file of the session is there. */
    boolean anyPresent(SessionKey session) {
        return sources.getOrDefault(session, List.of()).stream().anyMatch(FollowedSource::present);
    }
}
