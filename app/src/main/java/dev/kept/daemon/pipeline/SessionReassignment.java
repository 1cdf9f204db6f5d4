package dev.kept.daemon.pipeline;

import dev.kept.daemon.source.FollowedSource;
import dev.kept.daemon.source.SavedSource;
import dev.kept.daemon.source.SessionSources;
import dev.kept.model.SessionKey;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.SessionFact;
import dev.kept.session.SessionFamilies;
import dev.kept.session.SessionSnapshotStore;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What follows when a record names the session of its source: what stood under the source's own id until then, or under that
 * in the name of its file, belongs to that session. Owned by the pipeline thread.
 */
final class SessionReassignment {
    private final SessionFamilies families = new SessionFamilies();
    private final SessionSources sources;
    private final SessionSnapshotStore store;

    SessionReassignment(SessionSources sources, SessionSnapshotStore store) {
        this.sources = sources;
        this.store = store;
    }

    SessionFamilies families() {
        return families;
    }

    /** Reports whether a record names the session of its source. */
    static boolean names(DecodedRecord reading) {
        for (SessionFact fact : reading.facts()) {
            if (fact instanceof SessionFact.Identity || fact instanceof SessionFact.ChildOf) {
                return true;
            }
        }
        return false;
    }

    /** An earlier run read which session a source belongs to. */
    void restored(SavedSource saved) {
        saved.own().ifPresent(own -> families.belongs(own, saved.said()));
    }

    /**
     * A record named the session of a source.
     *
     * @param before the one that it was taken to belong to
     * @param moved told each session that is a part of another from now on, and that one
     */
    void named(FollowedSource source, Optional<SessionKey> before, BiConsumer<SessionKey, SessionKey> moved) {
        SessionKey said = source.said().orElseThrow();
        if (source.onMainLine()) {
            families.isWhole(said);
        }
        Optional<SessionKey> own = source.ownKey();
        own.filter(key -> !sources.haveConversation(key)).ifPresent(key -> families.belongs(key, said));
        own.filter(key -> !families.root(key).equals(key))
                .filter(sources::have)
                .ifPresent(key -> move(key, families.root(key), moved));
        if (source.info().kind().sessionId().isEmpty()) {
            return;
        }
        SessionKey now = families.root(said);
        Optional<SessionKey> left = before.filter(session -> !session.equals(now) && sources.have(session));
        if (left.isPresent() && sources.isAlone(left.get(), source)) {
            move(left.get(), now, moved);
        } else {
            left.ifPresent(source::leaves);
        }
    }

    private void move(SessionKey from, SessionKey to, BiConsumer<SessionKey, SessionKey> moved) {
        sources.move(from, to);
        store.merge(from, to);
        moved.accept(from, to);
    }
}
