package dev.kept.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.provider.decode.JsonLineSplitter;
import dev.kept.provider.decode.SourceDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads whole files, or pieces of them, the way the daemon does. */
public final class Readings {
    /** The main file of a session. */
    public static final SourceKind.Session MAIN = new SourceKind.Session(Optional.of("session"), EventHeader.MAIN_LINE);

    private final Provider provider;

    public Readings(Provider provider) {
        this.provider = provider;
    }

    /** What the text of a main file says. */
    public List<DecodedRecord> of(String text) {
        return of(MAIN, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What a file says, record by record.
     *
     * @param cuts where the pieces it is handed over in end, ascending
     */
    public List<DecodedRecord> of(SourceKind.Session source, byte[] bytes, int... cuts) {
        List<DecodedRecord> readings = new ArrayList<>();
        SessionParser parser = provider.parser(source);
        JsonLineSplitter splitter = new JsonLineSplitter(1, 0, provider::isRecord);
        int from = 0;
        for (int cut : cuts) {
            splitter.accept(bytes, from, cut, record -> readings.add(parser.read(record)));
            from = cut;
        }
        splitter.accept(bytes, from, bytes.length, record -> readings.add(parser.read(record)));
        if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
            splitter.accept(new byte[] {'\n'}, 0, 1, record -> readings.add(parser.read(record)));
        }
        splitter.end(record -> readings.add(parser.read(record)));
        return readings;
    }

    /**
     * The events of a file whose reader is saved, thrown away and restored after each of the cuts.
     *
     * @param cuts ascending
     */
    public List<ConversationEvent> eventsWithRestarts(SourceKind.Session source, byte[] bytes, int... cuts)
            throws IOException {
        List<ConversationEvent> events = new ArrayList<>();
        SourceDecoder reading = new SourceDecoder(provider, source);
        for (int cut : cuts) {
            int from = (int) reading.offset();
            reading.accept(bytes, from, Math.max(from, cut), read -> events.addAll(read.events()));
            ByteArrayOutputStream state = new ByteArrayOutputStream();
            reading.save(new StateWriter(state));
            StateReader in = new StateReader(state.toByteArray());
            reading = SourceDecoder.restore(provider, source, reading.generation(), reading.resumeOffset(), in);
            assertThat(in.remaining()).as("bytes of the state that nobody read").isZero();
        }
        reading.accept(bytes, (int) reading.offset(), bytes.length, read -> events.addAll(read.events()));
        return events;
    }

    /** The events of a file as the daemon reads it: what is told twice counts once. */
    public List<ConversationEvent> eventsOnce(SourceKind.Session source, byte[] bytes) {
        List<ConversationEvent> events = new ArrayList<>();
        new SourceDecoder(provider, source).accept(bytes, 0, bytes.length, read -> events.addAll(read.events()));
        return events;
    }

    /** The events of the text of a main file to which its end is its end. */
    public List<ConversationEvent> eventsToTheEnd(String text) {
        List<ConversationEvent> events = new ArrayList<>();
        SourceDecoder reading = new SourceDecoder(provider, MAIN);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        reading.accept(bytes, 0, bytes.length, read -> events.addAll(read.events()));
        reading.end(read -> events.addAll(read.events()));
        reading.end(read -> events.addAll(read.events()));
        return events;
    }

    /** The events of readings, in order. */
    public static List<ConversationEvent> events(List<DecodedRecord> readings) {
        return readings.stream().flatMap(reading -> reading.events().stream()).toList();
    }

    /** The events of the text of a main file. */
    public List<ConversationEvent> eventsOf(String text) {
        return events(of(text));
    }
}
