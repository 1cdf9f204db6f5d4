package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command that needs no daemon, run as a process where none runs any more: output, exit code, and the error
 * output for errors alone. Two sessions were kept before.
 */
@Timeout(180)
class CommandsIT {
    private static final String FIRST = "1aaa0000-0000-4000-8000-000000000001";
    private static final String SECOND = "1bbb0000-0000-4000-8000-000000000002";

    @TempDir
    private static Path temporary;

    private static KeptProcess kept;

    @BeforeAll
    static void keepTwoSessions() throws Exception {
        kept = new KeptProcess(temporary);
        Path work = Files.createDirectories(kept.home().resolve("work"));
        kept.done("start", "--allow", "work");
        kept.person(FIRST, work, "Tell me about the parser.");
        kept.agent(FIRST, work, "It reads lines.");
        kept.person(SECOND, kept.home(), "And the\twriter?");
        kept.agent(SECOND, kept.home(), "It writes \u001b[31mthem.");
        KeptProcess.eventually(
                () -> assertThat(kept.done("sessions", "--json")).contains(FIRST, SECOND, "\"eventCount\" : 2"));
        kept.done("stop");
    }

    @AfterAll
    static void end() throws Exception {
        kept.close();
    }

    private static void refused(int code, String words, String... arguments) throws Exception {
        KeptProcess.Result result = kept.run(arguments);
        assertThat(result.code()).as(String.join(" ", arguments)).isEqualTo(code);
        assertThat(result.out()).as(String.join(" ", arguments)).isEmpty();
        assertThat(result.err()).contains(words);
    }

    @Test
    void sessionsAreListedAndChosen() throws Exception {
        assertThat(kept.done("sessions").lines()).hasSize(2).first().asString().startsWith("1bbb0000  claude");
        assertThat(kept.done("sessions", "--ids", "parser")).isEqualTo(FIRST + "\n");
        assertThat(kept.done("sessions", "--ids", "--cwd", "work")).isEqualTo(FIRST + "\n");
        assertThat(kept.done("sessions", "--ids", "--since", "1h").lines()).hasSize(2);
        assertThat(kept.done("sessions", "--ids", "--provider", "codex")).isEmpty();
        assertThat(kept.done("sessions", "--ids", "--recording")).isEmpty();
        refused(2, "is no time", "sessions", "--since", "yesterday");
        JsonObject json = (JsonObject) JsonReader.parse(kept.done("sessions", "--json"));
        assertThat(json.string("source")).contains("disk");
        assertThat(json.array("sessions")).hasSize(2);
        assertThat(((JsonObject) json.array("sessions").getFirst()).members().keySet())
                .contains("provider", "sessionId", "shortId", "snippet", "cwd", "lastMessageAt", "eventCount", "stale");
    }

    @Test
    void aSessionIsNamedByABeginningThatOnlyItHas() throws Exception {
        assertThat(kept.done("path", "1a", "--source")).isEqualTo(kept.source(FIRST) + "\n");
        assertThat(kept.done("path", "claude/1b", "--source")).isEqualTo(kept.source(SECOND) + "\n");
        assertThat(kept.done("path", "last", "--source")).isEqualTo(kept.source(SECOND) + "\n");
        refused(2, "may be any of 2 sessions", "show", "1");
        refused(1, "no session begins with “zzz”", "show", "zzz");
        refused(1, "no session begins with", "show", "codex/1a");
        refused(2, "Missing required parameter", "show");
    }

    @Test
    void aConversationIsShownAndCannotDriveTheTerminal() throws Exception {
        assertThat(kept.done("show", "1b")).contains("And the    writer?", "It writes \uFFFD[31mthem.");
        assertThat(kept.done("show", "1b", "--tail", "1")).contains("It writes").doesNotContain("You ·");
        refused(2, "--tail needs a number from 1 on", "show", "1b", "--tail", "0");
    }

    @Test
    void whatIsSaidIsFollowedUntilTheReaderLeaves() throws Exception {
        Path out = kept.home().resolve("followed.txt");
        Process process = kept.builder("show", "1a", "--follow")
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            KeptProcess.eventually(() -> assertThat(out).content().contains("It reads lines."));
        } finally {
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anExportGoesOnlyWhereRecordingsMay() throws Exception {
        assertThat(kept.done("export", "1a")).contains("# Tell me about the parser.", "It reads lines.");
        assertThat(kept.done("export", "1a", "-o", "work/")).contains("Wrote ~/work/", "tell-me-about-the-parser");
        refused(2, "kept allow", "export", "1a", "-o", "elsewhere.md");
        refused(2, "agents take orders", "export", "1a", "-o", "work/CLAUDE.md");
        refused(2, "do not agree", "export", "1a", "-o", "work/x.md", "-f", "jsonl");
        refused(2, "there is no format", "export", "1a", "-f", "pdf");
        assertThat(kept.home().resolve("elsewhere.md")).doesNotExist();
    }

    @Test
    void pathsAreToldForPeopleAndPrograms() throws Exception {
        Path tape = Path.of(kept.done("path", "1a", "--tape").strip());
        assertThat(Files.readAllBytes(tape)).isEqualTo(Files.readAllBytes(kept.source(FIRST)));
        JsonObject json = (JsonObject) JsonReader.parse(kept.done("path", "1a", "--json"));
        JsonObject only = (JsonObject) json.array("tapes").getFirst();
        assertThat(only.array("files")).isEqualTo(List.of(new JsonString(tape.toString())));
        assertThat(only.isTrue("sourcePresent")).isTrue();
    }

    @Test
    void aSessionIsRestoredElsewhereAndAsANewOne() throws Exception {
        Path other = kept.home().resolve("other");
        assertThat(kept.done("restore", "1a", "--to", "other")).contains("Restored ~/other/projects/-work/" + FIRST);
        assertThat(other.resolve("projects/-work/" + FIRST + ".jsonl")).hasSameBinaryContentAs(kept.source(FIRST));

        String said = kept.done("restore", "1a", "--as-new");
        String id = said.substring(said.indexOf("Its id is ") + 10).strip().replace(".", "");
        assertThat(Files.readString(kept.source(id)))
                .isEqualTo(Files.readString(kept.source(FIRST)).replace(FIRST, id));
        Files.delete(kept.source(id));
        refused(2, "the states 1 to 1", "restore", "1a", "--generation", "2");
    }

    @Test
    void theDoctorIsContentWithADaemonThatWasStopped() throws Exception {
        KeptProcess.Result result = kept.run("doctor", "--verify");
        assertThat(result.code()).as(result.toString()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains(
                        "ok  Java ",
                        "ok  configuration ~/.kept/config.yaml",
                        "ok  files in ~/.kept are yours alone",
                        "–   Kept is stopped, so nothing new is kept",
                        "    → kept start",
                        "Claude Code deletes conversations 30 days after their last change; none goes by ",
                        "ok  verified: 2 tapes read whole");
    }

    @Test
    void theDoctorTellsWhatItsAgentWillDelete() throws Exception {
        Path old = kept.source("1ccc0000-0000-4000-8000-000000000003");
        Files.writeString(old, "{}\n");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(28))));
        try {
            assertThat(kept.run("doctor").out())
                    .contains(
                            "Claude Code deletes 1 conversation by ",
                            "0 of 1 verified on tape, 1 not on tape (first ~/.claude/projects/-work/1ccc");
        } finally {
            Files.delete(old);
        }
    }

    @Test
    void whatNeedsTheDaemonSaysSo() throws Exception {
        refused(3, "Start it with: kept start", "record", "1a");
        refused(3, "Start it with: kept start", "unrecord", "1a");
        refused(3, "Kept has not been running since ", "status");
        assertThat(kept.run("status", "--json").code()).isEqualTo(3);
        refused(3, "Kept is not running", "status", "--live");
    }

    @Test
    void nothingIsForgottenWithoutAWordAndSomethingToForget() throws Exception {
        refused(2, "say which", "forget");
        refused(2, "say which", "forget", "1a", "--provider", "claude");
        refused(2, "there is no provider", "forget", "--provider", "nobody");
        assertThat(kept.done("forget", "--older-than", "90d")).isEqualTo("No session matches.\n");
        assertThat(kept.done("forget", "1a", "--dry-run")).contains("claude/" + FIRST, "To be forgotten: 1 session");
        assertThat(kept.run("forget", "1a").err()).contains("--yes");
        assertThat(kept.done("clean", "--dry-run")).contains("2 sessions take", "sets no limit");
        assertThat(kept.done("sessions", "--ids").lines()).hasSize(2);
    }

    @Test
    void everyCommandHelpsWithExamples() throws Exception {
        String help = kept.done("--help");
        for (String command : List.of(
                "init",
                "start",
                "stop",
                "restart",
                "status",
                "sessions",
                "show",
                "export",
                "restore",
                "path",
                "record",
                "unrecord",
                "forget",
                "clean",
                "seal",
                "retry",
                "doctor",
                "allow",
                "disallow",
                "follow",
                "unfollow",
                "service",
                "completion")) {
            assertThat(help).contains("\n  " + command);
        }
        assertThat(kept.done("restore", "--help")).contains("Usage: kept restore", "Examples:", "--as-new");
        assertThat(kept.done("config", "--help")).contains("validate");
        assertThat(kept.done("service", "--help")).contains("install", "uninstall", "status", "Examples:");
    }

    @Test
    void completionsAreScriptsThatTheirShellReads() throws Exception {
        String bash = kept.done("completion", "bash");
        assertThat(bash).contains("complete -F _kept kept", "restore)", "kept sessions --ids");
        assertReadBy("bash", bash);
        assertThat(kept.done("completion", "zsh")).startsWith("#compdef kept").contains("'restore:Put a deleted");
        assertThat(kept.done("completion", "fish")).contains("complete -c kept -n __fish_use_subcommand -a restore");
        assertThat(kept.done("completion", "man")).startsWith(".TH KEPT 1").contains(".SS \"kept restore ID\"");
        refused(2, "there is nothing for “tcsh”", "completion", "tcsh");
    }

    private static void assertReadBy(String shell, String script) throws IOException, InterruptedException {
        Path file = Files.writeString(kept.home().resolve("completion." + shell), script);
        Process check = new ProcessBuilder(
                        shell,
                        "-c",
                        "source '" + file + "'; COMP_WORDS=(kept res); COMP_CWORD=1; _kept; echo \"${COMPREPLY[@]}\"")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("restart restore\n");
        assertThat(check.waitFor()).isZero();
    }
}
