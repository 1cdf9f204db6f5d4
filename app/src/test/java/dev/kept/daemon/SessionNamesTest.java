package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.status.StatusReport.SessionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that people give sessions in files beside them, as the daemon and the lists from disk tell them. */
class SessionNamesTest {
    private static final String COPILOT_PROMPT =
            "{\"type\":\"user.message\",\"id\":\"u1\",\"data\":{\"content\":\"Which"
                    + " lamp is on?\"},\"timestamp\":\"2026-11-02T09:00:09.000Z\"}\n";
    private static final String CODEX_ID = "019f1d58-0000-7000-8000-000000000001";

    @TempDir
    private Path folder;

    private static void assertNamed(DaemonHarness daemon, String session, String title, Origin source) {
        daemon.eventually(() -> {
            SessionStatus status = daemon.status().sessions().stream()
                    .filter(each -> each.sessionId().equals(session))
                    .findFirst()
                    .orElseThrow();
            assertThat(status.title()).hasValue(title);
            assertThat(status.titleSource()).hasValue(source);
        });
    }

    private static void assertNamedOnDisk(DaemonHarness daemon, String session, String title, Origin source)
            throws IOException {
        StoredSession stored = new SessionArchive(daemon.home(), Providers.ALL)
                .sessions(SessionArchive.Progress.NONE).stream()
                        .filter(each -> each.key().sessionId().equals(session))
                        .findFirst()
                        .orElseThrow();
        assertThat(stored.name()).isEqualTo(title);
        assertThat(stored.metadata().nameOrigin()).hasValue(source);
    }

    @Test
    void aNameInCopilotsWorkspaceIsTheTitleWheneverItIsGiven() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            Path session = daemon.home().userHome().resolve(".copilot/session-state/lamps");
            Path workspace = session.resolve("workspace.yaml");
            Files.createDirectories(session);
            Files.writeString(workspace, "id: lamps\nname: Lamps by Copilot\nuser_named: false\n");
            daemon.start();
            Files.writeString(session.resolve("events.jsonl"), COPILOT_PROMPT);
            assertNamed(daemon, "lamps", "Lamps by Copilot", Origin.AGENT);
            Files.writeString(workspace, "id: lamps\nname: Hall\nuser_named: true\n");
            assertNamed(daemon, "lamps", "Hall", Origin.PERSON);
            daemon.stop();
            Files.writeString(workspace, "id: lamps\nname: Hall and stairs\nuser_named: true\n");
            assertNamedOnDisk(daemon, "lamps", "Hall and stairs", Origin.PERSON);
            daemon.start();
            assertNamed(daemon, "lamps", "Hall and stairs", Origin.PERSON);
        }
    }

    @Test
    void aTitleFileBesideAClaudeSessionIsItsTitle() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            ClaudeSession session = daemon.session("lamp");
            session.personSays();
            daemon.start();
            daemon.eventually(
                    () -> assertThat(daemon.status(session).orElseThrow().titleSource())
                            .hasValue(Origin.WORDS));
            Path title =
                    Path.of(session.file().toString().replace(".jsonl", "")).resolve("custom-title.json");
            Files.createDirectories(Objects.requireNonNull(title.getParent()));
            Files.writeString(title, "{\"customTitle\":\"Lamps at home\"}");
            assertNamed(daemon, session.id(), "Lamps at home", Origin.PERSON);
            daemon.stop();
            assertNamedOnDisk(daemon, session.id(), "Lamps at home", Origin.PERSON);
        }
    }

    @Test
    void theNameOfACodexThreadIsItsTitleWithAndWithoutADaemon() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(folder)) {
            Path codex = daemon.home().userHome().resolve(".codex");
            Path day = codex.resolve("sessions/2026/07/01");
            Files.createDirectories(day);
            Path rollout = day.resolve("rollout-2026-07-01T11-00-00-" + CODEX_ID + ".jsonl");
            String line = "{\"timestamp\":\"2026-07-01T11:00:00Z\",\"type\":\"%s\",\"payload\":%s}\n";
            Files.writeString(
                    rollout,
                    String.format(line, "session_meta", "{\"id\":\"" + CODEX_ID + "\",\"source\":\"cli\"}")
                            + String.format(
                                    line,
                                    "event_msg",
                                    "{\"type\":\"user_message\",\"message\":\"Which lamp is on?\"}"));
            Files.writeString(
                    codex.resolve("session_index.jsonl"),
                    "{\"id\":\"" + CODEX_ID + "\",\"thread_name\":\"Lamps of the hall\"}\n");
            daemon.start();
            assertNamed(daemon, CODEX_ID, "Lamps of the hall", Origin.PERSON);
            Files.writeString(
                    rollout,
                    String.format(line, "event_msg", "{\"type\":\"thread_name_updated\",\"thread_name\":\"Stairs\"}"),
                    StandardOpenOption.APPEND);
            assertNamed(daemon, CODEX_ID, "Stairs", Origin.PERSON);
            daemon.stop();
            assertNamedOnDisk(daemon, CODEX_ID, "Stairs", Origin.PERSON);
        }
    }
}
