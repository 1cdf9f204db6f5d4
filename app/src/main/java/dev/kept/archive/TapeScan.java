package dev.kept.archive;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SourceKind;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.session.HeapLayout;
import dev.kept.session.InMemorySessionSnapshotStore;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.session.SessionUpdate;
import dev.kept.session.SnapshotLimits;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * A reader of whole tapes, for lists of sessions. The daemon's store computes the metadata, with room for no events, so
 * that the same rules hold with and without a daemon. Not thread-safe.
 */
final class TapeScan {
    private static final int BUFFER_BYTES = 256 * 1024;

    /** Limit of the records before the one that names the session; the daemon waits for no more. */
    private static final int NAMED_WITHIN = 64;

    /** Bytes read at a time to determine a tape's place; {@link #MOST_LOOKED_AT} is the limit. */
    private static final int LOOK_BYTES = 32 * 1024;

    private static final long MOST_LOOKED_AT = 1024 * 1024;

    private static final long STORE_BYTES = 8L * 1024 * 1024;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];

    /**
     * The contents of a tape.
     *
     * @param metadata metadata under the session that the records name, which may be a part of another
     * @param branch branch of that session that the tape holds
     * @param records number of records
     * @param raw number of records that are not understood
     * @param replaced ids of events that a later one replaces, {@value ReplacedEvents#MOST} at most
     */
    record Found(SessionSnapshotStatusMetadata metadata, String branch, long records, long raw, Set<String> replaced) {}

    /**
     * Reads all generations without checking sums.
     *
     * @param progress receives the numbers of bytes read, a buffer at a time
     */
    Found read(StoredTape tape, LongConsumer progress) throws IOException {
        try (TapeReader reader = TapeReader.open(tape.folder())) {
            return read(tape, reader, progress);
        }
    }

    /** Reads all generations with a reader that may reject what it finds. */
    Found read(StoredTape tape, TapeReader reader, LongConsumer progress) throws IOException {
        Scan scan = new Scan(tape);
        SourceDecoder decoder = new SourceDecoder(tape.provider(), tape.kind());
        int newest = reader.manifest().newest().number();
        while (true) {
            buffer.clear();
            int got = reader.read(decoder.generation(), decoder.offset(), buffer);
            if (got > 0) {
                buffer.flip().get(bytes, 0, got);
                decoder.accept(bytes, 0, got, scan::accept);
                progress.accept(got);
            } else if (decoder.generation() < newest) {
                decoder.beginGeneration(decoder.generation() + 1, scan::accept);
            } else {
                decoder.end(scan::accept);
                return scan.found();
            }
        }
    }

    /** Reads as much of a tape as needed to determine its place. */
    SessionSets.Place locate(StoredTape tape) throws IOException {
        if (tape.kind().layout() == SourceKind.Layout.OPAQUE) {
            Scan nothing = new Scan(tape);
            return new SessionSets.Place(nothing.key(), nothing.branch);
        }
        try (TapeReader reader = TapeReader.open(tape.folder())) {
            Scan scan = new Scan(tape);
            SourceDecoder decoder = new SourceDecoder(tape.provider(), tape.kind());
            int newest = reader.manifest().newest().number();
            long read = 0;
            while (!scan.isPlaced() && read < MOST_LOOKED_AT) {
                buffer.clear().limit(LOOK_BYTES);
                int got = reader.read(decoder.generation(), decoder.offset(), buffer);
                if (got > 0) {
                    buffer.flip().get(bytes, 0, got);
                    decoder.accept(bytes, 0, got, scan::place);
                    read += got;
                } else if (decoder.generation() < newest) {
                    decoder.beginGeneration(decoder.generation() + 1, scan::place);
                } else {
                    break;
                }
            }
            return new SessionSets.Place(scan.key(), scan.branch);
        }
    }

    private static final class Scan {
        private final StoredTape tape;
        private final SessionKey placeholder;
        private final InMemorySessionSnapshotStore store = new InMemorySessionSnapshotStore(
                new SnapshotLimits(STORE_BYTES, 1, 1), HeapLayout.COMPACT_HEADERS, (_, _, _, _) -> {});
        private Optional<String> sessionId;
        private String branch;
        private boolean named;
        private long records;
        private long raw;
        private final ReplacedEvents replaced = new ReplacedEvents();

        Scan(StoredTape tape) {
            this.tape = tape;
            this.placeholder = new SessionKey(tape.provider().name(), "");
            this.sessionId = tape.kind().continues().or(tape.kind()::sessionId);
            this.branch = tape.kind().line();
        }

        void accept(DecodedRecord decoded) {
            place(decoded);
            raw += decoded.isRaw() ? 1 : 0;
            for (ConversationEvent event : decoded.events()) {
                replaced.accept(event);
            }
            if (!decoded.events().isEmpty() || !decoded.facts().isEmpty()) {
                store.upsert(new SessionUpdate(placeholder, decoded.events(), decoded.facts()));
            }
        }

        void place(DecodedRecord decoded) {
            records++;
            if (tape.kind().sessionId().isPresent() || records <= NAMED_WITHIN) {
                for (SessionFact fact : decoded.facts()) {
                    if (fact instanceof SessionFact.Identity(var id)) {
                        place(id, tape.kind().line());
                    } else if (fact instanceof SessionFact.ChildOf(var id, var own)) {
                        place(id, own);
                    }
                }
            }
        }

        private void place(String session, String onBranch) {
            sessionId = Optional.of(session);
            branch = onBranch;
            named = true;
        }

        boolean isPlaced() {
            return named || records > NAMED_WITHIN;
        }

        SessionKey key() {
            return new SessionKey(
                    tape.provider().name(), sessionId.orElse(tape.manifest().sourceId()));
        }

        Found found() {
            SessionKey key = key();
            SessionSnapshotStatusMetadata metadata = store.metadata(placeholder)
                    .map(known -> StoredMetadata.named(known, key))
                    .orElseGet(() -> StoredMetadata.nothing(key));
            return new Found(metadata, branch, records, raw, replaced.ids());
        }
    }
}
