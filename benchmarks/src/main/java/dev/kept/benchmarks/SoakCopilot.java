package dev.kept.benchmarks;

import java.nio.file.Path;

/** GitHub Copilot CLI 1.0. */
final class SoakCopilot extends SoakAgent {
    SoakCopilot(Path home, Path work, String id) {
        super("copilot", home, work, id);
    }

    @Override
    Path file() {
        return home().resolve(".copilot/session-state").resolve(id()).resolve("events.jsonl");
    }

    @Override
    String opening() {
        String began = aWhileAgo();
        return record(
                        "session.start",
                        "{\"sessionId\":\"" + id()
                                + "\",\"version\":1,\"producer\":\"copilot-agent\",\"copilotVersion\":\"1.0.102\","
                                + "\"startTime\":\"" + began + "\",\"context\":{\"cwd\":"
                                + quoted(work().toString()) + "}}")
                .replaceFirst("\"timestamp\":\"[^\"]*\"", "\"timestamp\":\"" + began + "\"");
    }

    @Override
    String person(String text) {
        return record("user.message", "{\"content\":" + quoted(text) + ",\"interactionId\":\"i" + count() + "\"}");
    }

    @Override
    String answer(String text) {
        return record(
                "assistant.message",
                "{\"messageId\":\"m" + count() + "\",\"model\":\"m\",\"content\":" + quoted(text)
                        + ",\"toolRequests\":[],\"outputTokens\":12}");
    }

    @Override
    String tool(String output) {
        String call = "c" + count();
        return record(
                        "assistant.message",
                        "{\"messageId\":\"m" + count() + "\",\"model\":\"m\",\"content\":\"\",\"toolRequests\":"
                                + "[{\"toolCallId\":\"" + call
                                + "\",\"name\":\"bash\",\"arguments\":{\"command\":\"cat n\"},\"type\":\"function\"}]"
                                + ",\"outputTokens\":12}")
                + record(
                        "tool.execution_start",
                        "{\"toolCallId\":\"" + call + "\",\"toolName\":\"bash\",\"arguments\":{\"command\":\"cat n\"}}")
                + record(
                        "tool.execution_complete",
                        "{\"toolCallId\":\"" + call + "\",\"success\":true,\"result\":{\"content\":" + quoted(output)
                                + "}}");
    }

    private String record(String type, String data) {
        return "{\"type\":\"" + type + "\",\"data\":" + data + ",\"id\":\"" + id().substring(24) + "-" + next()
                + "\",\"timestamp\":\"" + now() + "\",\"parentId\":null}\n";
    }
}
