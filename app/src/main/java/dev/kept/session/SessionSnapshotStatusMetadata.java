package dev.kept.session;

import dev.kept.model.SessionKey;
import dev.kept.model.TokenUsage;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.text.SafeId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * All that status and heartbeat need of a session, kept when events are appended, so that they touch no event. Immutable.
 *
 * @param snippet first non-blank message of a person, one line, at most {@link Snippet#MAX_CHARS} characters; until there
 *     is one the command that the session began with; else empty
 * @param title what the person or the agent called the session, or the heading of the plan that it began with; empty if
 *     nothing did
 * @param titleOrigin where the {@link #name} comes from: of a session without a title, its snippet
 * @param workingDirectory where the agent worked last; empty if unknown
 * @param gitBranch as last seen; empty if unknown
 * @param clientVersion of the agent, as last seen; empty if unknown
 * @param model as last seen; empty if unknown
 * @param forkedFrom the session this one began as a copy of; empty if none
 * @param firstEventAt the time of the first event that has one
 * @param lastEventAt the latest time of an event
 * @param lastMessageAt the latest time of a person's or the model's message
 * @param fileModifiedAtMs when the source last changed, ms since 1970; 0 if unknown
 * @param sourcePresent whether the agent's file is there
 * @param eventCount events the session has, in memory or not
 * @param eventsInMemory how many of the last of them are in memory
 * @param usage tokens, all lines together
 * @param updates how many updates the session had in this run; grows with each
 */
public record SessionSnapshotStatusMetadata(
        SessionKey key,
        String snippet,
        String title,
        Origin titleOrigin,
        String workingDirectory,
        String gitBranch,
        String clientVersion,
        String model,
        String forkedFrom,
        Optional<Instant> firstEventAt,
        Optional<Instant> lastEventAt,
        Optional<Instant> lastMessageAt,
        long fileModifiedAtMs,
        boolean sourcePresent,
        long eventCount,
        long eventsInMemory,
        TokenUsage usage,
        long updates) {
    public SessionSnapshotStatusMetadata {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(snippet, "snippet");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(titleOrigin, "titleOrigin");
        Objects.requireNonNull(workingDirectory, "workingDirectory");
        Objects.requireNonNull(gitBranch, "gitBranch");
        Objects.requireNonNull(clientVersion, "clientVersion");
        Objects.requireNonNull(model, "model");
        forkedFrom = forkedFrom.isEmpty() ? forkedFrom : SafeId.of(forkedFrom);
        Objects.requireNonNull(firstEventAt, "firstEventAt");
        Objects.requireNonNull(lastEventAt, "lastEventAt");
        Objects.requireNonNull(lastMessageAt, "lastMessageAt");
        Objects.requireNonNull(usage, "usage");
    }

    /**
     * When something happened in it last: its latest event, or where none has a time the last change of its source. Makes no
     * object for those that have an event.
     */
    public Optional<Instant> lastActiveAt() {
        return lastEventAt.isPresent() || fileModifiedAtMs == 0
                ? lastEventAt
                : Optional.of(Instant.ofEpochMilli(fileModifiedAtMs));
    }

    /** What people know it by: its title, else its snippet; empty if nothing was said. */
    public String name() {
        return title.isEmpty() ? snippet : title;
    }

    /** Where the name comes from; empty if there is none. */
    public Optional<Origin> nameOrigin() {
        return name().isEmpty() ? Optional.empty() : Optional.of(titleOrigin);
    }

    /** True if some of its events are only on tape. */
    public boolean evicted() {
        return eventsInMemory < eventCount;
    }
}
