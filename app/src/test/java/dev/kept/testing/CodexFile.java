package dev.kept.testing;

import dev.kept.json.JsonValue.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A rollout file that grows as Codex 0.169 writes it; going back begins another file of the same thread. */
public final class CodexFile {
    private final String thread;
    private final Path file;
    private final Path workingDirectory;
    private final String word;
    private final List<String> turns = new ArrayList<>();
    private final int minute;
    private int ordinal;

    private CodexFile(String thread, Path file, Path workingDirectory, String word, int minute, int ordinal) {
        this.thread = thread;
        this.file = file;
        this.workingDirectory = workingDirectory;
        this.word = word;
        this.minute = minute;
        this.ordinal = ordinal;
    }

    /**
     * The first file of a new thread.
     *
     * @param userHome Codex writes below it
     * @param word stands in each of its turns
     */
    public static CodexFile begin(Path userHome, Path workingDirectory, String word) throws IOException {
        String thread = id();
        Path folder = userHome.resolve(".codex/sessions/2026/11/22");
        Files.createDirectories(folder);
        Path file = folder.resolve("rollout-2026-11-22T10-00-00-" + thread + ".jsonl");
        CodexFile begun = new CodexFile(thread, file, workingDirectory, word, 0, 0);
        begun.header("");
        return begun;
    }

    /** The file in which the thread goes on after a person went back to before that ordinal. */
    public CodexFile goBack(int upTo, String nextWord) throws IOException {
        Path next = file.resolveSibling(
                "rollout-2026-11-22T10-%02d-00-".formatted(minute + 5) + thread + "_" + id() + ".jsonl");
        CodexFile back = new CodexFile(thread, next, workingDirectory, nextWord, minute + 5, upTo);
        back.header(",\"history_base\":{\"thread_id\":\"" + thread + "\",\"end_ordinal_exclusive\":" + upTo
                + ",\"end_byte_offset\":100}");
        return back;
    }

    /** An id that tells its time. */
    private static String id() {
        String random = UUID.randomUUID().toString();
        String hex = String.format("%012x", Instant.now().toEpochMilli());
        return hex.substring(0, 8) + "-" + hex.substring(8) + "-7" + random.substring(15);
    }

    public String thread() {
        return thread;
    }

    /** That of the next record. */
    public int ordinal() {
        return ordinal;
    }

    /** The words of all turns of this file, in order. */
    public List<String> turns() {
        return List.copyOf(turns);
    }

    public CodexFile personSays() throws IOException {
        return person("Please look at " + turn());
    }

    public CodexFile agentSays() throws IOException {
        return record(
                "response_item",
                "{\"type\":\"message\",\"id\":\"msg_" + id() + "\",\"role\":\"assistant\",\"content\":[{\"type\":"
                        + "\"output_text\",\"text\":" + quoted("I looked at " + turn()) + "}]}");
    }

    public CodexFile person(String text) throws IOException {
        String turn = id();
        record(
                "event_msg",
                "{\"type\":\"task_started\",\"turn_id\":\"" + turn + "\",\"turn_attribution\":{\"turn_id\":\"" + turn
                        + "\",\"turn_trigger\":\"user\"}}");
        record(
                "response_item",
                "{\"type\":\"message\",\"id\":\"msg_" + id() + "\",\"role\":\"user\",\"content\":[{\"type\":"
                        + "\"input_text\",\"text\":" + quoted(text)
                        + "}],\"internal_chat_message_metadata_passthrough\":{\"content_item_kinds\":[\"user.text\"]}}");
        return record(
                "event_msg",
                "{\"type\":\"item_completed\",\"turn_id\":\"" + turn + "\",\"item\":{\"type\":\"UserMessage\",\"id\":\""
                        + id() + "\",\"content\":[{\"type\":\"text\",\"text\":" + quoted(text) + "}]}}");
    }

    private String turn() {
        String turn = "turn-" + word + "-" + turns.size();
        turns.add(turn);
        return turn;
    }

    private void header(String base) throws IOException {
        record(
                "session_meta",
                "{\"session_id\":\"" + thread + "\",\"id\":\"" + thread + "\",\"timestamp\":\"" + now()
                        + "\",\"cwd\":" + quoted(workingDirectory.toString())
                        + ",\"originator\":\"codex-tui\",\"cli_version\":\"0.169.0\",\"source\":\"cli\","
                        + "\"thread_source\":\"user\"" + base + "}");
    }

    private static String quoted(String text) {
        return new JsonString(text).toJson();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private CodexFile record(String type, String payload) throws IOException {
        String line = "{\"timestamp\":\"" + now() + "\",\"ordinal\":" + ordinal++ + ",\"type\":\"" + type
                + "\",\"payload\":" + payload + "}\n";
        Files.write(file, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return this;
    }
}
