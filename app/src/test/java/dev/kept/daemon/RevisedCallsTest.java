package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls and texts that come again with more in them: in exports the fullest; in a note a call once, all texts. */
@Timeout(120)
class RevisedCallsTest {
    @TempDir
    private Path temporary;

    private static void call(ClaudeSession session, String input) throws Exception {
        session.record(
                "assistant",
                "\"message\":{\"id\":\"msg_grown\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"tool_use\","
                        + "\"id\":\"toolu_grown\",\"name\":\"Bash\",\"input\":" + input + "}]}");
    }

    private static void both(ClaudeSession session, String text, String input) throws Exception {
        session.record(
                "assistant",
                "\"message\":{\"id\":\"msg_both\",\"role\":\"assistant\",\"model\":\"m\","
                        + "\"content\":[{\"type\":\"text\","
                        + "\"text\":\"" + text + "\"},{\"type\":\"tool_use\",\"id\":\"toolu_both\",\"name\":\"Bash\","
                        + "\"input\":" + input + "}]}");
    }

    @Test
    void aNoteHasACallOnceAndAnExportHasTheFullerOneAloneAlsoAfterARestart() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary).start()) {
            ClaudeSession session = daemon.session("main");
            session.personSays();
            Path note = daemon.work().resolve("note.md");
            session.person("::capture " + note);
            daemon.awaitTurns(note, session.turns());
            call(session, "{\"command\":\"sow\"}");
            call(session, "{\"command\":\"sow barley in rows\"}");
            call(session, "{\"command\":\"sow barley in rows\",\"description\":\"Sow.\"}");
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
            assertThat(Files.readString(note)).contains("sow").doesNotContain("barley");

            daemon.restart();
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
            assertThat(Files.readString(note)).containsOnlyOnce("sow").doesNotContain("barley");
            daemon.stop();
            daemon.exported(session.id());
            Path exported = daemon.home().userHome().resolve(session.id() + ".exported.md");
            assertThat(Files.readString(exported)).containsOnlyOnce("sow barley in rows");
            assertThat(Files.readString(exported).split("sow", -1)).hasSize(2);
        }
    }

    @Test
    void anExportHasTheFullestWordingOfATextAloneANoteEachAndEqualPromptsStayTwo() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary).start()) {
            ClaudeSession session = daemon.session("main");
            session.personSays();
            Path note = daemon.work().resolve("note.md");
            session.person("::capture " + note);
            session.person("Go on, please.");
            both(session, "Sowing", "{\"command\":\"sow\"}");
            both(session, "Sowing", "{\"command\":\"sow\"}");
            both(session, "Sowing barley", "{\"command\":\"sow barley\"}");
            session.person("Go on, please.");
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
            assertThat(Files.readString(note)).containsSubsequence("\nSowing\n", "\nSowing barley\n");
            assertThat(Files.readString(note).split("Sowing", -1)).hasSize(3);
            assertThat(Files.readString(note).split("Go on, please.", -1)).hasSize(3);
            daemon.stop();
            daemon.exported(session.id());
            String exported = Files.readString(daemon.home().userHome().resolve(session.id() + ".exported.md"));
            assertThat(exported).containsOnlyOnce("Sowing").contains("\nSowing barley\n");
            assertThat(exported.split("Go on, please.", -1)).hasSize(3);
        }
    }
}
