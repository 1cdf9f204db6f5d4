package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.SlowOracle;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.provider.Corpus;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real sessions, snapshot by snapshot as they grew and were truncated, played into a live daemon that records them. */
@Timeout(240)
class GrowthTest {
    private static final String PERSON = "{\"parentUuid\":null,\"isSidechain\":false,\"userType\":\"external\","
            + "\"entrypoint\":\"cli\",\"version\":\"2.1.219\",\"type\":\"user\",\"promptSource\":\"typed\","
            + "\"origin\":{\"kind\":\"human\"},";

    @TempDir
    private static Path scratch;

    @TempDir
    private Path temporary;

    @Test
    void everyByteIsRestorableAndTheRecordingHasEachMessageOnce() throws Exception {
        Optional<Path> corpus = Corpus.unpacked("claude", scratch);
        if (corpus.isEmpty()) {
            return;
        }
        List<Path> series = series(corpus.get());
        assertThat(series).isNotEmpty();
        try (DaemonHarness daemon = new DaemonHarness(temporary).start()) {
            for (Path folder : series) {
                play(daemon, folder);
            }
        }
    }

    private static List<Path> series(Path corpus) throws IOException {
        try (Stream<Path> all = Files.walk(corpus)) {
            return all.filter(path -> path.toString().matches(".*/entire-growth/[^/]+"))
                    .sorted()
                    .toList();
        }
    }

    private static void play(DaemonHarness daemon, Path series) throws Exception {
        String id = series.getFileName().toString();
        Path source =
                Files.createDirectories(daemon.projects().resolve("-growth")).resolve(id + ".jsonl");
        Path note = daemon.work().resolve(id + ".jsonl");
        List<byte[]> seen = new ArrayList<>();
        List<String> said = List.of();
        List<String> answers = List.of();
        byte[] first = {};
        byte[] order =
                ("\n" + person(id, "the-order", "Keep this.\n\n::capture " + note)).getBytes(StandardCharsets.UTF_8);
        for (Path step : steps(series)) {
            byte[] snapshot = Files.readAllBytes(step);
            if (first.length == 0) {
                first = snapshot;
                become(daemon, source, snapshot);
                seen.add(snapshot);
            }
            // What the session's own file would hold, had the order been given after the first snapshot.
            byte[] wanted = startsWith(snapshot, first)
                    ? concat(first, order, Arrays.copyOfRange(snapshot, first.length, snapshot.length))
                    : snapshot;
            become(daemon, source, wanted);
            seen.add(wanted);
            SlowOracle oracle = new SlowOracle(concat(wanted, new byte[] {'\n'}));
            said = longer(said, oracle.said());
            answers = longer(answers, oracle.answers());
        }
        // The agent goes on behind a last line that has no end: two records on one line.
        byte[] last = (person(id, "the-end", "That was all of it.") + "\n").getBytes(StandardCharsets.UTF_8);
        Files.write(source, last, StandardOpenOption.APPEND);
        seen.add(Files.readAllBytes(source));
        daemon.eventually(() -> assertThat(Files.readString(note)).contains("That was all of it."));

        List<String> allSaid = new ArrayList<>(said);
        allSaid.add("That was all of it.");
        assertThat(texts(note, "user.message")).isEqualTo(allSaid);
        assertThat(texts(note, "assistant.message")).isEqualTo(answers);
        int generations = assertRestorable(daemon, source, seen);
        System.out.printf(
                "growth %s: %d states, %d generations, %d said, %d answers, none missing, none repeated%n",
                id, seen.size(), generations, allSaid.size(), answers.size());
    }

    private static int assertRestorable(DaemonHarness daemon, Path source, List<byte[]> seen) throws IOException {
        int newest;
        try (TapeReader tape = daemon.tape(source)) {
            newest = tape.manifest().newest().number();
        }
        List<byte[]> generations = new ArrayList<>();
        for (int number = 1; number <= newest; number++) {
            generations.add(daemon.onTape(source, number));
        }
        for (byte[] state : seen) {
            assertThat(generations)
                    .as("a generation that begins as a state of %d bytes", state.length)
                    .anyMatch(generation -> startsWith(generation, state));
        }
        assertThat(generations.getLast()).isEqualTo(seen.getLast());
        return newest;
    }

    private static List<Path> steps(Path series) throws IOException {
        try (Stream<Path> steps = Files.list(series)) {
            return steps.sorted().toList();
        }
    }

    /** Appends where that is enough; else writes it anew in place, as the tools do. Waits until it is on tape. */
    private static void become(DaemonHarness daemon, Path source, byte[] wanted) throws IOException {
        byte[] now = Files.exists(source) ? Files.readAllBytes(source) : new byte[0];
        if (startsWith(wanted, now)) {
            Files.write(
                    source,
                    Arrays.copyOfRange(wanted, now.length, wanted.length),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } else {
            Files.write(source, wanted, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        }
        daemon.eventually(() -> assertThat(Arrays.equals(daemon.onTape(source), wanted))
                .as("all of it on tape")
                .isTrue());
    }

    /** A snapshot repeats what earlier ones said, as far as it goes. */
    private static List<String> longer(List<String> before, List<String> now) {
        List<String> longer = now.size() >= before.size() ? now : before;
        List<String> shorter = now.size() >= before.size() ? before : now;
        assertThat(longer.subList(0, shorter.size())).isEqualTo(shorter);
        return longer;
    }

    private static List<String> texts(Path note, String kind) throws Exception {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(note)) {
            if (JsonReader.parse(line) instanceof JsonObject event
                    && event.stringOr("kind", "").equals(kind)
                    && (kind.startsWith("assistant")
                            || !event.stringOr("authorship", "").equals("none"))) {
                texts.add(event.stringOr("text", ""));
            }
        }
        return texts;
    }

    private static String person(String session, String uuid, String text) {
        return PERSON + "\"sessionId\":\"" + session + "\",\"uuid\":\"" + uuid + "\",\"timestamp\":\"" + Instant.now()
                + "\",\"message\":{\"role\":\"user\",\"content\":" + new JsonString(text).toJson() + "}}";
    }

    private static boolean startsWith(byte[] bytes, byte[] beginning) {
        return bytes.length >= beginning.length
                && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length);
    }

    private static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
