package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher hands to Java, told by a Java that only says what it was given. */
@Timeout(60)
class LauncherScriptIT {
    private static final Instant BUILT = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    private Path folder;

    private Path target;
    private String rebuild = "no";

    @BeforeEach
    void aBuiltProgramAndAJava() throws IOException {
        folder = folder.toRealPath();
        target = Files.createDirectories(folder.resolve("app/target"));
        Path launcher = folder.resolve("kept");
        Files.copy(Path.of(Objects.requireNonNull(System.getProperty("kept.launcher"))), launcher);
        executable(launcher);
        written(target.resolve("kept.jar"), BUILT);
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nfor each; do echo \"$each\"; done\n");
        executable(java);
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void written(Path file, Instant at) throws IOException {
        Files.writeString(file, "x");
        Files.setLastModifiedTime(file, FileTime.from(at));
    }

    private String given(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(folder.resolve("kept").toString()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().put("KEPT_JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("KEPT_REBUILD", rebuild);
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().remove("KEPT_HOME");
        builder.environment().remove("XDG_CONFIG_HOME");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    @Test
    void aRecordOfClassesIsUsedThatIsNewerThanTheProgram() throws Exception {
        written(target.resolve("kept.aot"), BUILT.plusSeconds(5));
        assertThat(given("status")).contains("-XX:AOTCache=" + target.resolve("kept.aot") + "\n");
    }

    @Test
    void aRecordOfClassesIsIgnoredThatIsOlderThanTheProgram() throws Exception {
        written(target.resolve("kept.aot"), BUILT.minusSeconds(5));
        assertThat(given("status"))
                .contains("-XX:AOTCache=" + target.resolve("kept.aot.none"))
                .endsWith("\n-jar\n" + target.resolve("kept.jar") + "\nstatus\n");
    }

    @Test
    void statusHasARecordOfItsOwn() throws Exception {
        written(target.resolve("kept.aot"), BUILT.plusSeconds(5));
        written(target.resolve("kept-status.aot"), BUILT.plusSeconds(5));
        assertThat(given("status", "--json")).contains("-XX:AOTCache=" + target.resolve("kept-status.aot") + "\n");
        assertThat(given("status", "--live")).contains("-XX:AOTCache=" + target.resolve("kept.aot") + "\n");
        assertThat(given("sessions")).contains("-XX:AOTCache=" + target.resolve("kept.aot") + "\n");

        written(target.resolve("kept-status.aot"), BUILT.minusSeconds(5));
        assertThat(given("status")).contains("-XX:AOTCache=" + target.resolve("kept.aot") + "\n");
    }

    @Test
    void withoutARecordItStartsAllTheSame() throws Exception {
        assertThat(given("status")).endsWith("\nstatus\n");
    }

    @Test
    void theVersionIsToldWithoutJava() throws Exception {
        Path version = target.resolve("classes/dev/kept/config/version.txt");
        Files.createDirectories(Objects.requireNonNull(version.getParent()));
        Files.writeString(version, "9.8.7\n");
        assertThat(given("--version")).isEqualTo("kept 9.8.7\n");
    }

    @Test
    void anInstalledCopyUsesTheJavaThatItBringsAndBuildsNothing() throws Exception {
        Files.move(folder.resolve("jdk"), folder.resolve("runtime"));
        Path program = Files.createDirectories(folder.resolve("program"));
        Files.move(target.resolve("kept.jar"), program.resolve("kept.jar"));
        written(program.resolve("kept.aot"), BUILT.plusSeconds(2));
        Files.writeString(program.resolve("version.txt"), "9.8.7\n");

        rebuild = "yes";
        assertThat(given("start"))
                .contains("-XX:AOTCache=" + program.resolve("kept.aot") + "\n")
                .endsWith("\n-jar\n" + program.resolve("kept.jar") + "\nstart\n");
        assertThat(given("--version")).isEqualTo("kept 9.8.7\n");
    }

    /** A home that was started before, by a process that is gone, and a Java whose daemon does as these lines of shell say. */
    private Path aHomeThatRan(String daemon) throws Exception {
        Path home = Files.createDirectories(folder.resolve("home/.kept/run"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(home.resolve("daemon.pid"), gone.pid() + "\n");
        Files.writeString(home.resolveSibling("config.yaml"), "");
        Files.writeString(
                folder.resolve("jdk/bin/java"),
                "#!/bin/sh\nif [ \"${KEPT_TELL:-}\" = yes ]; then\n" + daemon
                        + "\nfi\nfor each; do echo \"$each\"; done\n");
        return home;
    }

    private static final String TELLS = "echo 'Kept is running (pid 7).'; echo 'See.'; exit";
    private static final String THE_LONG_WAY = "\nstart\n";

    @Test
    void aDaemonTellsItselfThatItIsReady() throws Exception {
        aHomeThatRan(TELLS);
        assertThat(given("start")).isEqualTo("Kept is running (pid 7).\nSee.\n");
    }

    @Test
    void aStartReturnsWhileTheDaemonRunsOn() throws Exception {
        Path home = aHomeThatRan("echo 'Kept is running (pid 7).'; exec >/dev/null; cd '" + folder
                + "'; until [ -e end ]; do sleep 0.05; done; : >ended; exit 0");
        assertThat(given("start")).isEqualTo("Kept is running (pid 7).\n");
        assertThat(folder.resolve("ended")).doesNotExist();
        Files.writeString(folder.resolve("end"), "");
        while (!Files.exists(folder.resolve("ended"))) {
            Thread.sleep(20);
        }
        assertThat(home.resolve("../logs/daemon.out")).isEmptyFile();
    }

    @Test
    void whenTheDaemonTellsNothingTheCommandLineSaysWhy() throws Exception {
        aHomeThatRan("echo 'it cannot' >&2; exit 2");
        assertThat(given("start")).endsWith(THE_LONG_WAY);
        aHomeThatRan("echo 'a warning of Java'; " + TELLS);
        assertThat(given("start")).doesNotContain("a warning").endsWith(THE_LONG_WAY);
    }

    @Test
    void whereADaemonMayRunOrAServiceStartsItTheCommandLineDecides() throws Exception {
        Path run = aHomeThatRan(TELLS);
        Files.writeString(run.resolve("daemon.pid"), ProcessHandle.current().pid() + "\n");
        assertThat(given("start")).endsWith(THE_LONG_WAY);

        aHomeThatRan(TELLS);
        assertThat(given("start", "--allow", "x")).endsWith("\nstart\n--allow\nx\n");
        Files.writeString(run.resolve("relaunching"), "");
        assertThat(given("start")).endsWith(THE_LONG_WAY);

        Files.delete(run.resolve("relaunching"));
        Path unit = Files.createDirectories(folder.resolve("home/.config/systemd/user"))
                .resolve("kept-1a2b.service");
        Files.writeString(unit, "");
        assertThat(given("start")).endsWith(THE_LONG_WAY);

        Files.delete(unit);
        assertThat(given("start")).startsWith("Kept is running");
        Files.delete(run.resolveSibling("config.yaml"));
        assertThat(given("start")).endsWith(THE_LONG_WAY);
    }

    @Test
    void theProcessThatBecomesTheDaemonHasARecordOfItsOwn() throws Exception {
        aHomeThatRan("for each; do echo \"$each\"; done >" + folder.resolve("given.txt") + "; " + TELLS);
        written(target.resolve("kept.aot"), BUILT.plusSeconds(5));
        written(target.resolve("kept-launch.aot"), BUILT.plusSeconds(5));
        given("start");
        assertThat(Files.readString(folder.resolve("given.txt")))
                .contains("-XX:AOTCache=" + target.resolve("kept-launch.aot") + "\n")
                .endsWith("\ndev.kept.daemon.Launch\n");

        written(target.resolve("kept-launch.aot"), BUILT.minusSeconds(5));
        given("start");
        assertThat(Files.readString(folder.resolve("given.txt")))
                .contains("-XX:AOTCache=" + target.resolve("kept.aot") + "\n");
    }

    @Test
    void whereNobodyLooksJavaIsToldSo() throws Exception {
        assertThat(given("status")).contains("-Dkept.terminal.out=false", "-Dkept.terminal.err=false");
    }
}
