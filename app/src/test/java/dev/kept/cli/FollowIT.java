package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A link among session files, from the problem that names it to the sessions behind it, with the launched daemon. */
class FollowIT {
    private static final String SESSION = "1aaa0000-0000-4000-8000-000000000001";

    @TempDir
    private Path temporary;

    private static JsonObject linkProblem(KeptProcess kept) throws Exception {
        JsonObject status = (JsonObject) JsonReader.parse(kept.done("status", "--json"));
        return status.array("problems").stream()
                .map(JsonObject.class::cast)
                .filter(problem -> problem.stringOr("code", "").equals("link.notFollowed"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no link is named in " + status));
    }

    @Test
    void theRemedyThatStatusOffersWorksAsItIsTypedAndCanBeTakenBack() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path work = Files.createDirectories(kept.home().resolve("work"));
            kept.person(SESSION, work, "Tell me about the parser.");
            Path folder = Objects.requireNonNull(kept.source(SESSION).getParent());
            Path store = Files.createDirectories(kept.home().resolve("my dotfiles"));
            Files.move(folder, store.resolve("parser"));
            Files.createSymbolicLink(folder, store.resolve("parser"));
            kept.done("start");
            KeptProcess.eventually(
                    () -> assertThat(linkProblem(kept).stringOr("message", "")).contains(folder.toString()));
            assertThat(kept.done("sessions", "--ids")).isEmpty();
            String remedy = linkProblem(kept).stringOr("remedy", "");
            assertThat(remedy).isEqualTo("kept follow '" + store.resolve("parser") + "' --agent claude");
            assertThat(kept.run("doctor").out()).contains(remedy).contains("not followed");
            assertThat(kept.run("follow", "--list").out()).contains("not followed");

            ProcessBuilder shell = kept.builder();
            shell.command("sh", "-c", "kept() { '" + shell.command().getFirst() + "' \"$@\"; }; " + remedy);
            Process typed = shell.redirectErrorStream(true).start();
            String told = new String(typed.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(typed.waitFor()).as(told).isZero();
            assertThat(told).contains("claude").contains("now followed");
            KeptProcess.eventually(
                    () -> assertThat(kept.done("sessions", "--ids")).isEqualTo(SESSION + "\n"));
            kept.agent(SESSION, work, "It reads lines.");
            KeptProcess.eventually(() -> assertThat(kept.done("show", SESSION)).contains("It reads lines."));
            assertThat(kept.done("follow", "--list")).contains(", followed");
            assertThat(kept.done("path", SESSION, "--source")).isEqualTo(kept.source(SESSION) + "\n");

            assertThat(kept.run("follow", kept.home().toString(), "--agent", "claude")
                            .err())
                    .contains("home directory");
            assertThat(kept.run("follow", "work", "--agent", "nobody").err()).contains("no agent");
            assertThat(kept.done("unfollow", store.resolve("parser").toString()))
                    .contains("any more");
            KeptProcess.eventually(
                    () -> assertThat(linkProblem(kept).stringOr("remedy", "")).isEqualTo(remedy));
            assertThat(kept.done("show", SESSION)).contains("It reads lines.");
        }
    }

    @Test
    void aSessionFolderThatBecomesALinkWhileTheDaemonRunsIsFollowedWhereverItLeads() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.done("start");
            Path projects =
                    Files.createDirectories(kept.home().resolve(".claude")).resolve("projects");
            Path first = Files.createDirectories(kept.home().resolve("dotfiles/projects"));
            Files.createSymbolicLink(projects, first);
            kept.person(SESSION, kept.home(), "Tell me about the parser.");
            KeptProcess.eventually(
                    () -> assertThat(kept.done("sessions", "--ids")).isEqualTo(SESSION + "\n"));
            Path second = kept.home().resolve("dotfiles/moved");
            Files.move(first, second);
            Files.delete(projects);
            Files.createSymbolicLink(projects, second);
            kept.agent(SESSION, kept.home(), "It reads lines.");
            KeptProcess.eventually(() -> assertThat(kept.done("show", SESSION)).contains("It reads lines."));
            assertThat(kept.done("sessions", "--ids")).isEqualTo(SESSION + "\n");
        }
    }

    @Test
    void aRootThatIsALinkIsFollowed() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path store = Files.createDirectories(kept.home().resolve("dotfiles/claude"));
            Files.createSymbolicLink(kept.home().resolve(".claude"), store);
            kept.person(SESSION, kept.home(), "Tell me about the parser.");
            kept.done("start");
            KeptProcess.eventually(
                    () -> assertThat(kept.done("sessions", "--ids")).isEqualTo(SESSION + "\n"));
            kept.agent(SESSION, kept.home(), "It reads lines.");
            KeptProcess.eventually(() -> assertThat(kept.done("show", SESSION)).contains("It reads lines."));
        }
    }
}
