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
 * Reads a source from its tape: the same bytes give the same events, however they are cut.
 *
 * <p>A new generation is read from its beginning; events that were known by their id are not new, nor are those whose
 * id is made of their text and whose place was taken before: their text was edited. So what a rewrite only repeats
 * says nothing again, and gives no orders again. Not thread-safe.
 */
public final class SourceDecoder {
    /** The rule of records all of whose events were read before. */
    public static final String READ_BEFORE = "read before";

    private static final int MOST_OF_A_FAULT = 500;

    /** The rule of records that say in other words what stood in their place before the source was rewritten. */
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

    /** Begins in the middle, at the start of a line, and knows nothing of what was before. */
    public SourceDecoder(Provider provider, SourceKind.Session kind, int generation, long offset) {
        this.provider = provider;
        this.kind = kind;
        this.parser = provider.parser(kind);
        this.generation = generation;
        this.offset = offset;
        this.splitter = new JsonLineSplitter(generation, offset, provider::isRecord);
    }

    /** The line that the source is of, by its path. */
    public String line() {
        return kind.line();
    }

    /** Takes the source for one into which the conversation of a session was handed over. */
    public void continues(String sessionId) {
        kind = kind.continuing(Optional.of(sessionId));
        parser.continues(sessionId);
    }

    /** The generation that is being read. */
    public int generation() {
        return generation;
    }

    /** How many bytes of it were taken. */
    public long offset() {
        return offset;
    }

    /**
     * Goes on with the next generation, from its beginning. Hands over what the last record of the old one says, if that is
     * whole; one that is not is left behind.
     */
    public void beginGeneration(int next, Consumer<DecodedRecord> out) {
        splitter.end(source -> out.accept(onlyNew(read(source))));
        parser = provider.parser(kind);
        splitter = new JsonLineSplitter(next, 0, provider::isRecord);
        places.beginGeneration();
        generation = next;
        offset = 0;
    }

    /** Takes the next bytes and hands over what each record that they complete says. */
    public void accept(byte[] bytes, int from, int to, Consumer<DecodedRecord> out) {
        accept(bytes, from, to, PreparedLines.NONE, out);
    }

    /**
     * The same.
     *
     * @param prepared lines of these bytes that need not be read any more
     */
    public void accept(byte[] bytes, int from, int to, PreparedLines prepared, Consumer<DecodedRecord> out) {
        offset += to - from;
        splitter.accept(bytes, from, to, prepared, source -> out.accept(onlyNew(read(source))));
    }

    /**
     * Hands over what a last record says that is whole and lacks its line end. For a source that rests: when the line end
     * comes after all, nothing is told again.
     */
    public void finish(Consumer<DecodedRecord> out) {
        splitter.finish(source -> out.accept(onlyNew(read(source))));
    }

    /**
     * Does the same where no byte will follow, and hands over what waits for a record that will not come: for a reader to which
     * the end of the source is its end.
     */
    public void end(Consumer<DecodedRecord> out) {
        splitter.end(source -> out.accept(onlyNew(read(source))));
        parser.rest().map(this::onlyNew).ifPresent(out);
    }

    private DecodedRecord read(SourceRecord source) {
        try {
            DecodedRecord reading = parser.read(source);
            if (!(source instanceof SourceRecord.Value value)) {
                return reading;
            }
            return switch (value.found()) {
                case AS_WRITTEN -> reading;
                case REPAIRED -> reading.ofRepaired();
                case IN_DOUBT -> DoubtfulRecords.reading(reading);
            };
        } catch (RuntimeException | StackOverflowError e) {
            // A fault of the parser's: the record is on tape, it is counted and shown, and reading goes on.
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

    /** What a fault says may have the whole record in it. */
    private static String beginning(String fault) {
        return fault.substring(0, Math.min(fault.length(), MOST_OF_A_FAULT));
    }

    private DecodedRecord onlyNew(DecodedRecord reading) {
        if (reading.events().isEmpty()) {
            return reading;
        }
        List<ConversationEvent> fresh = new ArrayList<>(reading.events().size());
        boolean edited = false;
        for (ConversationEvent event : reading.events()) {
            boolean newId = seen.add(event.header().eventId());
            boolean newPlace = places.take(event);
            edited |= newId && !newPlace && generation > 1;
            if (newId && (newPlace || generation == 1)) {
                fresh.add(event);
            }
        }
        if (fresh.size() == reading.events().size()) {
            return reading;
        }
        DecodedRecord left = fresh.isEmpty()
                ? DecodedRecord.nothing(reading.recordType(), edited ? EDITED : READ_BEFORE, reading.facts())
                : DecodedRecord.of(reading.recordType(), fresh, reading.facts());
        return reading.repaired() ? left.ofRepaired() : left;
    }

    /** True if the source has told this event. */
    public boolean hasRead(String eventId) {
        return seen.contains(eventId);
    }

    /** How many events of those that this object read it would not know again. */
    public long forgottenIds() {
        return seen.forgotten();
    }

    /** True if no line waits for its end: then {@link #save} leaves nothing out. */
    public boolean isBetweenLines() {
        return offset == splitter.lineOffset();
    }

    /** Bytes of heap that a line which is not ended takes, or will take when it is read. */
    public long waitingBytes() {
        return splitter.heldBytes();
    }

    /** Holds nothing of the line that is not ended: it will be a record that is too large. */
    public void giveUpLine() {
        splitter.giveUpLine();
    }

    /**
     * Writes what is needed to go on at {@link #resumeOffset} of {@link #generation}: the records before it are in, a line
     * that is not ended is not.
     */
    public void save(StateWriter out) {
        seen.save(out);
        places.save(out);
        parser.save(out);
    }

    /** Where the bytes have to be handed over from after {@link #save} and {@link #restore}. */
    public long resumeOffset() {
        return splitter.lineOffset();
    }

    /**
     * A reading that goes on where another one of the same source was saved.
     *
     * @throws IOException if that is no state of such a reading
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

    /** Bytes of heap that a waiting line, the known ids and the parser hold. */
    public long heldBytes() {
        return splitter.heldBytes() + seen.heldBytes() + places.heldBytes() + parser.heldBytes();
    }
}
