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
 * Reassignment of sources when a record names their session: what was listed under the source's own id until then, or
 * under the id in its file's name, moves to that session. Owned by the pipeline thread.
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
    static boolean names(DecodedRecord decoded) {
        for (SessionFact fact : decoded.facts()) {
            if (fact instanceof SessionFact.Identity || fact instanceof SessionFact.ChildOf) {
                return true;
            }
        }
        return false;
    }

    /** Restores the session to which an earlier run assigned a source. */
    void restore(SavedSource saved) {
        saved.own().ifPresent(own -> families.addPart(own, saved.namedSession()));
    }

    /**
     * Assigns a source to the session that its record named.
     *
     * @param before the session it was assigned to until now
     * @param moved receives each session that became a part of another, and that other session
     */
    void reassign(FollowedSource source, Optional<SessionKey> before, BiConsumer<SessionKey, SessionKey> moved) {
        SessionKey named = source.namedSession().orElseThrow();
        if (source.onMainBranch()) {
            families.markWhole(named);
        }
        Optional<SessionKey> own = source.ownKey();
        own.filter(key -> !sources.haveConversation(key)).ifPresent(key -> families.addPart(key, named));
        own.filter(key -> !families.root(key).equals(key))
                .filter(sources::have)
                .ifPresent(key -> move(key, families.root(key), moved));
        if (source.info().kind().sessionId().isEmpty()) {
            return;
        }
        SessionKey now = families.root(named);
        Optional<SessionKey> left = before.filter(session -> !session.equals(now) && sources.have(session));
        if (left.isPresent() && sources.isAlone(left.get(), source)) {
            move(left.get(), now, moved);
        } else {
            left.ifPresent(source::noteEarlier);
        }
    }

    private void move(SessionKey from, SessionKey to, BiConsumer<SessionKey, SessionKey> moved) {
        sources.move(from, to);
        store.merge(from, to);
        moved.accept(from, to);
    }
}
