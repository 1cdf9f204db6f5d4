package dev.kept.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stands beside a session's main file: subagents' files, and outputs that were too large for it. */
@Timeout(120)
class SubagentFilesTest {
    private static final String CALL = """
            {"type":"assistant","uuid":"u1","timestamp":"2026-01-02T03:04:05Z","message":{"id":"msg_1","model":"m",\
            "usage":{"output_tokens":5},"content":[{"type":"tool_use","id":"toolu_1","name":"Bash","input":{}}]}}\
            """;
    private static final String RESULT = """
            {"type":"user","uuid":"u2","timestamp":"2026-01-02T03:04:06Z","message":{"content":[{"type":"tool_result",\
            "tool_use_id":"toolu_1","content":"done"}]}}\
            """;
    private static final String ANSWER = """
            {"type":"assistant","uuid":"u3","timestamp":"2026-01-02T03:04:07Z","message":{"id":"msg_2","model":"m",\
            "content":[{"type":"text","text":"All is well."}]}}\
            """;

    @TempDir
    private Path temporary;

    @Test
    void whatTheMainFileAndTheSubagentsFileBothTellIsOneEvent() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary).start()) {
            ClaudeSession session = daemon.session("main");
            session.personSays();
            daemon.settle(session);
            long before = events(daemon, session);

            append(session.file(), progress(session, "1", CALL));
            daemon.settle(session);
            Path subagent = beside(session, "subagents/agent-a1b2c3d.jsonl");
            Files.writeString(subagent, line(CALL) + line(RESULT) + line(ANSWER));
            daemon.eventually(() -> assertThat(events(daemon, session)).isEqualTo(before + 1 + 3));
            append(session.file(), progress(session, "2", RESULT));
            daemon.settle(session);

            assertThat(events(daemon, session)).isEqualTo(before + 2 + 3);
            daemon.restart();
            daemon.eventually(() -> assertThat(events(daemon, session)).isEqualTo(before + 2 + 3));
        }
    }

    @Test
    void anOutputTooLargeForTheConversationIsOnTapeAsItIs() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary).start()) {
            ClaudeSession session = daemon.session("main");
            session.personSays();
            Path output = beside(session, "tool-results/b1.txt");
            String text = "day,loaves\n{\"not\": a record\n".repeat(10_000);
            Files.writeString(output, text);
            daemon.eventually(
                    () -> assertThat(daemon.onTape(output)).asString(UTF_8).isEqualTo(text));

            Files.delete(output);
            daemon.settle(session);
            assertThat(daemon.onTape(output)).asString(UTF_8).isEqualTo(text);
            assertThat(daemon.problems()).isEmpty();
        }
    }

    @Test
    void theWholeOfALargeOutputStandsBesideTheNoteAndBesideAnExport() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary).start()) {
            ClaudeSession session = daemon.session("main");
            session.personSays();
            Path note = daemon.work().resolve("note.md");
            session.person("::capture " + note);
            daemon.awaitTurns(note, session.turns());
            String text = "day,loaves\t\u001b[31m\\n\n".repeat(10_000);
            Path output = beside(session, "tool-results/b1.txt");
            Files.writeString(output, text);
            daemon.eventually(() -> assertThat(daemon.onTape(output)).hasSize(text.length()));
            persisted(session, output, text.length());
            session.agentSays();
            daemon.awaitTurns(note, session.turns());

            String harmless = text.replace("\u001b[31m", "");
            assertThat(Files.readString(note))
                    .contains("](note.assets/output-b1.txt), which the agent keeps as `tool-results/b1.txt`");
            assertThat(daemon.work().resolve("note.assets/output-b1.txt")).hasContent(harmless);

            persisted(session, beside(session, "tool-results/never.txt"), 5_000);
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
            assertThat(daemon.work().resolve("note.assets/output-never.txt")).doesNotExist();
            Files.delete(output);
            daemon.stop();
            assertThat(daemon.exported(session.id())).isEqualTo(session.turns());
            assertThat(daemon.home().userHome().resolve(session.id() + ".exported.assets/output-b1.txt"))
                    .hasContent(harmless);
        }
    }

    private static void persisted(ClaudeSession session, Path output, int length) throws IOException {
        String stub = "<persisted-output>\nOutput too large. Full output saved to: " + output
                + "\n\nPreview (first 2KB):\nday,loaves\n</persisted-output>";
        session.record(
                "user",
                "\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_"
                        + length
                        + "\",\"content\":" + ClaudeSession.quoted(stub)
                        + "}]},\"toolUseResult\":{\"persistedOutputPath\":"
                        + ClaudeSession.quoted(output.toString()) + ",\"persistedOutputSize\":" + length + "}");
    }

    private static String progress(ClaudeSession session, String number, String message) {
        return "{\"type\":\"progress\",\"uuid\":\"p-" + number + "\",\"sessionId\":\"" + session.id()
                + "\",\"version\":\"2.1.40\",\"data\":{\"type\":\"agent_progress\",\"agentId\":\"a1b2c3d\",\"message\":"
                + message + "}}\n";
    }

    private static String line(String record) {
        return record.replaceFirst("\\{", "{\"isSidechain\":true,\"agentId\":\"a1b2c3d\",") + "\n";
    }

    private static long events(DaemonHarness daemon, ClaudeSession session) throws IOException {
        return daemon.status(session).orElseThrow().eventCount();
    }

    private static Path beside(ClaudeSession session, String name) throws IOException {
        Path file = session.file().resolveSibling(session.id()).resolve(name);
        Files.createDirectories(file.getParent());
        return file;
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }
}
