package dev.kept.benchmarks;

import java.nio.file.Path;

/** Gemini CLI, its log of lines. */
final class SoakGemini extends SoakAgent {
    SoakGemini(Path home, Path work, String id) {
        super("gemini", home, work, id);
    }

    /** The folder of its project, which has to name the working directory. */
    Path project() {
        return home().resolve(".gemini/tmp").resolve(work().getFileName());
    }

    @Override
    Path file() {
        return project().resolve("chats").resolve("session-2026-11-02T09-00-" + id().substring(0, 8) + ".jsonl");
    }

    /** Of a run that began a while ago: a prompt that comes at once would count as a script's. */
    @Override
    String opening() {
        String began = aWhileAgo();
        return "{\"sessionId\":\"" + id() + "\",\"projectHash\":\"p\",\"startTime\":\"" + began
                + "\",\"lastUpdated\":\"" + began + "\",\"kind\":\"main\"}\n";
    }

    @Override
    String person(String text) {
        return message(newItem(), "user", "\"content\":[{\"text\":" + quoted(text) + "}]");
    }

    @Override
    String answer(String text) {
        return message(newItem(), "gemini", "\"content\":" + quoted(text) + ",\"model\":\"m\"")
                + "{\"$set\":{\"lastUpdated\":\"" + now() + "\"}}\n";
    }

    /** The message is written again when the tool has ended. */
    @Override
    String tool(String output) {
        String message = newItem();
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

    private String newItem() {
        return id().substring(24) + "-" + next();
    }

    private static String message(String id, String type, String members) {
        return "{\"id\":\"" + id + "\",\"timestamp\":\"" + now() + "\",\"type\":\"" + type + "\"," + members + "}\n";
    }
}
