package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions of an agent whose records do not tell its folder of work, chosen by that folder: with a daemon, without one,
 * and when all that the agent had is gone. Digests by {@code printf PATH | sha256sum} are made here, for the home is
 * temporary.
 */
@Timeout(180)
class FoldersIT {
    private static final String NOTED = "aaaaaaaa-0000-4000-8000-000000000001";
    private static final String DIGESTED = "bbbbbbbb-0000-4000-8000-000000000002";
    private static final String TOLD = "cccccccc-0000-4000-8000-000000000003";
    private static final String LOST = "dddddddd-0000-4000-8000-000000000004";

    @TempDir
    private static Path temporary;

    private static Path chat(Path home, String project, String session, String more) throws IOException {
        Path chats = Files.createDirectories(home.resolve(".gemini/tmp/" + project + "/chats"));
        return Files.writeString(
                chats.resolve("session-2026-01-02T09-00-" + session.substring(0, 8) + ".jsonl"),
                "{\"sessionId\":\"" + session + "\",\"projectHash\":\"x\",\"kind\":\"main\"}\n" + more
                        + "{\"id\":\"u" + session
                        + "\",\"timestamp\":\"2026-01-02T09:00:09Z\",\"type\":\"user\",\"content\":[{\"text\":\"A lamp?\"}]}\n");
    }

    private static String digest(Path folder) throws Exception {
        Process sum = new ProcessBuilder("sha256sum").redirectErrorStream(true).start();
        sum.getOutputStream().write(folder.toString().getBytes(StandardCharsets.UTF_8));
        sum.getOutputStream().close();
        return new String(sum.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).substring(0, 64);
    }

    @Test
    void aFolderTakesItsSessionsAlongAndThoseOfNoKnownFolderAreNamed() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path home = kept.home();
            Path work = home.resolve("work");
            chat(home, "noted", NOTED, "");
            Path helpers = Files.createDirectories(home.resolve(".gemini/tmp/noted/chats/" + NOTED));
            Files.writeString(helpers.resolve("helper-1.jsonl"), """
                    {"sessionId":"helper-1","kind":"subagent"}
                    {"id":"h","type":"gemini","content":"SECRET-OF-THE-HELPER"}
                    """);
            Files.writeString(home.resolve(".gemini/tmp/noted/.project_root"), work.resolve("noted") + "\n");
            chat(home, digest(work.resolve("digested")), DIGESTED, "");
            chat(
                    home,
                    "told",
                    TOLD,
                    "{\"$set\":{\"messages\":[{\"id\":\"c\",\"type\":\"user\",\"content\":[{\"text\":\"<session_context>\\n"
                            + "- **Workspace Directories:**\\n  - " + work.resolve("told")
                            + "\\n</session_context>\"}]}]}}\n");
            chat(home, "f".repeat(64), LOST, "");
            kept.done("start");
            KeptProcess.eventually(
                    () -> assertThat(kept.done("sessions", "--ids").lines())
                            .containsExactlyInAnyOrder(NOTED, DIGESTED, TOLD, LOST));
            foldersAreKnown(kept);
            kept.done("stop");
            foldersAreKnown(kept);

            // The owner removes the agent with all that it had.
            Files.move(home.resolve(".gemini"), home.resolve("gone"), StandardCopyOption.ATOMIC_MOVE);
            foldersAreKnown(kept);
            KeptProcess.Result forgotten = kept.run("forget", "--cwd", "work/noted", "--yes");
            assertThat(forgotten.code()).isZero();
            assertThat(kept.run("export", NOTED, "--format", "jsonl").code()).isNotZero();
            assertThat(forgotten.out()).contains("Forgotten: 1 session");
            assertThat(forgotten.err()).contains("of 2 sessions it is not known", LOST, DIGESTED);
            assertThat(kept.run("forget", "--cwd", "work/digested", "--yes").out())
                    .contains("Forgotten: 1 session");
            assertThat(kept.run("forget", "--cwd", "work", "--yes").out()).contains("Forgotten: 1 session");
            assertThat(kept.done("sessions", "--ids")).isEqualTo(LOST + "\n");
            assertThat(tapes(home)).hasSize(1);
            KeptProcess.Result nothing = kept.run("forget", "--cwd", "work", "--yes");
            assertThat(nothing.out()).contains("No session matches.");
            assertThat(nothing.err()).contains("of 1 session it is not known", LOST);
        }
    }

    private static void foldersAreKnown(KeptProcess kept) throws Exception {
        assertThat(kept.run("sessions", "--ids", "--cwd", "work/noted").out()).isEqualTo(NOTED + "\n");
        assertThat(kept.run("sessions", "--ids", "--cwd", "work/told").out()).isEqualTo(TOLD + "\n");
        assertThat(kept.run("sessions", "--ids", "--cwd", "work/digested").out())
                .isEqualTo(DIGESTED + "\n");
        KeptProcess.Result below = kept.run("sessions", "--ids", "--cwd", "work");
        assertThat(below.out().lines()).containsExactlyInAnyOrder(NOTED, TOLD);
        assertThat(below.err()).contains("of 2 sessions it is not known", LOST, DIGESTED);
    }

    private static List<Path> tapes(Path home) throws IOException {
        try (Stream<Path> all = Files.list(home.resolve(".kept/tapes/gemini"))) {
            return all.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
