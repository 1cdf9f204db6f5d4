package dev.kept.provider.decode;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.EventIdSet;
import dev.kept.provider.support.EventPositions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A decoder that reads a source from its tape: the same bytes give the same events, however they are cut.
 *
 * <p>A new generation is read from its beginning. Events with a known id are not new. Nor are events whose id is
 * derived from their text and whose position already had an event: their text was edited. So what a rewrite merely
 * repeats is not emitted again, and gives no orders again. Not thread-safe.
 */
public final class SourceDecoder {
    /** The rule of records whose events were all emitted before. */
    public static final String READ_BEFORE = "read before";

    private static final int MOST_OF_A_FAULT = 500;

    /** The rule of records that repeat a record from before a rewrite of the source in other words. */
    public static final String EDITED = "read before, and edited since";

    private final Provider provider;
    private SourceKind.Session kind;
    private final EventIdSet seen = new EventIdSet();
    private final EventPositions places = new EventPositions();
    private SessionParser parser;
    private JsonLineSplitter splitter;
    private int generation;
    private long offset;

    public SourceDecoder(Provider provider, SourceKind.Session kind) {
        this(provider, kind, 1, 0);
    }

    /** Creates a decoder that begins at {@code offset}, the start of a line, without knowledge of what was before. */
    public SourceDecoder(Provider provider, SourceKind.Session kind, int generation, long offset) {
        this.provider = provider;
        this.kind = kind;
        this.parser = provider.parser(kind);
        this.generation = generation;
        this.offset = offset;
        this.splitter = new JsonLineSplitter(generation, offset, provider::isRecord);
    }

    /** Returns the branch of the source, by its path. */
    public String line() {
        return kind.line();
    }

    /** Notes that the conversation of a session was handed over into this source. */
    public void noteHandover(String sessionId) {
        kind = kind.continuing(Optional.of(sessionId));
        parser.noteHandover(sessionId);
    }

    /** Returns the generation that is being read. */
    public int generation() {
        return generation;
    }

    /** Returns the number of bytes of the generation that were accepted. */
    public long offset() {
        return offset;
    }

    /**
     * Continues with the next generation, from its beginning. First emits the last record of the old one if it is
     * whole; an unfinished one is dropped.
     */
    public void beginGeneration(int next, Consumer<DecodedRecord> out) {
        splitter.end(source -> out.accept(onlyNew(read(source))));
        parser = provider.parser(kind);
        splitter = new JsonLineSplitter(next, 0, provider::isRecord);
        places.beginGeneration();
        generation = next;
        offset = 0;
    }

    /** Accepts the next bytes and emits each record that they complete. */
    public void accept(byte[] bytes, int from, int to, Consumer<DecodedRecord> out) {
        accept(bytes, from, to, PreparedLines.NONE, out);
    }

    /**
     * Accepts the next bytes and emits each record that they complete.
     *
     * @param prepared lines of these bytes whose JSON was already read
     */
    public void accept(byte[] bytes, int from, int to, PreparedLines prepared, Consumer<DecodedRecord> out) {
        offset += to - from;
        splitter.accept(bytes, from, to, prepared, source -> out.accept(onlyNew(read(source))));
    }

    /**
     * Emits a last record that is whole but lacks its line end. For an idle source; if the line end arrives later,
     * nothing is emitted again.
     */
    public void finish(Consumer<DecodedRecord> out) {
        splitter.finish(source -> out.accept(onlyNew(read(source))));
    }

    /**
     * Emits the last record like {@link #finish}, and the events that wait for a record that will not come. For a
     * reader that stops at the current end of the source.
     */
    public void end(Consumer<DecodedRecord> out) {
        splitter.end(source -> out.accept(onlyNew(read(source))));
        parser.drain().map(this::onlyNew).ifPresent(out);
    }

    private DecodedRecord read(SourceRecord source) {
        try {
            DecodedRecord decoded = parser.read(source);
            if (!(source instanceof SourceRecord.Value value)) {
                return decoded;
            }
            return switch (value.found()) {
                case AS_WRITTEN -> decoded;
                case REPAIRED -> decoded.asRepaired();
                case IN_DOUBT -> DoubtfulRecords.withoutAuthor(decoded);
            };
        } catch (RuntimeException | StackOverflowError e) {
            // A fault of the parser: the record is on tape, it is counted and shown, and decoding continues.
            EventHeader header = new EventHeader(
                    "unreadable/" + source.generation() + "/" + source.offset(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    kind.line(),
                    Authorship.NONE,
                    new EventSource("unreadable", source.generation(), source.offset(), source.length(), 0));
            return DecodedRecord.of(
                    "unreadable",
                    List.of(new ConversationEvent.ProviderRaw(header, "the parser failed: " + beginning(e.toString()))),
                    List.of());
        }
    }

    /** Returns the beginning of a fault's message, which may contain the whole record. */
    private static String beginning(String fault) {
        return fault.substring(0, Math.min(fault.length(), MOST_OF_A_FAULT));
    }

    private DecodedRecord onlyNew(DecodedRecord decoded) {
        if (decoded.events().isEmpty()) {
            return decoded;
        }
        List<ConversationEvent> fresh = new ArrayList<>(decoded.events().size());
        boolean edited = false;
        for (ConversationEvent event : decoded.events()) {
            boolean newId = seen.add(event.header().eventId());
            boolean newPlace = places.advance(event);
            edited |= newId && !newPlace && generation > 1;
            if (newId && (newPlace || generation == 1)) {
                fresh.add(event);
            }
        }
        if (fresh.size() == decoded.events().size()) {
            return decoded;
        }
        DecodedRecord left = fresh.isEmpty()
                ? DecodedRecord.withoutEvents(decoded.recordType(), edited ? EDITED : READ_BEFORE, decoded.facts())
                : DecodedRecord.of(decoded.recordType(), fresh, decoded.facts());
        return decoded.repaired() ? left.asRepaired() : left;
    }

    /** Reports whether an event with that id was emitted. */
    public boolean hasRead(String eventId) {
        return seen.contains(eventId);
    }

    /** Returns the number of emitted events whose ids were forgotten since this object was created. */
    public long forgottenIds() {
        return seen.forgotten();
    }

    /** Reports whether no line is unfinished, so that {@link #save} leaves nothing out. */
    public boolean isBetweenLines() {
        return offset == splitter.lineOffset();
    }

    /** Returns the bytes of heap that an unfinished line uses, or will use when it is read. */
    public long waitingBytes() {
        return splitter.heldBytes();
    }

    /** Drops the bytes of the unfinished line: it will become a record that is too large. */
    public void giveUpLine() {
        splitter.giveUpLine();
    }

    /**
     * Writes the state that is needed to continue at {@link #resumeOffset} of {@link #generation}. It includes all
     * records before that offset, and nothing of an unfinished line.
     */
    public void save(StateWriter out) {
        seen.save(out);
        places.save(out);
        parser.save(out);
    }

    /** Returns the offset from which bytes have to be passed on after {@link #save} and {@link #restore}. */
    public long resumeOffset() {
        return splitter.lineOffset();
    }

    /**
     * Returns a decoder that continues from the saved state of another decoder of the same source.
     *
     * @throws IOException if the bytes are not such a state
     */
    public static SourceDecoder restore(
            Provider provider, SourceKind.Session kind, int generation, long offset, StateReader in)
            throws IOException {
        SourceDecoder restored = new SourceDecoder(provider, kind, generation, offset);
        restored.seen.restore(in);
        restored.places.restore(in);
        restored.parser.restore(in);
        return restored;
    }

    /** Returns the heap that an unfinished line, the known ids and the parser use, in bytes. */
    public long heldBytes() {
        return splitter.heldBytes() + seen.heldBytes() + places.heldBytes() + parser.heldBytes();
    }
}
