package dev.kept.provider.claude;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.provider.JsonLineSplitter;
import dev.kept.provider.RecordReading;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads whole files, or pieces of them, the way the daemon does. */
final class Readings {
    static final SourceKind.Session MAIN = new SourceKind.Session(Optional.of("session"), EventHeader.MAIN_LINE);

    private Readings() {}

    static List<RecordReading> of(String text) {
        return of(MAIN, text.getBytes(StandardCharsets.UTF_8));
    }

    static List<RecordReading> of(SourceKind.Session source, byte[] bytes, int... cuts) {
        List<RecordReading> readings = new ArrayList<>();
        SessionParser parser = new ClaudeProvider().parser(source);
        JsonLineSplitter splitter = new JsonLineSplitter(1, 0);
        int from = 0;
        for (int cut : cuts) {
            splitter.accept(bytes, from, cut, record -> readings.add(parser.read(record)));
            from = cut;
        }
        splitter.accept(bytes, from, bytes.length, record -> readings.add(parser.read(record)));
        if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
            splitter.accept(new byte[] {'\n'}, 0, 1, record -> readings.add(parser.read(record)));
        }
        return readings;
    }

    static List<ConversationEvent> events(List<RecordReading> readings) {
        return readings.stream().flatMap(reading -> reading.events().stream()).toList();
    }

    static List<ConversationEvent> events(String text) {
        return events(of(text));
    }
}
