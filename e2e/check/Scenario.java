import dev.kept.agents.Providers;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.replay.ReplayCursor;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.tape.TapeManifest;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The folders of one run: {@code kept} is Kept's home, {@code project} is where the client worked. */
record Scenario(Path folder) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long POLL_MS = 200;

    /** What the daemon needs to write down what it has just read, with room to spare. */
    private static final long SETTLE_MS = 2_500;

    /** A session file that Kept has on tape. */
    record TapeText(TapeManifest card, SourceKind.Session kind, List<ConversationEvent> events) {}

    private Path kept() {
        return folder.resolve("kept");
    }

    /** All tapes, read back. */
    List<TapeText> tapes() throws IOException {
        TapeLibrary library = new TapeLibrary(kept().resolve("tapes"));
        List<TapeText> tapes = new ArrayList<>();
        for (Provider provider : Providers.ALL) {
            for (Path tape : library.tapes(provider.name())) {
                TapeManifest card = TapeManifest.read(tape);
                if (provider.recognize(card.root().relativize(card.path())) instanceof SourceKind.Session kind) {
                    tapes.add(new TapeText(card, kind, events(tape, provider, kind)));
                }
            }
        }
        return tapes;
    }

    private static List<ConversationEvent> events(Path tape, Provider provider, SourceKind.Session kind)
            throws IOException {
        List<ConversationEvent> events = new ArrayList<>();
        try (ReplayCursor cursor = new ReplayCursor(tape, provider, kind)) {
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent(); next = cursor.peek()) {
                events.add(next.get());
                cursor.consume();
            }
        }
        return events;
    }

    /** Waits until an assistant's text is on tape, and Kept has had time to act on it. */
    void awaitAnswer(String text) throws IOException, InterruptedException {
        await(tapes -> tapes.stream()
                .flatMap(tape -> tape.events().stream())
                .anyMatch(event -> event instanceof AssistantMessage message
                        && message.text().contains(text)));
        Thread.sleep(SETTLE_MS);
    }

    private void await(Predicate<List<TapeText>> condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.test(tapes()) && System.nanoTime() < deadline) {
            Thread.sleep(POLL_MS);
        }
    }

    /** Record types that were not understood, with their counts. */
    static Map<String, Integer> unknown(List<TapeText> tapes) {
        Map<String, Integer> unknown = new TreeMap<>();
        for (TapeText tape : tapes) {
            for (ConversationEvent event : tape.events()) {
                if (event instanceof ProviderRaw raw) {
                    unknown.merge(raw.header().source().recordType() + ": " + raw.reason(), 1, Integer::sum);
                }
            }
        }
        return unknown;
    }

    /** Waits until a file is there, and Kept has had time to fill it. */
    void awaitFile(String name) throws IOException, InterruptedException {
        await(_ -> Files.exists(folder.resolve(name)));
        Thread.sleep(SETTLE_MS);
    }

    /** What a file says; nothing if it is not there. */
    String note(String name) throws IOException {
        Path note = folder.resolve(name);
        return Files.exists(note) ? Files.readString(note) : "";
    }

    /** What lies in the folders that a command named, beside what the lab put there. */
    List<String> written() throws IOException {
        List<String> written = new ArrayList<>();
        for (String name : List.of("project", "elsewhere")) {
            try (Stream<Path> files = Files.walk(folder.resolve(name))) {
                files.filter(Files::isRegularFile)
                        .map(file -> folder.relativize(file).toString())
                        .filter(file -> !file.startsWith("project/.git/") && !file.equals("project/README.txt"))
                        .forEach(written::add);
            }
        }
        return written.stream().sorted().toList();
    }

    /** The commands that the journals say were decided, as {@code verb outcome}. */
    List<String> decided() throws IOException {
        List<String> decided = new ArrayList<>();
        for (JournalFiles.StoredJournal journal : new JournalFiles(kept().resolve("journals")).readAll()) {
            for (JournalEntry entry : journal.entries()) {
                if (entry instanceof JournalEntry.CommandDecided command) {
                    decided.add(command.verb() + " " + command.outcome());
                }
            }
        }
        return decided;
    }

    static JsonObject object(String line) throws IOException {
        try {
            JsonValue value = JsonReader.parse(line);
            return value instanceof JsonObject object ? object : JsonObject.EMPTY;
        } catch (MalformedJsonException e) {
            throw new IOException(line, e);
        }
    }
}
