package dev.kept.benchmarks;

import java.nio.file.Path;
import java.util.Random;

/** Claude Code 2.1. */
final class SoakClaude extends SoakAgent {
    SoakClaude(Path home, Path work, String id) {
        super("claude", home, work, id);
    }

    /** Another session that takes these lines along under its own id. */
    SoakClaude fork(Random random) {
        return new SoakClaude(home(), work(), newId(Kind.CLAUDE, random));
    }

    /** A line of that session as this one copies it. */
    String copied(String line, SoakClaude from) {
        return line.replace("\"sessionId\":\"" + from.id() + "\"", "\"sessionId\":\"" + id() + "\"");
    }

    @Override
    Path file() {
        return home().resolve(".claude/projects/-work-" + work().getFileName()).resolve(id() + ".jsonl");
    }

    @Override
    String opening() {
        return "";
    }

    @Override
    String person(String text) {
        return record(
                "user",
                "\"message\":{\"role\":\"user\",\"content\":" + quoted(text)
                        + "},\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\"");
    }

    @Override
    String answer(String text) {
        return message("{\"type\":\"text\",\"text\":" + quoted(text) + "}");
    }

    @Override
    String tool(String output) {
        String call = "toolu_" + id().substring(24) + count();
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
                "\"message\":{\"id\":\"msg_" + id().substring(24) + count()
                        + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[" + block
                        + "],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":5,\"output_tokens\":7}}");
    }

    private String record(String type, String members) {
        return "{\"isSidechain\":false,\"userType\":\"external\",\"cwd\":" + quoted(work().toString())
                + ",\"sessionId\":\"" + id() + "\",\"version\":\"2.1.219\",\"entrypoint\":\"cli\",\"type\":\"" + type
                + "\"," + members + ",\"uuid\":\"" + id() + "-" + next() + "\",\"timestamp\":\"" + now()
                + "\"}\n";
    }
}
