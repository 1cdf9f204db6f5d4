package dev.kept.cli.command;

import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
import dev.kept.config.KeptConfig;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The choice of sessions to remove: those older than the retention, then the oldest ones while the tapes take more than
 * they may. A session whose agent has no file of it any more is the only copy, and is removed only on request.
 */
final class CleaningPolicy {
    private CleaningPolicy() {}

    static List<StoredSession> choose(
            List<StoredSession> sessions, KeptConfig.Keeping keep, boolean onlyCopies, Instant now) throws IOException {
        List<StoredSession> oldestFirst = sessions.stream()
                .sorted(Comparator.comparing(StoredSession::lastMessageAt))
                .toList();
        long bytes = 0;
        for (StoredSession session : sessions) {
            bytes += session.bytesOnDisk();
        }
        List<StoredSession> going = new ArrayList<>();
        for (StoredSession session : oldestFirst) {
            boolean tooOld = keep.retention()
                    .map(lasts -> session.lastMessageAt().isBefore(now.minus(lasts)))
                    .orElse(false);
            long over = bytes;
            boolean tooMuch = keep.maxTapeBytes().map(most -> over > most).orElse(false);
            boolean only = session.tapes().stream().noneMatch(StoredTape::sourcePresent);
            if ((tooOld || tooMuch) && (onlyCopies || !only)) {
                going.add(session);
                bytes -= session.bytesOnDisk();
            }
        }
        return going;
    }
}
