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
 * Reads the events of a source from its tape, in order, one at a time, in bounded memory. Needs no daemon. Not
 * thread-safe.
 *
 * <p>It always reads from the tape's beginning, for what an event is may depend on the records before it; to go on later
 * it is kept open.
 */
public final class ReplayCursor implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** An event without its texts, about. */
    private static final int EVENT_BYTES = 300;

    /** Lines that are remembered by name, and what one takes. */
    private static final int MOST_NAMES = 512;

    private static final int NAME_BYTES = 160;

    private Optional<Set<String>> replaced = Optional.empty();
    private final Path tapeFolder;
    private final SourceDecoder reading;
    private final String only;
    private final String ownLine;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final EventIdSet told = new EventIdSet();
    private final EventIdSet otherLines = new EventIdSet();
    private final Set<String> otherNames = new LinkedHashSet<>();
    private String otherLine = "";

    /** Sources whose events are passed over here, which are still to be read; the first of them is being read. */
    private final Deque<BranchSource.Told> before = new ArrayDeque<>();

    private @Nullable ReplayCursor older;
    private final Deque<ConversationEvent> read = new ArrayDeque<>();
    private TapeReader tape;
    private TapePosition taken = TapePosition.START;
    private String session = "";
    private long bytesRead;

    public ReplayCursor(BranchSource source) throws IOException {
        this(source.tapeFolder(), source.provider(), source.kind(), source.sessionId(), source.line());
        before.addAll(source.told());
        replaced = source.replaced();
    }

    /** Reads what sources before this one told, about so many bytes of it; false if there is more. */
    private boolean readTold(long mostBytes) throws IOException {
        long end = limit(mostBytes);
        while (!before.isEmpty()) {
            ReplayCursor reader =
                    older == null ? new ReplayCursor(before.element().source()) : older;
            older = reader;
            long at = reader.bytesRead;
            boolean through = reader.tellIds(before.element().until(), told, end - bytesRead);
            bytesRead += reader.bytesRead - at;
            if (!through) {
                return false;
            }
            reader.close();
            older = null;
            before.remove();
        }
        return true;
    }

    private boolean tellIds(TapePosition until, EventIdSet ids, long mostBytes) throws IOException {
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
                take();
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

    /** Reads the events of all sessions that the source holds. */
    public ReplayCursor(Path tapeFolder, Provider provider, SourceKind.Session kind) throws IOException {
        this(tapeFolder, provider, kind, "");
    }

    /**
     * Reads the events of one session.
     *
     * @param only the session whose events are shown, where the path does not tell it; empty for all
     */
    public ReplayCursor(Path tapeFolder, Provider provider, SourceKind.Session kind, String only) throws IOException {
        this(tapeFolder, provider, kind, only, kind.line());
    }

    private ReplayCursor(Path tapeFolder, Provider provider, SourceKind.Session kind, String only, String ownLine)
            throws IOException {
        this.ownLine = ownLine;
        this.only = kind.sessionId().isPresent() ? "" : only;
        this.tapeFolder = tapeFolder;
        this.tape = TapeReader.open(tapeFolder);
        this.reading = new SourceDecoder(provider, kind);
    }

    /** The next event without taking it; empty at the end of what is on tape now. */
    public Optional<ConversationEvent> peek() throws IOException {
        readTold(Long.MAX_VALUE);
        while (read.isEmpty() && readOn()) {
            // Until an event came, or the tape ends.
        }
        return Optional.ofNullable(read.peek());
    }

    /** The same, and at the end of the tape what waited there for a record that would have come by now. */
    Optional<ConversationEvent> peekToTheEnd() throws IOException {
        if (peek().isEmpty()) {
            reading.end(this::show);
        }
        return Optional.ofNullable(read.peek());
    }

    /** Takes the event that {@link #peek} showed. */
    public void take() {
        taken = read.remove().header().source().position().next();
    }

    /** True if an event at or after that place was taken already, so that only another cursor can show it. */
    public boolean isBeyond(TapePosition place) {
        return place.isBefore(taken);
    }

    private boolean readOn() throws IOException {
        buffer.clear();
        int got = tape.read(reading.generation(), reading.offset(), buffer);
        if (got > 0) {
            bytesRead += got;
            buffer.flip().get(bytes, 0, got);
            reading.accept(bytes, 0, got, this::show);
            return true;
        }
        if (reading.generation() < tape.card().newest().number()) {
            reading.beginGeneration(reading.generation() + 1, this::show);
            return true;
        }
        reading.finish(this::show);
        return !read.isEmpty() || newGeneration();
    }

    /** What stands before the first record that names a session belongs to that session. */
    private void show(DecodedRecord record) {
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
                if (!told.contains(event.header().eventId()) && !BranchSource.isReplaced(event, replaced)) {
                    read.add(event);
                    meet(event.header().line());
                }
            }
        }
    }

    private void meet(String line) {
        if (!line.equals(ownLine) && !line.equals(otherLine)) {
            otherLine = line;
            otherLines.add(line);
            if (otherNames.size() < MOST_NAMES) {
                otherNames.add(line);
            }
        }
    }

    /** Whether the tape, as far as it was read, holds events of a line that is not its own. */
    public boolean hasMet(String line) {
        return otherLines.contains(line);
    }

    /** Returns the names of such lines, in the order in which they were met; of very many the first. */
    List<String> otherLines() {
        return List.copyOf(otherNames);
    }

    private boolean newGeneration() throws IOException {
        TapeReader again = TapeReader.open(tapeFolder);
        tape.close();
        tape = again;
        return reading.generation() < tape.card().newest().number();
    }

    /** Passes over the events before that place. */
    public void skipTo(TapePosition place) throws IOException {
        while (!skipTo(place, Long.MAX_VALUE)) {
            // Until it is through.
        }
    }

    /**
     * Passes over the events before that place.
     *
     * @param mostBytes to read from tapes before it gives up for now, about
     * @return whether it is through
     */
    public boolean skipTo(TapePosition place, long mostBytes) throws IOException {
        long end = limit(mostBytes);
        if (!readTold(mostBytes)) {
            return false;
        }
        while (true) {
            ConversationEvent next = read.peek();
            if (next != null && !next.header().source().position().isBefore(place)) {
                return true;
            }
            if (next != null) {
                take();
            } else if (bytesRead >= end) {
                return false;
            } else if (!readOn()) {
                return true;
            }
        }
    }

    /** Bytes read so far, of the sources before this one too. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Whether {@link #peek} would have to read from the tape. */
    public boolean needsBytes() {
        return read.isEmpty();
    }

    /** Bytes of memory that it takes. */
    public long heldBytes() {
        long events = 0;
        long record = -1;
        for (ConversationEvent event : read) {
            // Events of one record share its text; what is large in it stays on the tape.
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
                + told.heldBytes()
                + otherLines.heldBytes()
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
