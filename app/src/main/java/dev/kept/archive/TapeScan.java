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
 * Reads a tape whole, for what a list of sessions shows of it. The store of the daemon works the metadata out, with room
 * for no events, so that the same rules hold with and without a daemon. Not thread-safe.
 */
final class TapeScan {
    private static final int BUFFER_BYTES = 256 * 1024;

    /** As many records may come before the one that names the session; the daemon waits for no more. */
    private static final int NAMED_WITHIN = 64;

    /** That much is read at a time, and at most, to know where a tape belongs. */
    private static final int LOOK_BYTES = 32 * 1024;

    private static final long MOST_LOOKED_AT = 1024 * 1024;

    private static final long STORE_BYTES = 8L * 1024 * 1024;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];

    /**
     * What was found in a tape.
     *
     * @param metadata under the session that the records name, which may be a part of another
     * @param line the line of that session that stands there
     * @param records how many records it has
     * @param raw how many of them are not understood
     * @param replaced the events that a later one replaces, {@value ReplacedEvents#MOST} at most
     */
    record Found(SessionSnapshotStatusMetadata metadata, String line, long records, long raw, Set<String> replaced) {}

    /**
     * Reads all generations as they stand there.
     *
     * @param progress told the bytes that were read, a buffer at a time
     */
    Found read(StoredTape tape, LongConsumer progress) throws IOException {
        try (TapeReader reader = TapeReader.open(tape.folder())) {
            return read(tape, reader, progress);
        }
    }

    /** Reads all generations by a reader that may say no to what it finds. */
    Found read(StoredTape tape, TapeReader reader, LongConsumer progress) throws IOException {
        Tally tally = new Tally(tape);
        SourceDecoder reading = new SourceDecoder(tape.provider(), tape.kind());
        int newest = reader.card().newest().number();
        while (true) {
            buffer.clear();
            int got = reader.read(reading.generation(), reading.offset(), buffer);
            if (got > 0) {
                buffer.flip().get(bytes, 0, got);
                reading.accept(bytes, 0, got, tally::take);
                progress.accept(got);
            } else if (reading.generation() < newest) {
                reading.beginGeneration(reading.generation() + 1, tally::take);
            } else {
                reading.end(tally::take);
                return tally.found();
            }
        }
    }

    /** Reads as much of a tape as it takes to know where it belongs. */
    SessionSets.Place look(StoredTape tape) throws IOException {
        if (tape.kind().layout() == SourceKind.Layout.OPAQUE) {
            Tally nothing = new Tally(tape);
            return new SessionSets.Place(nothing.key(), nothing.line);
        }
        try (TapeReader reader = TapeReader.open(tape.folder())) {
            Tally tally = new Tally(tape);
            SourceDecoder reading = new SourceDecoder(tape.provider(), tape.kind());
            int newest = reader.card().newest().number();
            long read = 0;
            while (!tally.isPlaced() && read < MOST_LOOKED_AT) {
                buffer.clear().limit(LOOK_BYTES);
                int got = reader.read(reading.generation(), reading.offset(), buffer);
                if (got > 0) {
                    buffer.flip().get(bytes, 0, got);
                    reading.accept(bytes, 0, got, tally::place);
                    read += got;
                } else if (reading.generation() < newest) {
                    reading.beginGeneration(reading.generation() + 1, tally::place);
                } else {
                    break;
                }
            }
            return new SessionSets.Place(tally.key(), tally.line);
        }
    }

    private static final class Tally {
        private final StoredTape tape;
        private final SessionKey placeholder;
        private final InMemorySessionSnapshotStore store = new InMemorySessionSnapshotStore(
                new SnapshotLimits(STORE_BYTES, 1, 1), HeapLayout.COMPACT_HEADERS, (_, _, _, _) -> {});
        private Optional<String> sessionId;
        private String line;
        private boolean said;
        private long records;
        private long raw;
        private final ReplacedEvents replaced = new ReplacedEvents();

        Tally(StoredTape tape) {
            this.tape = tape;
            this.placeholder = new SessionKey(tape.provider().name(), "");
            this.sessionId = tape.kind().continues().or(tape.kind()::sessionId);
            this.line = tape.kind().line();
        }

        void take(DecodedRecord reading) {
            place(reading);
            raw += reading.isRaw() ? 1 : 0;
            for (ConversationEvent event : reading.events()) {
                replaced.take(event);
            }
            if (!reading.events().isEmpty() || !reading.facts().isEmpty()) {
                store.upsert(new SessionUpdate(placeholder, reading.events(), reading.facts()));
            }
        }

        void place(DecodedRecord reading) {
            records++;
            if (tape.kind().sessionId().isPresent() || records <= NAMED_WITHIN) {
                for (SessionFact fact : reading.facts()) {
                    if (fact instanceof SessionFact.Identity(var id)) {
                        place(id, tape.kind().line());
                    } else if (fact instanceof SessionFact.ChildOf(var id, var own)) {
                        place(id, own);
                    }
                }
            }
        }

        private void place(String session, String onLine) {
            sessionId = Optional.of(session);
            line = onLine;
            said = true;
        }

        boolean isPlaced() {
            return said || records > NAMED_WITHIN;
        }

        SessionKey key() {
            return new SessionKey(
                    tape.provider().name(), sessionId.orElse(tape.card().sourceId()));
        }

        Found found() {
            SessionKey key = key();
            SessionSnapshotStatusMetadata metadata = store.metadata(placeholder)
                    .map(known -> StoredMetadata.named(known, key))
                    .orElseGet(() -> StoredMetadata.nothing(key));
            return new Found(metadata, line, records, raw, replaced.ids());
        }
    }
}
