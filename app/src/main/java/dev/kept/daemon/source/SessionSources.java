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
 * Which sources tell of each session, and that what two of them tell is one event: whichever is read first tells it.
 *
 * <p>It happens in two ways. A main line stands in more than one file: an agent that resumes a session in a new file copies
 * the old one into it, or leaves a second file that says nothing new. And a subagent's messages stand in its own file and
 * in the main file too (Claude Code 2.1.12 to 2.1.81). So an event is looked for in the other sources that hold the
 * session's main line, and in those that hold the event's own line. Owned by the pipeline thread.
 */
public final class SessionSources {
    private final Map<SessionKey, Members> sessions = new HashMap<>();

    /** The sources of a session: nearly always one. */
    private static final class Members {
        private List<FollowedSource> mains = List.of();
        private Map<String, List<FollowedSource>> subagents = Map.of();

        private List<FollowedSource> holding(String line) {
            return line.equals(EventHeader.MAIN_LINE) ? mains : subagents.getOrDefault(line, List.of());
        }

        private void put(String line, List<FollowedSource> holding) {
            if (line.equals(EventHeader.MAIN_LINE)) {
                mains = holding;
            } else {
                if (subagents.isEmpty()) {
                    subagents = new HashMap<>(4);
                }
                subagents.put(line, holding);
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
                if (source != except && source.reading().hasRead(header.eventId())) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Notes that a source tells of a session. */
    public void meet(SessionKey session, FollowedSource source) {
        if (source.isNewIn(session)) {
            put(session, source);
        }
    }

    private void put(SessionKey session, FollowedSource source) {
        Members members = sessions.computeIfAbsent(session, _ -> new Members());
        List<FollowedSource> holding = members.holding(source.line());
        if (!holding.contains(source)) {
            members.put(source.line(), with(holding, source));
        }
    }

    /** Reports whether any source was met in a session. */
    public boolean have(SessionKey session) {
        return sessions.containsKey(session);
    }

    /** Reports whether a source says by its records that it holds the conversation of a session. */
    public boolean haveConversation(SessionKey session) {
        Members members = sessions.get(session);
        return members != null && members.mains.stream().anyMatch(source -> source.isConversationOf(session));
    }

    /** Reports whether a source is the only one that was met in a session. */
    public boolean isAlone(SessionKey session, FollowedSource source) {
        return of(session, _ -> true).equals(List.of(source));
    }

    /** Notes that all sources of a session belong to another one. */
    public void move(SessionKey from, SessionKey to) {
        List<FollowedSource> moved = of(from, _ -> true);
        sessions.remove(from);
        moved.forEach(source -> {
            source.moved();
            put(to, source);
        });
    }

    private static List<FollowedSource> with(List<FollowedSource> some, FollowedSource another) {
        List<FollowedSource> all = new ArrayList<>(some);
        all.add(another);
        return List.copyOf(all);
    }

    /** What of a reading no other source of its session has told. */
    public DecodedRecord untold(FollowedSource source, SessionKey session, DecodedRecord reading) {
        meet(session, source);
        Members members = sessions.get(session);
        if (members == null || members.isAlone() || reading.events().isEmpty()) {
            return reading;
        }
        List<ConversationEvent> untold = new ArrayList<>(reading.events());
        untold.removeIf(event -> members.anotherHasRead(source, event.header()));
        if (untold.size() == reading.events().size()) {
            return reading;
        }
        return untold.isEmpty()
                ? DecodedRecord.nothing(reading.recordType(), SourceDecoder.READ_BEFORE, reading.facts())
                : DecodedRecord.of(reading.recordType(), untold, reading.facts());
    }

    /** All sources that tell of a session. */
    public List<FollowedSource> of(SessionKey session) {
        // A record may have said that a file belongs to another session than its path tells.
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

    /** The source that holds the session's main line; the one that was found last if there are several. */
    public Optional<FollowedSource> newestMain(SessionKey session) {
        return of(session).stream()
                .filter(FollowedSource::onMainLine)
                .filter(source -> source.session().equals(Optional.of(session)))
                .max(Comparator.comparing(source -> source.info().firstSeen()));
    }

    /** Whether any file that holds the session's main line is there. */
    public boolean anyPresent(SessionKey session) {
        Members members = sessions.get(session);
        return members != null && members.mains.stream().anyMatch(FollowedSource::present);
    }
}
