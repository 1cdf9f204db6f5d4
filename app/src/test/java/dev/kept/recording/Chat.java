package dev.kept.recording;

import dev.kept.json.JsonValue.JsonString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records of a chat as Claude Code writes them, made one by one; each turn has a word of its own: {@code turn-7}. */
public final class Chat {
    private final String session;
    private final List<String> records = new ArrayList<>();
    private final List<String> turns = new ArrayList<>();
    private String parent = "";
    private String agent = "";
    private String file = "";
    private boolean sidechain;
    private Instant time = ModelRun.NOW.minusSeconds(600);

    public Chat(String session) {
        this.session = session;
    }

    /** The line of a subagent. */
    static Chat ofSubagent(String session, String agent) {
        Chat chat = new Chat(session);
        chat.agent = agent;
        return chat;
    }

    /** What is said in another file of the same session, afterwards; its records and turns have names of their own. */
    static Chat inAnotherFile(String session) {
        Chat chat = new Chat(session);
        chat.file = "f";
        chat.time = chat.time.plusSeconds(120);
        return chat;
    }

    /** What comes next is said from that time on. */
    public Chat at(Instant begin) {
        time = begin;
        return this;
    }

    public List<String> records() {
        return records;
    }

    /** The words of all turns, in order. */
    List<String> turns() {
        return turns;
    }

    public String turn() {
        String turn = "turn-" + file + (agent.isEmpty() ? "" : agent + "-") + turns.size() + "-";
        turns.add(turn);
        return turn;
    }

    public Chat says() {
        return person("Please look at " + turn());
    }

    Chat answers() {
        return assistant("I looked at " + turn());
    }

    public Chat person(String text) {
        return user(quoted(text), ",\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\"");
    }

    public Chat assistant(String text) {
        return assistantBlock("{\"type\":\"text\",\"text\":" + quoted(text) + "}");
    }

    Chat calls(String tool, String callId, String input) {
        return assistantBlock(
                "{\"type\":\"tool_use\",\"id\":\"" + callId + "\",\"name\":\"" + tool + "\",\"input\":" + input + "}");
    }

    Chat result(String callId, String text, String toolUseResult) {
        return user(
                "[{\"type\":\"tool_result\",\"tool_use_id\":\"" + callId + "\",\"content\":" + quoted(text) + "}]",
                ",\"toolUseResult\":" + toolUseResult);
    }

    /** A result that is an error. */
    Chat fails(String callId, String text, String toolUseResult) {
        return user(
                "[{\"type\":\"tool_result\",\"tool_use_id\":\"" + callId + "\",\"is_error\":true,\"content\":"
                        + quoted(text) + "}]",
                ",\"toolUseResult\":" + toolUseResult);
    }

    private Chat assistantBlock(String block) {
        return record(
                "assistant",
                "\"message\":{\"id\":\"msg_" + file + agent + records.size()
                        + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-test\",\"content\":["
                        + block + "],\"usage\":{\"input_tokens\":5,\"output_tokens\":7}}");
    }

    /** Its work in the background ended. */
    Chat ended(String task) {
        return user(
                quoted("<task-notification>\n<task-id>" + task + "</task-id>\n<status>completed</status>\n"
                        + "</task-notification>"),
                ",\"origin\":{\"kind\":\"task-notification\"},\"promptSource\":\"system\"");
    }

    /**
     * A subagent between the records of the main line, as versions up to 2.0 wrote it; its turns are the words given.
     */
    Chat inlineSubagent(String prompt, String... words) {
        String back = parent;
        parent = "";
        sidechain = true;
        user(quoted(prompt), "");
        for (String word : words) {
            assistant("I counted " + word);
        }
        sidechain = false;
        parent = back;
        return this;
    }

    public Chat user(String content, String members) {
        return record("user", "\"message\":{\"role\":\"user\",\"content\":" + content + "}" + members);
    }

    /** The id of the record that was made last. */
    String last() {
        return parent;
    }

    /** What comes next follows that record. */
    Chat goBackTo(String record) {
        parent = record;
        return this;
    }

    Chat record(String type, String members) {
        time = time.plusMillis(250);
        String id = "id-" + file + agent + records.size();
        records.add("{\"parentUuid\":" + (parent.isEmpty() ? "null" : quoted(parent)) + ",\"isSidechain\":"
                + (sidechain || !agent.isEmpty()) + (agent.isEmpty() ? "" : ",\"agentId\":\"" + agent + "\"")
                + ",\"cwd\":\"/work\",\"sessionId\":\"" + session
                + "\",\"version\":\"2.1.219\",\"entrypoint\":\"cli\",\"type\":\"" + type + "\"," + members
                + ",\"uuid\":\"" + id + "\",\"timestamp\":\"" + time + "\"}");
        parent = id;
        return this;
    }

    static String quoted(String text) {
        return new JsonString(text).toJson();
    }
}
