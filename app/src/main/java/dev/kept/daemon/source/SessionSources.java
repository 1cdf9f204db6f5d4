package dev.kept.daemon.source;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.decode.SourceDecoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Sources by session. Drops events that another source of the session already delivered; the first reader wins.
 *
 * <p>Events are repeated in two ways. A main branch may be in more than one file: an agent that resumes a session in a
 * new file copies the old one into it, or leaves a second file with nothing new. And a subagent's messages may be both
 * in its own file and in the main file (Claude Code 2.1.12 to 2.1.81). So an event is looked up in the other sources of
 * the session's main branch, and in those of the event's own branch. Owned by the pipeline thread.
 */
public final class SessionSources {
    private final Map<SessionKey, Members> sessions = new HashMap<>();

    /** The sources of a session: nearly always one. */
    private static final class Members {
        private List<FollowedSource> mains = List.of();
        private Map<String, List<FollowedSource>> subagents = Map.of();

        private List<FollowedSource> holding(String branch) {
            return branch.equals(EventHeader.MAIN_LINE) ? mains : subagents.getOrDefault(branch, List.of());
        }

        private void put(String branch, List<FollowedSource> holding) {
            if (branch.equals(EventHeader.MAIN_LINE)) {
                mains = holding;
            } else {
                if (subagents.isEmpty()) {
                    subagents = new HashMap<>(4);
                }
                subagents.put(branch, holding);
            }
        }

        private boolean isAlone() {
            return subagents.isEmpty() && mains.size() == 1;
        }

        private boolean anotherHasRead(FollowedSource source, EventHeader header) {
            return hasRead(mains, source, header)
                    || (!header.onMainLine() && hasRead(holding(header.line()), source, header));
        }

        private static boolean hasRead(List<FollowedSource> some, FollowedSource except, EventHeader header) {
            for (FollowedSource source : some) {
                if (source != except && source.decoder().hasRead(header.eventId())) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Adds a source to a session. */
    public void add(SessionKey session, FollowedSource source) {
        if (source.enterSession(session)) {
            put(session, source);
        }
    }

    private void put(SessionKey session, FollowedSource source) {
        Members members = sessions.computeIfAbsent(session, _ -> new Members());
        List<FollowedSource> holding = members.holding(source.branch());
        if (!holding.contains(source)) {
            members.put(source.branch(), with(holding, source));
        }
    }

    /** Reports whether a session has any source. */
    public boolean have(SessionKey session) {
        return sessions.containsKey(session);
    }

    /** Reports whether a source holds the conversation of a session according to its records. */
    public boolean haveConversation(SessionKey session) {
        Members members = sessions.get(session);
        return members != null && members.mains.stream().anyMatch(source -> source.isConversationOf(session));
    }

    /** Reports whether a source is the only one of a session. */
    public boolean isAlone(SessionKey session, FollowedSource source) {
        return of(session, _ -> true).equals(List.of(source));
    }

    /** Moves all sources of a session to another one. */
    public void move(SessionKey from, SessionKey to) {
        List<FollowedSource> moved = of(from, _ -> true);
        sessions.remove(from);
        moved.forEach(source -> {
            source.forgetBranchReport();
            put(to, source);
        });
    }

    private static List<FollowedSource> with(List<FollowedSource> some, FollowedSource another) {
        List<FollowedSource> all = new ArrayList<>(some);
        all.add(another);
        return List.copyOf(all);
    }

    /** Returns a record without the events that another source of its session already delivered. */
    public DecodedRecord withoutDelivered(FollowedSource source, SessionKey session, DecodedRecord decoded) {
        add(session, source);
        Members members = sessions.get(session);
        if (members == null || members.isAlone() || decoded.events().isEmpty()) {
            return decoded;
        }
        List<ConversationEvent> fresh = new ArrayList<>(decoded.events());
        fresh.removeIf(event -> members.anotherHasRead(source, event.header()));
        if (fresh.size() == decoded.events().size()) {
            return decoded;
        }
        return fresh.isEmpty()
                ? DecodedRecord.withoutEvents(decoded.recordType(), SourceDecoder.READ_BEFORE, decoded.facts())
                : DecodedRecord.of(decoded.recordType(), fresh, decoded.facts());
    }

    /** Returns all sources with events of a session. */
    public List<FollowedSource> of(SessionKey session) {
        // A record may have named another session than the path of its file.
        return of(session, source -> source.sessions().contains(session));
    }

    private List<FollowedSource> of(SessionKey session, Predicate<FollowedSource> wanted) {
        Members members = sessions.get(session);
        if (members == null) {
            return List.of();
        }
        return Stream.concat(
                        members.mains.stream(),
                        members.subagents.values().stream().flatMap(Collection::stream))
                .filter(wanted)
                .distinct()
                .toList();
    }

    /** Returns the source that holds the session's main branch; of several, the one found last. */
    public Optional<FollowedSource> newestMain(SessionKey session) {
        return of(session).stream()
                .filter(FollowedSource::onMainBranch)
                .filter(source -> source.session().equals(Optional.of(session)))
                .max(Comparator.comparing(source -> source.info().firstSeen()));
    }

    /** Reports whether any file of the session's main branch exists. */
    public boolean anyPresent(SessionKey session) {
        Members members = sessions.get(session);
        return members != null && members.mains.stream().anyMatch(FollowedSource::present);
    }
}
