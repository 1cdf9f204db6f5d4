package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built program where everything around it is odd: a locale that is not installed, a home with a colon and an emoji
 * in its path, and variables that every Java obeys. One daemon for all tests.
 */
@Timeout(120)
class EnvironmentIT {
    private static final String ID = "1a2b3c4d-0000-4000-8000-000000000001";
    private static final Map<String, String> ODD = Map.of(
            "LC_ALL",
            "xx_YY.UTF-8",
            "JAVA_TOOL_OPTIONS",
            "-Dfrom.tool=1",
            "_JAVA_OPTIONS",
            "-Xmx1g",
            "JDK_JAVA_OPTIONS",
            "-Dfrom.jdk=1",
            "JDK_AOT_VM_OPTIONS",
            "-Dfrom.aot=1",
            "KEPT_JAVA_OPTIONS",
            "-Dcolor=blue -Xmx2g -XX:MaxJavaStackTraceDepth=99");

    @TempDir
    private static Path temporary;

    private static KeptProcess kept;
    private static Path work;

    @BeforeAll
    static void keepAConversation() throws Exception {
        Path home = Files.createDirectories(temporary.resolve("hø:m 😀"));
        kept = new KeptProcess(home) {
            @Override
            public ProcessBuilder builder(String... arguments) {
                ProcessBuilder builder = super.builder(arguments);
                builder.environment().remove("LANG");
                builder.environment().putAll(ODD);
                return builder;
            }
        };
        work = Files.createDirectories(kept.home().resolve("wørk 文"));
        kept.person(ID, work, "grüß dich");
        kept.done("start", "--import", "all", "--allow", work.toString());
        kept.person(ID, work, "::capture nötes/ü😀.md");
        kept.agent(ID, work, "antwört 😀");
    }

    @AfterAll
    static void end() throws IOException {
        kept.close();
    }

    private static long pid() throws Exception {
        return Long.parseLong(
                Files.readString(kept.home().resolve(".kept/run/daemon.pid")).strip());
    }

    @Test
    void namesAndTextsOfAnyScriptAreKeptWhateverTheLocale() throws Exception {
        Path note = work.resolve("nötes/ü😀.md");
        KeptProcess.eventually(() -> assertThat(note).content().contains("grüß dich", "antwört 😀"));
        assertThat(kept.done("status", "--all")).contains("wørk 文/nötes/ü😀.md");
        assertThat(kept.done("sessions", "--cwd", work.toString())).contains("grüß dich");
        assertThat(kept.done("sessions", "grüß")).contains("grüß dich");
        assertThat(kept.done("path", ID, "--source")).contains("hø:m 😀/.claude/");
        kept.done("export", ID, "-o", work.resolve("éxport.md").toString());
        assertThat(work.resolve("éxport.md")).content().contains("antwört 😀");
        // Also where it was launched again.
        kept.done("restart");
        kept.agent(ID, work, "später");
        KeptProcess.eventually(() -> assertThat(note).content().contains("später"));
    }

    @Test
    void noVariableThatJavaObeysReachesTheDaemonAndItsOwnOptionsComeBeforeTheLimits() throws Exception {
        Path process = Path.of("/proc", Long.toString(pid()));
        Assumptions.assumeTrue(Files.exists(process), "no /proc");
        String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        assertThat(environment).doesNotContain("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS=-Xmx1g", "JDK_JAVA", "JDK_AOT");
        List<String> command =
                List.of(Files.readString(process.resolve("cmdline")).split("\0"));
        assertThat(command).containsSubsequence("-Dcolor=blue", "-Xmx2g", "-Xmx56m");
        assertThat(kept.done("status"))
                .contains("KEPT_JAVA_OPTIONS adds to the daemon's Java: -Xmx2g -XX:MaxJavaStackTraceDepth=99.")
                .contains("daemonMaxMemoryMb is not promised");
        assertThat(kept.run("doctor").out()).contains("Unset KEPT_JAVA_OPTIONS, then: kept restart");
    }

    @Test
    void anOutputThatCannotBeWrittenFailsWithAReason() throws Exception {
        File full = new File("/dev/full");
        Assumptions.assumeTrue(full.exists(), "no /dev/full");
        for (List<String> command : List.of(
                List.of("--version"),
                List.of("status"),
                List.of("sessions", "--json"),
                List.of("export", ID),
                List.of("start"),
                List.of("completion", "man"))) {
            Path errors = Files.createTempFile(temporary, "err", "");
            Process process = kept.builder(command.toArray(String[]::new))
                    .redirectOutput(full)
                    .redirectError(errors.toFile())
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(command.toString()).isEqualTo(1);
            assertThat(errors)
                    .content()
                    .as(command.toString())
                    .startsWith("kept: the standard output cannot be written: No space left on device.")
                    .hasLineCount(1);
        }
    }

    private KeptProcess.Result inShell(String script) throws Exception {
        ProcessBuilder builder = kept.builder();
        builder.command("sh", "-c", script, builder.command().getFirst(), ID);
        Path out = Files.createTempFile(temporary, "out", "");
        Path errors = Files.createTempFile(temporary, "err", "");
        Process process = builder.redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new KeptProcess.Result(process.exitValue(), Files.readString(out), Files.readString(errors));
    }

    @Test
    void aReaderThatLeavesHearsNoComplaint() throws Exception {
        for (String command : List.of("sessions --json", "completion man")) {
            assertThat(inShell("\"$0\" " + command + " | :").err()).as(command).isEmpty();
        }
    }

    @Test
    void anOutputThatIsClosedFailsAndNothingIsWrittenElsewhere() throws Exception {
        KeptProcess.Result ended = inShell("\"$0\" export $1 >&-");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("the standard output cannot be written: Bad file descriptor");
        assertThat(inShell("\"$0\" sessions 2>&- <&-").out()).contains("grüß dich");
    }

    @Test
    void aFolderThatWasDeletedEndsNoCommandAndIsNotTakenForAnother() throws Exception {
        String gone = "mkdir gone && cd gone && rmdir ../gone && ";
        KeptProcess.Result sessions = inShell(gone + "\"$0\" sessions");
        assertThat(sessions.out()).contains("grüß dich");
        assertThat(sessions.code()).isZero();
        KeptProcess.Result export = inShell(gone + "\"$0\" export $1 -o note.md");
        assertThat(export.code()).isEqualTo(2);
        assertThat(export.err()).contains("“note.md” begins in the folder that you are in, which was deleted");
        assertThat(Path.of("/note.md")).doesNotExist();
        assertThat(inShell(gone + "\"$0\" export $1 -o '" + work + "/from gone.md'")
                        .code())
                .isZero();
    }
}
