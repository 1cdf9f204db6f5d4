package dev.kept.recording.writer;

import dev.kept.model.SessionKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What stands at the beginning of a recording.
 *
 * @param title the session's title, or its snippet; may be empty
 * @param providerName the name of the agent that people know
 * @param participants who speaks, the person first
 * @param created when the conversation began, where that is known
 * @param forkedFrom the session that this one began as a copy of
 * @param place whether there is something in the file already
 */
public record RecordingHeader(
        String title,
        SessionKey session,
        String providerName,
        List<String> participants,
        Optional<Instant> created,
        Optional<Origin> forkedFrom,
        Place place) {
    /**
     * The session that another began as a copy of.
     *
     * @param note its note, as a link from this one's folder; empty if it has none
     */
    public record Origin(SessionKey session, String note) {
        public Origin {
            Objects.requireNonNull(session, "session");
            Objects.requireNonNull(note, "note");
        }
    }

    /** Where a recording begins. */
    public enum Place {
        NEW_FILE,
        /** Below text that Kept did not write: front matter would be none there. */
        BELOW_OTHER_TEXT
    }

    /** Of a session that is no copy. */
    public RecordingHeader(
            String title,
            SessionKey session,
            String providerName,
            List<String> participants,
            Optional<Instant> created,
            Place place) {
        this(title, session, providerName, participants, created, Optional.empty(), place);
    }

    public RecordingHeader {
        Objects.requireNonNull(forkedFrom, "forkedFrom");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(providerName, "providerName");
        participants = List.copyOf(participants);
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(place, "place");
    }
}
