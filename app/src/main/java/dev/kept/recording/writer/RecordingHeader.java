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
 * @param place whether there is something in the file already
 */
public record RecordingHeader(
        String title,
        SessionKey session,
        String providerName,
        List<String> participants,
        Optional<Instant> created,
        Place place) {
    /** Where a recording begins. */
    public enum Place {
        NEW_FILE,
        /** Below text that Kept did not write: front matter would be none there. */
        BELOW_OTHER_TEXT
    }

    public RecordingHeader {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(providerName, "providerName");
        participants = List.copyOf(participants);
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(place, "place");
    }
}
