package dev.kept.benchmarks;

import dev.kept.json.JsonValue.JsonString;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.UUID;

/**
 * How one agent writes one conversation: the lines of its file for what is said in it. Each answer is whole lines. Owned by
 * one thread.
 */
sealed interface SoakAgent {
    /** The agents that a soak uses, as often as they stand here. */
    enum Kind {
        CLAUDE,
        CODEX,
        GEMINI,
        COPILOT
    }

    /** A new conversation in that working directory. */
    static SoakAgent begin(Kind kind, Path home, Path work, Random random) {
        long most = (random.nextLong() & ~0xf000L) | 0x4000L;
        if (kind == Kind.CODEX) {
            // An id that tells its time.
            most = (System.currentTimeMillis() << 16) | 0x7000L | random.nextInt(0x1000);
        }
        String id = new UUID(most, (random.nextLong() & (-1L >>> 2)) | Long.MIN_VALUE).toString();
        return switch (kind) {
            case CLAUDE -> new Claude(home, work, id);
            case CODEX -> new Codex(home, work, id, "", 0);
            case GEMINI -> new Gemini(home, work, id);
            case COPILOT -> new Copilot(home, work, id);
        };
    }

    /** The provider's short name. */
    String provider();

    /** Where it keeps the conversation. */
    Path file();

    /** What it writes first. */
    String opening();

    /** What a person types. */
    String person(String text);

    /** What the agent answers. */
    String answer(String text);

    /** A tool that runs and gives back a text. */
    String tool(String output);

    /** Whether records may be taken away and the file goes on: that each has an id of its own. */
    boolean mayBeCut();

    private static String quoted(String text) {
        return new JsonString(text).toJson();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Claude Code 2.1. */
    final class Claude implements SoakAgent {
        private final Path home;
        private final Path work;
        private final String id;
        private int records;

        private Claude(Path home, Path work, String id) {
            this.home = home;
            this.work = work;
            this.id = id;
        }

        /** Another session that takes these lines along under its own id. */
        Claude fork(Random random) {
            return (Claude) begin(Kind.CLAUDE, home, work, random);
        }

        /** A line of that session as this one copies it. */
        String copied(String line, Claude from) {
            return line.replace("\"sessionId\":\"" + from.id + "\"", "\"sessionId\":\"" + id + "\"");
        }

        @Override
        public String provider() {
            return "claude";
        }

        @Override
        public Path file() {
            return home.resolve(".claude/projects/-work-" + work.getFileName()).resolve(id + ".jsonl");
        }

        @Override
        public String opening() {
            return "";
        }

        @Override
        public String person(String text) {
            return record(
                    "user",
                    "\"message\":{\"role\":\"user\",\"content\":" + quoted(text)
                            + "},\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\"");
        }

        @Override
        public String answer(String text) {
            return message("{\"type\":\"text\",\"text\":" + quoted(text) + "}");
        }

        @Override
        public String tool(String output) {
            String call = "toolu_" + id.substring(24) + records;
            return message("{\"type\":\"tool_use\",\"id\":\"" + call
                            + "\",\"name\":\"Bash\",\"input\":{\"command\":\"cat notes.txt\"}}")
                    + record(
                            "user",
                            "\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\""
                                    + call + "\",\"content\":" + quoted(output) + "}]},\"toolUseResult\":{\"stdout\":"
                                    + quoted(output) + "}");
        }

        private String message(String block) {
            return record(
                    "assistant",
                    "\"message\":{\"id\":\"msg_" + id.substring(24) + records
                            + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[" + block
                            + "],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":5,\"output_tokens\":7}}");
        }

        private String record(String type, String members) {
            return "{\"isSidechain\":false,\"userType\":\"external\",\"cwd\":" + quoted(work.toString())
                    + ",\"sessionId\":\"" + id + "\",\"version\":\"2.1.219\",\"entrypoint\":\"cli\",\"type\":\"" + type
                    + "\"," + members + ",\"uuid\":\"" + id + "-" + records++ + "\",\"timestamp\":\"" + now()
                    + "\"}\n";
        }

        @Override
        public boolean mayBeCut() {
            return true;
        }
    }

    /** Codex 0.169. */
    final class Codex implements SoakAgent {
        private final Path home;
        private final Path work;
        private final String thread;
        private final String part;
        private int ordinal;
        private int ids;

        private Codex(Path home, Path work, String thread, String part, int ordinal) {
            this.home = home;
            this.work = work;
            this.thread = thread;
            this.part = part;
            this.ordinal = ordinal;
        }

        /** The file in which the thread goes on after a person went back. */
        Codex wentBack(Random random) {
            Codex next = (Codex) begin(Kind.CODEX, home, work, random);
            return new Codex(home, work, thread, "_" + next.thread, Math.max(1, ordinal - 3));
        }

        @Override
        public String provider() {
            return "codex";
        }

        @Override
        public Path file() {
            return home.resolve(".codex/sessions/2026/11/22/rollout-2026-11-22T10-00-00-" + thread + part + ".jsonl");
        }

        /** Where it lies once it is archived; packed or not. */
        Path archived(boolean packed) {
            return home.resolve(".codex/archived_sessions").resolve(file().getFileName() + (packed ? ".zst" : ""));
        }

        @Override
        public String opening() {
            return record(
                    "session_meta",
                    "{\"session_id\":\"" + thread + "\",\"id\":\"" + thread + "\",\"timestamp\":\"" + now()
                            + "\",\"cwd\":" + quoted(work.toString())
                            + ",\"originator\":\"codex-tui\",\"cli_version\":\"0.169.0\",\"source\":\"cli\","
                            + "\"thread_source\":\"user\""
                            + (part.isEmpty()
                                    ? ""
                                    : ",\"history_base\":{\"thread_id\":\"" + thread + "\",\"end_ordinal_exclusive\":"
                                            + ordinal + ",\"end_byte_offset\":100}")
                            + "}");
        }

        @Override
        public String person(String text) {
            String turn = id();
            return record(
                            "event_msg",
                            "{\"type\":\"task_started\",\"turn_id\":\"" + turn
                                    + "\",\"turn_attribution\":{\"turn_id\":\"" + turn
                                    + "\",\"turn_trigger\":\"user\"}}")
                    + record(
                            "response_item",
                            "{\"type\":\"message\",\"id\":\"msg_" + id()
                                    + "\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":"
                                    + quoted(text)
                                    + "}],\"internal_chat_message_metadata_passthrough\":{\"content_item_kinds\":"
                                    + "[\"user.text\"]}}")
                    + record(
                            "event_msg",
                            "{\"type\":\"item_completed\",\"turn_id\":\"" + turn
                                    + "\",\"item\":{\"type\":\"UserMessage\",\"id\":\"" + id()
                                    + "\",\"content\":[{\"type\":\"text\",\"text\":" + quoted(text) + "}]}}");
        }

        @Override
        public String answer(String text) {
            return record(
                    "response_item",
                    "{\"type\":\"message\",\"id\":\"msg_" + id() + "\",\"role\":\"assistant\",\"content\":[{\"type\":"
                            + "\"output_text\",\"text\":" + quoted(text) + "}]}");
        }

        @Override
        public String tool(String output) {
            String call = "call_" + id();
            return record(
                            "response_item",
                            "{\"type\":\"function_call\",\"status\":\"completed\",\"id\":\"fc_" + id()
                                    + "\",\"name\":\"exec_command\",\"arguments\":\"{\\\"cmd\\\": \\\"cat n\\\"}\",\"call_id\":\""
                                    + call + "\"}")
                    + record(
                            "response_item",
                            "{\"type\":\"function_call_output\",\"id\":\"fco_" + id() + "\",\"call_id\":\"" + call
                                    + "\",\"output\":" + quoted(output) + "}");
        }

        private String id() {
            return (part.isEmpty() ? thread : part).substring(24) + "-" + ids++;
        }

        private String record(String type, String payload) {
            return "{\"timestamp\":\"" + now() + "\",\"ordinal\":" + ordinal++ + ",\"type\":\"" + type
                    + "\",\"payload\":" + payload + "}\n";
        }

        @Override
        public boolean mayBeCut() {
            return false;
        }
    }

    /** Gemini CLI, its log of lines. */
    final class Gemini implements SoakAgent {
        private final Path home;
        private final Path work;
        private final String id;
        private int ids;

        private Gemini(Path home, Path work, String id) {
            this.home = home;
            this.work = work;
            this.id = id;
        }

        /** The folder of its project, which has to name the working directory. */
        Path project() {
            return home.resolve(".gemini/tmp").resolve(work.getFileName());
        }

        @Override
        public String provider() {
            return "gemini";
        }

        @Override
        public Path file() {
            return project().resolve("chats").resolve("session-2026-11-02T09-00-" + id.substring(0, 8) + ".jsonl");
        }

        /** Of a run that began a while ago: a prompt that comes at once would count as a script's. */
        @Override
        public String opening() {
            String began = Instant.now()
                    .minusSeconds(30)
                    .truncatedTo(ChronoUnit.MILLIS)
                    .toString();
            return "{\"sessionId\":\"" + id + "\",\"projectHash\":\"p\",\"startTime\":\"" + began
                    + "\",\"lastUpdated\":\"" + began + "\",\"kind\":\"main\"}\n";
        }

        @Override
        public String person(String text) {
            return message(id(), "user", "\"content\":[{\"text\":" + quoted(text) + "}]");
        }

        @Override
        public String answer(String text) {
            return message(id(), "gemini", "\"content\":" + quoted(text) + ",\"model\":\"m\"")
                    + "{\"$set\":{\"lastUpdated\":\"" + now() + "\"}}\n";
        }

        /** The message is written again when the tool has ended. */
        @Override
        public String tool(String output) {
            String message = id();
            String call = "\"content\":\"I look.\",\"model\":\"m\",\"toolCalls\":[{\"id\":\"run_" + message
                    + "\",\"name\":\"run_shell_command\",\"args\":{\"command\":\"cat n\"},\"timestamp\":\"" + now()
                    + "\",\"status\":";
            return message(message, "gemini", call + "\"executing\"}]")
                    + message(
                            message,
                            "gemini",
                            call + "\"success\",\"result\":[{\"functionResponse\":{\"id\":\"run_" + message
                                    + "\",\"name\":\"run_shell_command\",\"response\":{\"output\":" + quoted(output)
                                    + "}}}]}]");
        }

        private String id() {
            return id.substring(24) + "-" + ids++;
        }

        private static String message(String id, String type, String members) {
            return "{\"id\":\"" + id + "\",\"timestamp\":\"" + now() + "\",\"type\":\"" + type + "\"," + members
                    + "}\n";
        }

        @Override
        public boolean mayBeCut() {
            return true;
        }
    }

    /** GitHub Copilot CLI 1.0. */
    final class Copilot implements SoakAgent {
        private final Path home;
        private final Path work;
        private final String id;
        private int ids;

        private Copilot(Path home, Path work, String id) {
            this.home = home;
            this.work = work;
            this.id = id;
        }

        @Override
        public String provider() {
            return "copilot";
        }

        @Override
        public Path file() {
            return home.resolve(".copilot/session-state").resolve(id).resolve("events.jsonl");
        }

        @Override
        public String opening() {
            String began = Instant.now()
                    .minusSeconds(30)
                    .truncatedTo(ChronoUnit.MILLIS)
                    .toString();
            return record(
                            "session.start",
                            "{\"sessionId\":\"" + id
                                    + "\",\"version\":1,\"producer\":\"copilot-agent\",\"copilotVersion\":\"1.0.102\","
                                    + "\"startTime\":\"" + began + "\",\"context\":{\"cwd\":"
                                    + quoted(work.toString()) + "}}")
                    .replaceFirst("\"timestamp\":\"[^\"]*\"", "\"timestamp\":\"" + began + "\"");
        }

        @Override
        public String person(String text) {
            return record("user.message", "{\"content\":" + quoted(text) + ",\"interactionId\":\"i" + ids + "\"}");
        }

        @Override
        public String answer(String text) {
            return record(
                    "assistant.message",
                    "{\"messageId\":\"m" + ids + "\",\"model\":\"m\",\"content\":" + quoted(text)
                            + ",\"toolRequests\":[],\"outputTokens\":12}");
        }

        @Override
        public String tool(String output) {
            String call = "c" + ids;
            return record(
                            "assistant.message",
                            "{\"messageId\":\"m" + ids + "\",\"model\":\"m\",\"content\":\"\",\"toolRequests\":"
                                    + "[{\"toolCallId\":\"" + call
                                    + "\",\"name\":\"bash\",\"arguments\":{\"command\":\"cat n\"},\"type\":\"function\"}]"
                                    + ",\"outputTokens\":12}")
                    + record(
                            "tool.execution_start",
                            "{\"toolCallId\":\"" + call
                                    + "\",\"toolName\":\"bash\",\"arguments\":{\"command\":\"cat n\"}}")
                    + record(
                            "tool.execution_complete",
                            "{\"toolCallId\":\"" + call + "\",\"success\":true,\"result\":{\"content\":"
                                    + quoted(output) + "}}");
        }

        private String record(String type, String data) {
            return "{\"type\":\"" + type + "\",\"data\":" + data + ",\"id\":\"" + id.substring(24) + "-" + ids++
                    + "\",\"timestamp\":\"" + now() + "\",\"parentId\":null}\n";
        }

        @Override
        public boolean mayBeCut() {
            return true;
        }
    }
}
