package dev.kept.daemon;

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

/**
 * Writes a session file the way Claude Code does, a record a line. Each turn has a word of its own: {@code turn-a-7}.
 */
final class ClaudeSession {
    private final String id;
    private final Path file;
    private final Path workingDirectory;
    private final String word;
    private final List<String> records = new ArrayList<>();
    private final List<String> turns = new ArrayList<>();
    private String parent = "";
    private String mark = "";
    private int made;
    private Instant now = Instant.EPOCH;

    private ClaudeSession(String id, Path file, Path workingDirectory, String word) {
        this.id = id;
        this.file = file;
        this.workingDirectory = workingDirectory;
        this.word = word;
    }

    static ClaudeSession of(Path projects, Path workingDirectory, String word) throws IOException {
        String id = UUID.randomUUID().toString();
        Path folder = projects.resolve(workingDirectory.toString().replaceAll("[^A-Za-z0-9]", "-"));
        Files.createDirectories(folder);
        return new ClaudeSession(id, folder.resolve(id + ".jsonl"), workingDirectory, word);
    }

    /** Another session that begins as a copy of this one: the same records under its own id. */
    ClaudeSession fork(String forkWord) throws IOException {
        String forkId = UUID.randomUUID().toString();
        ClaudeSession fork =
                new ClaudeSession(forkId, file.resolveSibling(forkId + ".jsonl"), workingDirectory, forkWord);
        StringBuilder all = new StringBuilder();
        for (String record : records) {
            String copy = record.replace("\"sessionId\":\"" + id + "\"", "\"sessionId\":\"" + forkId + "\"");
            fork.records.add(copy);
            all.append(copy).append('\n');
        }
        fork.turns.addAll(turns);
        fork.parent = parent;
        Files.writeString(fork.file, all);
        return fork;
    }

    /**
     * The same conversation, handed over to the background: a copy of all records under an id of its own and with the
     * mark of such a session, which what follows has, too.
     */
    ClaudeSession handOver() throws IOException {
        String ownId = UUID.randomUUID().toString();
        ClaudeSession there = new ClaudeSession(ownId, file.resolveSibling(ownId + ".jsonl"), workingDirectory, word);
        there.mark = ",\"sessionKind\":\"bg\"";
        StringBuilder all = new StringBuilder("{\"type\":\"mode\",\"sessionId\":\"" + ownId + "\"}\n");
        for (String record : records) {
            String copy = record.replaceFirst(
                    "\"sessionId\":\"" + id + "\"(,\"sessionKind\":\"bg\")?",
                    "\"sessionId\":\"" + ownId + "\"" + there.mark);
            there.records.add(copy);
            all.append(copy).append('\n');
        }
        there.turns.addAll(turns);
        there.parent = parent;
        there.made = made;
        Files.writeString(there.file, all);
        return there;
    }

    /** What is said from now on has the mark of a session in the background. */
    ClaudeSession inTheBackground() {
        mark = ",\"sessionKind\":\"bg\"";
        return this;
    }

    /** What is said from now on is said at that time; {@link Instant#EPOCH} means the present. */
    ClaudeSession at(Instant time) {
        now = time;
        return this;
    }

    /** The uuid of the record that was written last. */
    String last() {
        return parent;
    }

    /** What comes next follows that record; empty for none. */
    ClaudeSession goBackTo(String record) {
        parent = record;
        return this;
    }

    String id() {
        return id;
    }

    Path file() {
        return file;
    }

    String word() {
        return word;
    }

    int nextNumber() {
        return made++;
    }

    /** The words of all turns so far, in order. */
    List<String> turns() {
        return List.copyOf(turns);
    }

    /** A word that no other turn has, counted among the turns. */
    String turn() {
        String turn = "turn-" + word + "-" + nextNumber();
        turns.add(turn);
        return turn;
    }

    /** What a person types, as it is. */
    ClaudeSession person(String text) throws IOException {
        return user(text, "");
    }

    /** A turn of a person's; answers its word. */
    String personSays() throws IOException {
        String turn = turn();
        person("Please look at " + turn);
        return turn;
    }

    /** A turn of the agent's; answers its word. */
    String agentSays() throws IOException {
        String turn = turn();
        assistant("I looked at " + turn);
        return turn;
    }

    ClaudeSession assistant(String text) throws IOException {
        return assistantBlock("{\"type\":\"text\",\"text\":" + quoted(text) + "}");
    }

    /** A user record with a text and further members. */
    ClaudeSession user(String text, String members) throws IOException {
        return userContent(quoted(text), members);
    }

    private ClaudeSession userContent(String content, String members) throws IOException {
        String origin = members.contains("\"origin\"") || members.contains("\"promptSource\"")
                ? ""
                : ",\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\"";
        return record("user", "\"message\":{\"role\":\"user\",\"content\":" + content + "}" + origin + members);
    }

    private ClaudeSession assistantBlock(String block) throws IOException {
        return record(
                "assistant",
                "\"requestId\":\"req_" + made + "\",\"message\":{\"id\":\"msg_" + word + made
                        + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-test\",\"content\":["
                        + block
                        + "],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":5,\"output_tokens\":7}}");
    }

    /** A tool that runs and gives back a text. */
    ClaudeSession tool(String output) throws IOException {
        String call = "toolu_" + word + nextNumber();
        assistantBlock("{\"type\":\"tool_use\",\"id\":\"" + call
                + "\",\"name\":\"Bash\",\"input\":{\"command\":\"cat notes.txt\"}}");
        return record(
                "user",
                "\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"" + call
                        + "\",\"content\":" + quoted(output) + "}]},\"toolUseResult\":{\"stdout\":" + quoted(output)
                        + "}");
    }

    /** A prompt that was typed while the agent worked. */
    ClaudeSession queued(String text) throws IOException {
        return record(
                "attachment",
                "\"attachment\":{\"type\":\"queued_command\",\"prompt\":" + quoted(text)
                        + ",\"commandMode\":\"prompt\",\"origin\":{\"kind\":\"human\"}}");
    }

    /** A record with the envelope that all messages have. */
    ClaudeSession record(String type, String members) throws IOException {
        Instant time = now.equals(Instant.EPOCH) ? Instant.now() : now;
        String uuid = UUID.randomUUID().toString();
        String sidechain = members.contains("\"isSidechain\"") ? "" : ",\"isSidechain\":false";
        String entrypoint = members.contains("\"entrypoint\"") ? "" : ",\"entrypoint\":\"cli\"";
        String line = "{\"parentUuid\":" + (parent.isEmpty() ? "null" : "\"" + parent + "\"") + sidechain
                + ",\"userType\":\"external\",\"cwd\":" + quoted(workingDirectory.toString()) + ",\"sessionId\":\"" + id
                + "\"" + mark + ",\"version\":\"2.1.219\",\"gitBranch\":\"main\"" + entrypoint + ",\"type\":\"" + type
                + "\","
                + members + ",\"uuid\":\"" + uuid + "\",\"timestamp\":\"" + time.truncatedTo(ChronoUnit.MILLIS)
                + "\"}";
        parent = uuid;
        return raw(line);
    }

    /** A line as it is. */
    ClaudeSession raw(String line) throws IOException {
        records.add(line);
        Files.write(
                file,
                (line + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return this;
    }

    static String quoted(String text) {
        return new JsonString(text).toJson();
    }
}
