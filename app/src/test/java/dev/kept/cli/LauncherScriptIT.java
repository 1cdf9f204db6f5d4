package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Assumptions;
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
    private String java = "";
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void aBuiltProgramAndAJava() throws IOException {
        folder = folder.toRealPath();
        target = Files.createDirectories(folder.resolve("app/target"));
        Path launcher = folder.resolve("kept");
        Files.copy(Path.of(Objects.requireNonNull(System.getProperty("kept.launcher"))), launcher);
        executable(launcher);
        written(target.resolve("kept.jar"), BUILT);
        java = folder.resolve("jdk").toString();
        program("jdk/bin/java", "for each; do echo \"$each\"; done\n");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    /** A program in shell; what is in {@code bin} comes before the machine's own. */
    private void program(String name, String lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "#!/bin/sh\n" + lines);
        executable(file);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void written(Path file, Instant at) throws IOException {
        Files.writeString(file, "x");
        Files.setLastModifiedTime(file, FileTime.from(at));
    }

    private record Ended(int code, String said) {}

    private String given(String... arguments) throws IOException, InterruptedException {
        return ran(arguments).said();
    }

    private Ended ran(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(folder.resolve("kept").toString()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().put("KEPT_JAVA_HOME", java);
        builder.environment().merge("PATH", folder.resolve("bin") + ":", (path, own) -> own + path);
        builder.environment().put("KEPT_REBUILD", rebuild);
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().remove("KEPT_HOME");
        builder.environment().remove("XDG_CONFIG_HOME");
        builder.environment().putAll(variables);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out);
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

    /**
     * A home that was started before, by a process that is gone, and a Java whose daemon does as these lines of shell
     * say.
     */
    private Path aHomeThatRan(String daemon) throws Exception {
        Path home = Files.createDirectories(folder.resolve("home/.kept/run"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(home.resolve("daemon.pid"), gone.pid() + "\n");
        Files.writeString(home.resolveSibling("config.yaml"), "");
        program(
                "jdk/bin/java",
                "if [ \"${KEPT_TELL:-}\" = yes ]; then\n" + daemon + "\nfi\nfor each; do echo \"$each\"; done\n");
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

    /** Seconds go by in a moment, one line in {@code slept} for each sleep, from when there is that file. */
    private void timeFliesFrom(String file) throws IOException {
        program(
                "bin/sleep",
                "cd '" + folder + "'; until [ -e " + file
                        + " ]; do /bin/sleep 0.02; done; echo $1 >>slept; exec /bin/sleep 0.1\n");
    }

    private long secondsSlept() throws IOException {
        return Files.readAllLines(folder.resolve("slept")).stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    private List<String> processesThatName(Path file) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(file.toString()))
                .toList();
    }

    @Test
    void aSlowStartIsWaitedFor() throws Exception {
        aHomeThatRan("cd '" + folder
                + "'; : >began; until [ -e slept ] && [ $(wc -l <slept) -gt 20 ]; do /bin/sleep 0.02; done;" + TELLS);
        timeFliesFrom("began");
        assertThat(ran("start")).isEqualTo(new Ended(0, "Kept is running (pid 7).\nSee.\n"));
    }

    @Test
    void whatMeasuresTheTimeOfAStartEndsWithTheStart() throws Exception {
        aHomeThatRan("until [ -e '" + folder + "/timer' ]; do /bin/sleep 0.02; done; " + TELLS);
        program(
                "bin/sleep",
                "echo $$ >'" + folder + "/pid'; mv '" + folder + "/pid' '" + folder + "/timer'; exec /bin/sleep 600\n");
        assertThat(given("start")).startsWith("Kept is running");
        long timer = Long.parseLong(Files.readString(folder.resolve("timer")).strip());
        while (ProcessHandle.of(timer).filter(ProcessHandle::isAlive).isPresent()) {
            Thread.sleep(20);
        }
    }

    /** As an older program may be for a newer script: the class is there, and knows nothing of telling. */
    private void aProgramThatOnlySleeps(Path jar) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources/dev/kept/daemon"));
        Files.writeString(sources.resolve("Launch.java"), """
            package dev.kept.daemon.launch;

            public class Launch {
                public static void main(String[] arguments) throws Exception {
                    System.err.println("I am of another time.");
                    java.nio.file.Files.createFile(java.nio.file.Path.of("%s"));
                    Thread.sleep(Long.MAX_VALUE);
                }
            }
            """.formatted(folder.resolve("asleep")));
        Path classes = folder.resolve("classes");
        tool("javac", "-d", classes.toString(), sources.resolve("Launch.java").toString());
        tool("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
    }

    private static void tool(String name, String... arguments) {
        assertThat(ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments))
                .isZero();
    }

    @Test
    void aProgramThatNeitherTellsNorTakesTheHomeIsEndedAndTheStartFails() throws Exception {
        Path home = Objects.requireNonNull(aHomeThatRan(":").getParent());
        Path jar = target.resolve("kept.jar");
        aProgramThatOnlySleeps(jar);
        java = System.getProperty("java.home");
        timeFliesFrom("asleep");

        Ended ended = ran("start");

        assertThat(ended.said())
                .contains(
                        "was not ready after 60 s, and was ended",
                        "What it said is in " + home.resolve("logs/daemon.out"),
                        target.toString(),
                        "run kept restart without KEPT_REBUILD=no");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(home.resolve("logs/daemon.out")).hasContent("I am of another time.");
        assertThat(secondsSlept()).isBetween(60L, 70L);
        assertThat(processesThatName(jar)).isEmpty();
        KeptProcess.eventually(
                () -> assertThat(processesThatName(folder.resolve("kept"))).isEmpty());
    }

    @Test
    void aDaemonThatHasTheHomeAndDoesNotGetReadyRunsOnAndIsNamed() throws Exception {
        aHomeThatRan("cd '" + folder + "'; echo $$ >home/.kept/run/daemon.pid; : >began; exec /bin/sleep 600");
        timeFliesFrom("began");
        Ended ended = ran("start");
        ProcessHandle daemon = ProcessHandle.of(
                        Long.parseLong(Files.readString(folder.resolve("home/.kept/run/daemon.pid"))
                                .strip()))
                .orElseThrow();
        try {
            assertThat(ended.said())
                    .contains("the daemon (pid " + daemon.pid() + ") is not ready after 60 s", "runs on", "kept stop");
            assertThat(ended.code()).isEqualTo(1);
            assertThat(daemon.isAlive()).isTrue();
        } finally {
            daemon.destroyForcibly();
        }
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

    /** What a supervisor left in a file of the logs. */
    private String left(String name) throws IOException {
        return Files.readString(folder.resolve("home/.kept/logs").resolve(name));
    }

    /** How often the daemon was launched. */
    private int launches() throws IOException {
        return Files.readAllLines(folder.resolve("launched")).size();
    }

    private void aDaemon(String lines) throws IOException {
        program("jdk/bin/java", "echo x >>'" + folder + "/launched'\n" + lines + "\n");
        program("bin/sleep", "echo $1 >>'" + folder + "/slept'\n");
        Files.deleteIfExists(folder.resolve("launched"));
        Files.deleteIfExists(folder.resolve("slept"));
    }

    @Test
    void aDaemonThatEndsUnexpectedlyIsLaunchedAgainLaterAndLaterAndNotForEver() throws Exception {
        aDaemon("echo 'its last words' >&2; kill -9 $$");
        assertThat(ran("supervise").code()).isEqualTo(69);
        assertThat(launches()).isEqualTo(6);
        assertThat(secondsSlept()).isEqualTo(1 + 5 + 30 + 300 + 300);
        assertThat(left("last-end")).contains("\ncode=137\n", "\nlaunches=5\nof=5\npause=\n");
        assertThat(left("last-end.out")).isEqualTo("its last words\n");
        assertThat(folder.resolve("home/.kept/logs/daemon.out")).hasContent("its last words\n");
    }

    @Test
    void afterARunOfAnHourTheLaunchesAreCountedAnew() throws Exception {
        aDaemon("[ $(wc -l <'" + folder + "/launched') -lt 12 ] || exit 0; exit 70");
        // Each look at the clock is two hours after the one before.
        program("bin/date", "n=$(cat '" + folder + "/clock'); echo $((n + 7200)) >'" + folder + "/clock'; echo $n\n");
        Files.writeString(folder.resolve("clock"), "1000000");
        assertThat(ran("supervise").code()).isZero();
        assertThat(launches()).isEqualTo(12);
        assertThat(left("last-end")).contains("\ncode=70\nran=7200\nlaunches=1\nof=5\npause=1\n");
    }

    @Test
    void whatWasAskedForIsNoUnexpectedEnd() throws Exception {
        for (int code : List.of(0, 1, 2, 129, 130, 143)) {
            aDaemon("exit " + code);
            assertThat(ran("supervise").code()).isEqualTo(code);
            assertThat(launches()).isEqualTo(1);
        }
        aDaemon("[ $(wc -l <'" + folder + "/launched') -gt 8 ] || exit 75; exit 0");
        assertThat(ran("supervise").code()).isZero();
        assertThat(launches()).isEqualTo(9);
        assertThat(folder.resolve("home/.kept/logs/last-end")).doesNotExist();
    }

    @Test
    void aLaunchThatFailsAfterAnUnexpectedEndIsOneMore() throws Exception {
        aDaemon("[ $(wc -l <'" + folder + "/launched') -gt 1 ] || exit 3; echo 'kept: no' >&2; exit 1");
        assertThat(ran("supervise").code()).isEqualTo(69);
        assertThat(launches()).isEqualTo(6);
        assertThat(left("last-end")).contains("\ncode=1\n");
    }

    @Test
    void aLaunchThatFailsAfterOneThatWasAskedForIsSaidAndTriedAgain() throws Exception {
        for (int code : List.of(1, 2)) {
            aDaemon("case $(wc -l <'" + folder + "/launched') in 1) exit 75 ;; 2 | 3) echo 'kept: no' >&2; exit " + code
                    + " ;; esac; exit 0");
            assertThat(ran("supervise").code()).isZero();
            assertThat(launches()).isEqualTo(4);
            assertThat(secondsSlept()).isEqualTo(1 + 5);
            assertThat(left("last-end")).contains("\ncode=" + code + "\n", "\nlaunches=2\nof=5\npause=5\n");
            assertThat(left("last-end.out")).isEqualTo("kept: no\n");
        }
    }

    @Test
    void aDaemonThatHasListenedAndThenFailsIsLaunchedAgain() throws Exception {
        Path run = folder.resolve("home/.kept/run");
        aDaemon("[ $(wc -l <'" + folder + "/launched') -lt 2 ] || exit 0; touch -d '1 minute' '" + run
                + "/control.sock'; exit 1");
        assertThat(ran("supervise").code()).isZero();
        assertThat(launches()).isEqualTo(2);
        assertThat(left("last-end")).contains("\ncode=1\n");
    }

    @Test
    void aFailureOfADaemonThatHasRunForLongerThanAStartIsWaitedForIsSaidAndItIsLaunchedAgain() throws Exception {
        aDaemon("[ $(wc -l <'" + folder + "/launched') -lt 2 ] || exit 0; exit 1");
        program("bin/date", "n=$(cat '" + folder + "/clock'); echo $((n + 61)) >'" + folder + "/clock'; echo $n\n");
        Files.writeString(folder.resolve("clock"), "1000000");
        assertThat(ran("supervise").code()).isZero();
        assertThat(launches()).isEqualTo(2);
        assertThat(left("last-end")).contains("\ncode=1\nran=61\n");
    }

    @Test
    void whoHasBeenDismissedOrReplacedLaunchesNothingMore() throws Exception {
        Path charge = folder.resolve("home/.kept/run/supervisor.pid");
        aDaemon("rm '" + charge + "'; kill -9 $$");
        assertThat(ran("supervise").code()).isZero();
        assertThat(launches()).isEqualTo(1);
        aDaemon("echo " + ProcessHandle.current().pid() + " >'" + charge + "'; kill -9 $$");
        assertThat(ran("supervise").code()).isZero();
        assertThat(launches()).isEqualTo(1);
        assertThat(folder.resolve("home/.kept/logs/last-end")).doesNotExist();
        // One that died meanwhile is followed.
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        aDaemon("echo " + gone.pid() + " >'" + charge + "'; kill -9 $$");
        assertThat(ran("supervise").code()).isEqualTo(69);
    }

    @Test
    void whoIsWaitedForIsLaunchedAtOnceWhenSomebodyAsks() throws Exception {
        aDaemon("if [ $(wc -l <'" + folder + "/launched') -gt 3 ]; then : >'" + folder
                + "/home/.kept/run/launch-now'; fi; kill -9 $$");
        assertThat(ran("supervise").code()).isEqualTo(69);
        assertThat(launches()).isEqualTo(6);
        assertThat(secondsSlept()).isEqualTo(1 + 5 + 30 + 1 + 1);
    }

    @Test
    void theProcessThatBecomesTheDaemonHasARecordOfItsOwn() throws Exception {
        aHomeThatRan("for each; do echo \"$each\"; done >" + folder.resolve("given.txt") + "; " + TELLS);
        written(target.resolve("kept.aot"), BUILT.plusSeconds(5));
        written(target.resolve("kept-launch.aot"), BUILT.plusSeconds(5));
        given("start");
        assertThat(Files.readString(folder.resolve("given.txt")))
                .contains("-XX:AOTCache=" + target.resolve("kept-launch.aot") + "\n")
                .endsWith("\ndev.kept.daemon.launch.Launch\n");

        written(target.resolve("kept-launch.aot"), BUILT.minusSeconds(5));
        given("start");
        assertThat(Files.readString(folder.resolve("given.txt")))
                .contains("-XX:AOTCache=" + target.resolve("kept.aot") + "\n");
    }

    @Test
    void whereNobodyLooksJavaIsToldSo() throws Exception {
        assertThat(given("status")).contains("-Dkept.terminal.out=false", "-Dkept.terminal.err=false");
    }

    @Test
    void noVariableThatJavaObeysReachesItAndTheCallersOptionsComeBeforeItsOwn() throws Exception {
        program("jdk/bin/java", "env; for each; do echo \"$each\"; done\n");
        for (String name : List.of(
                "_JAVA_OPTIONS",
                "JAVA_TOOL_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "JDK_AOT_VM_OPTIONS",
                "IBM_JAVA_OPTIONS",
                "OPENJ9_JAVA_OPTIONS")) {
            variables.put(name, "-Dobeyed=" + name);
        }
        variables.put("KEPT_JAVA_OPTIONS", "-Da=*  -Db=2");
        assertThat(given("sessions"))
                .doesNotContain("-Dobeyed")
                .contains("\n-Da=*\n-Db=2\n-XX:+IgnoreUnrecognizedVMOptions\n");
    }

    @Test
    void javaHasALocaleInUtf8WhateverTheCallersIsWhichIsHandedOn() throws Exception {
        program("jdk/bin/java", "echo \"$LC_ALL|$KEPT_CALLER_LC_ALL|$LANG\"\n");
        for (String callers : List.of("", "C", "xx_YY.UTF-8", "POSIX")) {
            variables.put("LC_ALL", callers);
            variables.put("LANG", "tlh_QO");
            assertThat(given("status")).matches("(?i)[a-z_]+\\.utf-?8\\|" + callers + "\\|tlh_QO\n");
        }
    }

    private void moveTo(String name) throws IOException {
        Path odd = Files.createDirectories(folder.resolve(name));
        Files.copy(folder.resolve("kept"), odd.resolve("kept"));
        Files.createDirectories(odd.resolve("app/target"));
        written(odd.resolve("app/target/kept.jar"), BUILT);
        written(odd.resolve("app/target/kept.aot"), BUILT.plusSeconds(5));
        folder = odd;
    }

    @Test
    void aProgramBelowAColonIsNamedByTheNumberOfItsFolder() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/fd")), "no /proc");
        program("jdk/bin/java", "for each; do echo \"$each\"; done; ls /proc/self/fd/9/kept.jar\n");
        moveTo("a:b");
        assertThat(given("status"))
                .contains("-XX:AOTCache=/proc/self/fd/9/kept.aot\n")
                .endsWith("\n-jar\n/proc/self/fd/9/kept.jar\nstatus\n/proc/self/fd/9/kept.jar\n");
    }

    @Test
    void aProgramBelowAnEmojiSaysWhyItCannotRun() throws Exception {
        moveTo("a😀b");
        Ended ended = ran("status");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said()).startsWith("kept: Java cannot run from ").contains("emoji", "Move it");
        folder = folder.resolveSibling(".");
        moveTo("übÆ文");
        assertThat(given("status")).endsWith("\nstatus\n");
    }

    @Test
    void inTheHomeOfAnotherUserNothingIsMade() throws Exception {
        if (!System.getProperty("user.name").equals("root")) {
            System.out.println("ANOTHER USER LEFT OUT: only root can give a home to somebody else");
            Assumptions.abort("not root");
        }
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.setAttribute(home, "unix:uid", 54_321);
        assertThat(ran("supervise"))
                .isEqualTo(new Ended(2, "kept: " + home + "/.kept is another user's; run Kept as that user\n"));
        assertThat(home).isEmptyDirectory();
    }
}
