package dev.kept.ingest;

import dev.kept.ingest.copy.FeedCursor;
import dev.kept.ingest.copy.SourceFile;
import dev.kept.ingest.source.Chunk;
import dev.kept.ingest.source.ChunkPool;
import dev.kept.ingest.source.IngestListener;
import dev.kept.provider.SessionFact;
import dev.kept.provider.decode.PreparedLines;
import dev.kept.tape.ReadingGuard;
import dev.kept.tape.ReadingMarks.Reader;
import dev.kept.tape.Tape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Hands on the bytes of a source that are on tape and were not handed on yet, in buffers of the {@link ChunkPool}.
 * Owned by the ingest thread, which waits here while all buffers are in use.
 */
final class SourceFeed {
    private static final int FEED_CHUNKS = 16;

    private final IngestListener listener;
    private final ChunkPool pool;
    private final ByteBuffer buffer;
    private final ReadingGuard guard;

    /**
     * Creates a feed for a listener.
     *
     * @param buffer for reading tapes; only used during a call
     * @param guard guard that names the sources that are not handed on
     */
    SourceFeed(IngestListener listener, ChunkPool pool, ByteBuffer buffer, ReadingGuard guard) {
        this.guard = guard;
        this.listener = listener;
        this.pool = pool;
        this.buffer = buffer;
    }

    /** Hands on a few chunks; returns true if more can be handed on at once. */
    boolean handOn(SourceFile source) throws InterruptedException {
        if (!source.hasRecords()) {
            if (!source.announced) {
                source.announced = true;
                listener.opaque(source.info());
            }
            return false;
        }
        announce(source);
        if (source.handoverUnreported) {
            source.handoverUnreported = false;
            listener.continues(source.info());
        }
        if (source.consumePresenceChange()) {
            listener.presence(source.info(), source.present(), source.modifiedAtMs());
        }
        String tape = source.info().tapeName();
        source.setAside = guard.unread().contains(tape);
        if (source.setAside) {
            return false;
        }
        FeedCursor cursor = source.cursor();
        for (int i = 0; i < FEED_CHUNKS && cursor.hasMore(); i++) {
            byte[] bytes = pool.acquire();
            int generation = cursor.generation();
            long offset = cursor.offset();
            int got = 0;
            try {
                got = cursor.read(buffer, bytes);
            } catch (IOException e) {
                listener.problem("tape.unreadable", source.tape().folder(), String.valueOf(e.getMessage()));
            }
            if (got == 0) {
                pool.release(bytes);
                if (cursor.generation() == generation) {
                    return false;
                }
                listener.rewritten(
                        source.info(),
                        cursor.generation(),
                        source.tape().manifest().generation(cursor.generation()).why());
            } else {
                listener.bytes(
                        source.info(), generation, offset, new Chunk(bytes, got, prepared(tape, bytes, got), pool));
            }
        }
        return cursor.hasMore();
    }

    /**
     * Reads the JSON of a chunk ahead. While the pipeline is behind, this does its work instead of waiting for it, as
     * far as there is time.
     */
    private PreparedLines prepared(String tape, byte[] bytes, int length) {
        if (!pool.isExhausted()) {
            return PreparedLines.NONE;
        }
        PreparedLines lines = new PreparedLines(bytes, length);
        try (ReadingGuard.Noted _ = guard.note(Reader.AHEAD, tape)) {
            boolean more = true;
            while (more && pool.isExhausted()) {
                more = lines.prepareNext();
            }
        }
        return lines;
    }

    void announce(SourceFile source) {
        if (source.hasRecords() && !source.announced) {
            source.announced = true;
            listener.found(source.info(), noted(source));
        }
    }

    /** Returns the facts in files beside the source, and those noted from files that were there earlier. */
    private List<SessionFact> noted(SourceFile source) {
        Tape tape = source.tape();
        List<SessionFact> facts =
                SidecarFiles.facts(source.info(), tape.manifest().root());
        Optional<String> folder = facts.stream()
                .filter(SessionFact.WorkingDirectory.class::isInstance)
                .map(fact -> ((SessionFact.WorkingDirectory) fact).path())
                .findFirst();
        String before = tape.manifest().workingDirectory();
        if (folder.isEmpty() && !before.isEmpty()) {
            facts.add(new SessionFact.WorkingDirectory(before));
        }
        try {
            tape.noteWorkingDirectory(folder.orElse(before));
        } catch (IOException e) {
            listener.problem("tape.unwritable", tape.folder(), String.valueOf(e.getMessage()));
        }
        return facts;
    }
}
