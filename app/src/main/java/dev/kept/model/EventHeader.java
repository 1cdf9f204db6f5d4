package dev.kept.model;

import dev.kept.text.SafeId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What every event carries. Ids that are longer than {@link BoundedText#MAX_ID} are replaced: see {@link BoundedText#id}.
 *
 * @param eventId the same for the same record whenever it is read again, in whatever session it stands (forks copy
 *     records): {@code recordId/blockIndex}, or a hash of the content where the provider has no ids
 * @param timestamp the provider's own; absent where the provider wrote none
 * @param turnId the provider's name for the turn or prompt, where it has one
 * @param parentId the provider's id of the record this one follows, where it has one
 * @param line {@link #MAIN_LINE}, or the id of the subagent whose line it is, in the form of {@link SafeId}
 * @param authorship whether a person wrote it
 * @param source where on the tape it stands
 */
public record EventHeader(
        String eventId,
        Optional<Instant> timestamp,
        Optional<String> turnId,
        Optional<String> parentId,
        String line,
        Authorship authorship,
        EventSource source) {
    /** The line of the conversation itself, as opposed to those of its subagents. */
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

    /** The same object unless its id is too long: a header is made for every event. */
    private static Optional<String> bounded(Optional<String> id) {
        return id.isPresent() && id.get().length() > BoundedText.MAX_ID ? id.map(BoundedText::id) : id;
    }

    /**
     * Returns the id of the wording before this one; empty for a first wording. The id of a fuller wording is that of
     * the first with {@code ~2}, {@code ~3} and so on behind it.
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
