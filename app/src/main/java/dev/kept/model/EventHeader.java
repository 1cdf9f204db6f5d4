package dev.kept.model;

import dev.kept.text.SafeId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The header of an event. Ids longer than {@link BoundedText#MAX_ID} are replaced: see {@link BoundedText#id}.
 *
 * @param eventId the same whenever the same record is read, in whatever session it is (forks copy records): {@code
 *     recordId/blockIndex}, or a hash of the content if the provider has no ids
 * @param timestamp the provider's timestamp; absent if it wrote none
 * @param turnId the provider's id of the turn or prompt, if it has one
 * @param parentId the provider's id of the record that this one follows, if it has one
 * @param line the branch: {@link #MAIN_LINE}, or the id of the subagent, in the form of {@link SafeId}
 * @param authorship whether a person wrote the content
 * @param source the position on the tape
 */
public record EventHeader(
        String eventId,
        Optional<Instant> timestamp,
        Optional<String> turnId,
        Optional<String> parentId,
        String line,
        Authorship authorship,
        EventSource source) {
    /** The main branch: the conversation itself, as opposed to those of its subagents. */
    public static final String MAIN_LINE = "main";

    public EventHeader {
        eventId = BoundedText.id(eventId);
        Objects.requireNonNull(timestamp, "timestamp");
        turnId = bounded(turnId);
        parentId = bounded(parentId);
        line = SafeId.of(Objects.requireNonNull(line, "line"));
        Objects.requireNonNull(authorship, "authorship");
        Objects.requireNonNull(source, "source");
    }

    /** Returns the bounded id; the same object unless the id is too long, because every event has a header. */
    private static Optional<String> bounded(Optional<String> id) {
        return id.isPresent() && id.get().length() > BoundedText.MAX_ID ? id.map(BoundedText::id) : id;
    }

    /**
     * Returns the event id of the wording before this one; empty for a first wording. The ids of later wordings are
     * that of the first, followed by {@code ~2}, {@code ~3} and so on.
     */
    public Optional<String> earlierWording() {
        int end = eventId.lastIndexOf('~');
        if (end < 0) {
            return Optional.empty();
        }
        String number = eventId.substring(end + 1);
        if (number.isEmpty()
                || number.length() > 9
                || !number.chars().allMatch(c -> c >= '0' && c <= '9')
                || Integer.parseInt(number) < 2) {
            return Optional.empty();
        }
        int before = Integer.parseInt(number) - 1;
        return Optional.of(eventId.substring(0, end) + (before == 1 ? "" : "~" + before));
    }

    public boolean onMainLine() {
        return line.equals(MAIN_LINE);
    }
}
