package dev.kept.replay;

import dev.kept.json.RecordBudget;
import dev.kept.model.ConversationEvent;
import dev.kept.model.EventSource;
import dev.kept.model.TapePosition;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SourceKind;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.provider.support.EventIdSet;
import dev.kept.tape.TapeReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the events of a source from its tape, in order, one at a time, in bounded memory. Needs no daemon. Not
 * thread-safe.
 *
 * <p>It always reads from the tape's beginning, since the meaning of an event may depend on earlier records. To
 * continue later, keep it open.
 */
public final class ReplayCursor implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** Approximate memory of an event without its texts. */
    private static final int EVENT_BYTES = 300;

    /** Limit for the remembered branch names, and the memory of one. */
    private static final int MOST_NAMES = 512;

    private static final int NAME_BYTES = 160;

    private Optional<Set<String>> replaced = Optional.empty();
    private final Path tapeFolder;
    private final SourceDecoder reading;
    private final String only;
    private final String ownBranch;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final EventIdSet seen = new EventIdSet();
    private final EventIdSet otherBranches = new EventIdSet();
    private final Set<String> otherNames = new LinkedHashSet<>();
    private String otherBranch = "";

    /** Earlier sources still to be read, whose events are skipped here; the first of them is being read. */
    private final Deque<BranchSource.Earlier> earlierSources = new ArrayDeque<>();

    private @Nullable ReplayCursor older;
    private final Deque<ConversationEvent> read = new ArrayDeque<>();
    private TapeReader tape;
    private TapePosition taken = TapePosition.START;
    private String session = "";
    private long bytesRead;

    public ReplayCursor(BranchSource source) throws IOException {
        this(source.tapeFolder(), source.provider(), source.kind(), source.sessionId(), source.branch());
        earlierSources.addAll(source.earlier());
        replaced = source.replaced();
    }

    /** Reads the events of earlier sources, about so many bytes of them; returns false if there is more. */
    private boolean readEarlier(long mostBytes) throws IOException {
        long end = limit(mostBytes);
        while (!earlierSources.isEmpty()) {
            ReplayCursor reader =
                    older == null ? new ReplayCursor(earlierSources.element().source()) : older;
            older = reader;
            long at = reader.bytesRead;
            boolean through = reader.collectIds(earlierSources.element().until(), seen, end - bytesRead);
            bytesRead += reader.bytesRead - at;
            if (!through) {
                return false;
            }
            reader.close();
            older = null;
            earlierSources.remove();
        }
        return true;
    }

    private boolean collectIds(TapePosition until, EventIdSet ids, long mostBytes) throws IOException {
        if (!skipTo(TapePosition.START, mostBytes)) {
            return false;
        }
        long end = limit(mostBytes);
        while (true) {
            ConversationEvent next = read.peek();
            if (next != null && !next.header().source().position().isBefore(until)) {
                return true;
            }
            if (next != null) {
                ids.add(next.header().eventId());
                consume();
            } else if (bytesRead >= end) {
                return false;
            } else if (!readOn()) {
                return true;
            }
        }
    }

    private long limit(long mostBytes) {
        return bytesRead > Long.MAX_VALUE - mostBytes ? Long.MAX_VALUE : bytesRead + mostBytes;
    }

    /** Opens a cursor over the events of all sessions in the source. */
    public ReplayCursor(Path tapeFolder, Provider provider, SourceKind.Session kind) throws IOException {
        this(tapeFolder, provider, kind, "");
    }

    /**
     * Opens a cursor over the events of one session.
     *
     * @param only the session whose events are returned, where the path does not name it; empty for all
     */
    public ReplayCursor(Path tapeFolder, Provider provider, SourceKind.Session kind, String only) throws IOException {
        this(tapeFolder, provider, kind, only, kind.line());
    }

    private ReplayCursor(Path tapeFolder, Provider provider, SourceKind.Session kind, String only, String ownBranch)
            throws IOException {
        this.ownBranch = ownBranch;
        this.only = kind.sessionId().isPresent() ? "" : only;
        this.tapeFolder = tapeFolder;
        this.tape = TapeReader.open(tapeFolder);
        this.reading = new SourceDecoder(provider, kind);
    }

    /** Returns the next event without consuming it; empty at the current end of the tape. */
    public Optional<ConversationEvent> peek() throws IOException {
        readEarlier(Long.MAX_VALUE);
        while (read.isEmpty() && readOn()) {
            // Until there is an event, or the tape ends.
        }
        return Optional.ofNullable(read.peek());
    }

    /** Like {@link #peek}, but at the end of the tape also returns an event that waited for a later record. */
    Optional<ConversationEvent> peekToTheEnd() throws IOException {
        if (peek().isEmpty()) {
            reading.end(this::add);
        }
        return Optional.ofNullable(read.peek());
    }

    /** Consumes the event that {@link #peek} returned. */
    public void consume() {
        taken = read.remove().header().source().position().next();
    }

    /**
     * Reports whether an event at or after that position was already consumed, so that only another cursor can return
     * it.
     */
    public boolean isBeyond(TapePosition place) {
        return place.isBefore(taken);
    }

    private boolean readOn() throws IOException {
        buffer.clear();
        int got = tape.read(reading.generation(), reading.offset(), buffer);
        if (got > 0) {
            bytesRead += got;
            buffer.flip().get(bytes, 0, got);
            reading.accept(bytes, 0, got, this::add);
            return true;
        }
        if (reading.generation() < tape.manifest().newest().number()) {
            reading.beginGeneration(reading.generation() + 1, this::add);
            return true;
        }
        reading.finish(this::add);
        return !read.isEmpty() || newGeneration();
    }

    /** Adds the events of a record. Records before the first one that names a session belong to that session. */
    private void add(DecodedRecord record) {
        for (SessionFact fact : record.facts()) {
            if (fact instanceof SessionFact.Identity(var sessionId)) {
                session = sessionId;
            } else if (fact instanceof SessionFact.ChildOf) {
                // The file of a subagent holds nothing else.
                session = only;
            }
        }
        if (only.isEmpty() || session.isEmpty() || session.equals(only)) {
            for (ConversationEvent event : record.events()) {
                if (!seen.contains(event.header().eventId()) && !BranchSource.isReplaced(event, replaced)) {
                    read.add(event);
                    noteBranch(event.header().line());
                }
            }
        }
    }

    private void noteBranch(String branch) {
        if (!branch.equals(ownBranch) && !branch.equals(otherBranch)) {
            otherBranch = branch;
            otherBranches.add(branch);
            if (otherNames.size() < MOST_NAMES) {
                otherNames.add(branch);
            }
        }
    }

    /** Reports whether the tape, as far as it was read, holds events of a branch other than its own. */
    public boolean hasSeen(String branch) {
        return otherBranches.contains(branch);
    }

    /** Returns the names of such branches, in the order of their first events; of very many only the first. */
    List<String> otherBranches() {
        return List.copyOf(otherNames);
    }

    private boolean newGeneration() throws IOException {
        TapeReader again = TapeReader.open(tapeFolder);
        tape.close();
        tape = again;
        return reading.generation() < tape.manifest().newest().number();
    }

    /** Skips the events before that position. */
    public void skipTo(TapePosition place) throws IOException {
        while (!skipTo(place, Long.MAX_VALUE)) {
            // Until all are skipped.
        }
    }

    /**
     * Skips events before that position, as far as the limit allows.
     *
     * @param mostBytes approximate limit for the bytes to read from tapes in this call
     * @return whether all of them are skipped
     */
    public boolean skipTo(TapePosition place, long mostBytes) throws IOException {
        long end = limit(mostBytes);
        if (!readEarlier(mostBytes)) {
            return false;
        }
        while (true) {
            ConversationEvent next = read.peek();
            if (next != null && !next.header().source().position().isBefore(place)) {
                return true;
            }
            if (next != null) {
                consume();
            } else if (bytesRead >= end) {
                return false;
            } else if (!readOn()) {
                return true;
            }
        }
    }

    /** Returns the number of bytes read so far, including earlier sources. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Reports whether {@link #peek} would have to read from the tape. */
    public boolean needsBytes() {
        return read.isEmpty();
    }

    /** Returns its memory in bytes. */
    public long heldBytes() {
        long events = 0;
        long record = -1;
        for (ConversationEvent event : read) {
            // Events of one record share its text; large parts of it stay on the tape.
            EventSource source = event.header().source();
            events +=
                    EVENT_BYTES + (source.offset() == record ? 0 : Math.min(source.length(), RecordBudget.MOST_BYTES));
            record = source.offset();
        }
        ReplayCursor reader = older;
        return (reader == null ? 0 : reader.heldBytes())
                + 2L * BUFFER_BYTES
                + tape.heldBytes()
                + reading.heldBytes()
                + seen.heldBytes()
                + otherBranches.heldBytes()
                + (long) NAME_BYTES * otherNames.size()
                + events;
    }

    @Override
    public void close() throws IOException {
        ReplayCursor reader = older;
        older = null;
        if (reader != null) {
            reader.close();
        }
        tape.close();
    }
}
