package dev.kept.session;

import dev.kept.model.SessionKey;
import dev.kept.model.TokenUsage;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.text.SafeId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The metadata of a session for status and heartbeat, updated when events are appended, so that they read no event.
 * Immutable.
 *
 * @param snippet first non-blank message of a person, one line, at most {@link Snippet#MAX_CHARS} characters; until
 *     there is one the command that the session began with; else empty
 * @param title name that the person or the agent gave the session, or the heading of the plan that it began with; empty
 *     if there is none
 * @param titleOrigin origin of the {@link #name}; of a session without a title, that of its snippet
 * @param workingDirectory latest working directory of the agent; empty if unknown
 * @param gitBranch latest known branch; empty if unknown
 * @param clientVersion latest known version of the agent; empty if unknown
 * @param model latest known model; empty if unknown
 * @param forkedFrom the session this one began as a copy of; empty if none
 * @param firstEventAt the time of the first event that has one
 * @param lastEventAt the latest time of an event
 * @param lastMessageAt the latest time of a person's or the model's message
 * @param fileModifiedAtMs time of the last change of the source, ms since 1970; 0 if unknown
 * @param sourcePresent whether the agent's file exists
 * @param eventCount number of events of the session, in memory or not
 * @param eventsInMemory number of the latest events that are in memory
 * @param usage tokens, all branches together
 * @param updates number of updates of the session in this run; grows with each
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
     * Returns the time of the last activity: the latest event, or if none has a time the last change of the source.
     * Allocates no object for sessions that have an event.
     */
    public Optional<Instant> lastActiveAt() {
        return lastEventAt.isPresent() || fileModifiedAtMs == 0
                ? lastEventAt
                : Optional.of(Instant.ofEpochMilli(fileModifiedAtMs));
    }

    /** Returns the name that people know the session by: its title, else its snippet; empty if nothing was said. */
    public String name() {
        return title.isEmpty() ? snippet : title;
    }

    /** Returns the origin of the name; empty if there is none. */
    public Optional<Origin> nameOrigin() {
        return name().isEmpty() ? Optional.empty() : Optional.of(titleOrigin);
    }

    /** Returns true if some of its events are only on tape. */
    public boolean evicted() {
        return eventsInMemory < eventCount;
    }
}
