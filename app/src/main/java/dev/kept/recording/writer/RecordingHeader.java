package dev.kept.recording.writer;

import dev.kept.model.SessionKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Facts for the beginning of a recording.
 *
 * @param title the session's title, or its snippet; may be empty
 * @param providerName the agent's display name
 * @param participants the names of the speakers, the person first
 * @param created the beginning of the conversation, if it is known
 * @param forkedFrom the session of which this one began as a copy
 * @param place whether the file already has text
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
     * The session of which another began as a copy.
     *
     * @param note its note, as a link from this one's folder; empty if it has none
     */
    public record Origin(SessionKey session, String note) {
        public Origin {
            Objects.requireNonNull(session, "session");
            Objects.requireNonNull(note, "note");
        }
    }

    /** The place in the file at which a recording begins. */
    public enum Place {
        NEW_FILE,
        /** Below text that Kept did not write; front matter has no meaning there. */
        BELOW_OTHER_TEXT
    }

    /** Creates the header of a session that is not a copy. */
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
