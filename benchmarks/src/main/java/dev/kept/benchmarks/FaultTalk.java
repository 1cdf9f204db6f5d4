package dev.kept.benchmarks;

import dev.kept.json.JsonValue.JsonString;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A conversation with Claude Code that grows while something fails, and what of it Kept does not have: on its tape, and
 * in its note. Owned by one thread.
 */
final class FaultTalk {
    private static final Pattern TURN = Pattern.compile("\\bturn-[a-z]+-\\d+\\b");

    private final String word;
    private final Path work;
    private final String id = UUID.randomUUID().toString();
    private final Path file;
    private final List<String> turns = new ArrayList<>();
    private int records;

    /** A conversation with nothing in it yet; it takes place in a folder of that home. */
    FaultTalk(String word, Path home) throws IOException {
        this.word = word;
        this.work = home.resolve("work");
        this.file =
                Files.createDirectories(home.resolve(".claude/projects/-work")).resolve(id + ".jsonl");
    }

    /** Where it is recorded, once that is asked for. */
    Path note() {
        return work.resolve(word + ".md");
    }

    /** A person asks for it to be recorded. */
    void capture() throws IOException {
        record("user", "::capture " + note());
    }

    /** Something more is said, by the person and the agent in turn. */
    void turn() throws IOException {
        String turn = "turn-" + word + "-" + turns.size();
        turns.add(turn);
        record(turns.size() % 2 == 0 ? "assistant" : "user", "About " + turn);
    }

    /** How many turns were said. */
    int turns() {
        return turns.size();
    }

    /** Something is said that need not stand in the note. */
    void record(String role, String text) throws IOException {
        String content = role.equals("user") ? quoted(text) : "[{\"type\":\"text\",\"text\":" + quoted(text) + "}]";
        append("{\"type\":\"" + role + "\",\"isSidechain\":false,\"cwd\":" + quoted(work.toString())
                + ",\"sessionId\":\"" + id + "\",\"version\":\"2.1.219\",\"entrypoint\":\"cli\""
                + (role.equals("user") ? ",\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\"" : "")
                + ",\"message\":{\"role\":\"" + role + "\",\"id\":\"m" + records + "\",\"model\":\"m\",\"content\":"
                + content + "},\"uuid\":\"" + id + "-" + records++ + "\",\"timestamp\":\"" + Instant.now()
                + "\"}\n");
    }

    /** Appends text to the file as it is. */
    void append(String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Turns that do not stand in the note, or stand there twice. */
    long missing() {
        try {
            List<String> written = Files.exists(note())
                    ? TURN.matcher(Files.readString(note()).replaceAll("(?m)^(title:|#) .*$", ""))
                            .results()
                            .map(MatchResult::group)
                            .toList()
                    : List.of();
            Set<String> once = new HashSet<>(written);
            return turns.stream().filter(turn -> !once.contains(turn)).count() + written.size() - once.size();
        } catch (IOException e) {
            return turns.size();
        }
    }

    /**
     * Bytes of the file that are not on tape as they are.
     *
     * @param tapes the folder of all tapes
     */
    long unkept(Path tapes) {
        try (TapeReader tape = TapeReader.open(new TapeLibrary(tapes).folder("claude", TapeLibrary.sourceId(file)))) {
            byte[] bytes = Files.readAllBytes(file);
            int generation = tape.manifest().newest().number();
            ByteBuffer all = ByteBuffer.allocate(bytes.length);
            while (all.hasRemaining() && tape.read(generation, all.position(), all) > 0) {
                // Until all is read.
            }
            int same = Arrays.mismatch(bytes, 0, bytes.length, all.array(), 0, all.position());
            return same < 0 ? 0 : bytes.length - same;
        } catch (IOException e) {
            return Math.max(1, file.toFile().length());
        }
    }

    private static String quoted(String text) {
        return new JsonString(text).toJson();
    }
}
