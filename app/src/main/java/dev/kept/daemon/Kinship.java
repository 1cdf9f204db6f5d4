package dev.kept.daemon;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import dev.kept.provider.RecordReading;
import dev.kept.provider.SourceReading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that what two sources of one session tell is one event: Claude Code repeats messages of a subagent in the main
 * file (2.1.12 to 2.1.81). Whichever is read first tells it.
 *
 * <p>Only sessions that have subagents' files cost anything here. Owned by the pipeline thread.
 */
final class Kinship {
    private final Map<SessionKey, Kin> families = new HashMap<>();

    private static final class Kin {
        private @Nullable FollowedSource main;
        private final Map<String, FollowedSource> subagents = new HashMap<>();
    }

    /**
     * What of a reading no other source of its session has told.
     *
     * @param all every source that is followed
     */
    RecordReading untold(
            FollowedSource source, SessionKey session, RecordReading reading, Collection<FollowedSource> all) {
        String line = source.info().kind().line();
        if (line.equals(EventHeader.MAIN_LINE) && (families.isEmpty() || !tellsOfOthers(reading))) {
            return reading;
        }
        Kin kin = kin(source, session, all);
        if (kin == null) {
            return reading;
        }
        List<ConversationEvent> untold = new ArrayList<>(reading.events().size());
        for (ConversationEvent event : reading.events()) {
            if (!isTold(source, kin, event.header())) {
                untold.add(event);
            }
        }
        if (untold.size() == reading.events().size()) {
            return reading;
        }
        return untold.isEmpty()
                ? RecordReading.nothing(reading.recordType(), SourceReading.READ_BEFORE, reading.facts())
                : RecordReading.of(reading.recordType(), untold, reading.facts());
    }

    private static boolean tellsOfOthers(RecordReading reading) {
        for (ConversationEvent event : reading.events()) {
            if (!event.header().onMainLine()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Kin kin(FollowedSource source, SessionKey session, Collection<FollowedSource> all) {
        String line = source.info().kind().line();
        if (line.equals(EventHeader.MAIN_LINE)) {
            Kin kin = families.get(session);
            if (kin != null) {
                kin.main = source;
            }
            return kin;
        }
        Kin kin = families.computeIfAbsent(session, _ -> new Kin());
        if (kin.subagents.put(line, source) == null && kin.main == null) {
            for (FollowedSource other : all) {
                if (other.info().kind().line().equals(EventHeader.MAIN_LINE)
                        && other.session().filter(session::equals).isPresent()) {
                    kin.main = other;
                }
            }
        }
        return kin;
    }

    private static boolean isTold(FollowedSource source, Kin kin, EventHeader header) {
        FollowedSource other = source == kin.main ? kin.subagents.get(header.line()) : kin.main;
        return other != null && other != source && other.reading().hasRead(header.eventId());
    }
}
