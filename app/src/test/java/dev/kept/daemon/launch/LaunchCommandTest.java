package dev.kept.daemon.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.control.JvmLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchCommandTest {
    @TempDir
    private Path temporary;

    private static final KeptHome HOME = new KeptHome(Path.of("/home/ada/.kept"), Path.of("/home/ada"));

    @ParameterizedTest
    @CsvSource({"96, 24, 4", "128, 56, 7", "256, 184, 16", "4096, 4024, 16"})
    void theHeapIsWhatTheCeilingLeaves(int ceiling, int heap, int young) {
        assertThat(JvmLimits.flags(ceiling, HOME))
                .contains("-Xmx" + heap + "m", "-XX:MaxNewSize=" + young + "m", "-XX:+UseSerialGC");
    }

    @Test
    void nothingIsWrittenOutsideTheHome() {
        assertThat(JvmLimits.flags(128, HOME))
                .contains(
                        "-XX:-UsePerfData",
                        "-XX:-HeapDumpOnOutOfMemoryError",
                        "-XX:ErrorFile=/home/ada/.kept/logs/crash.log",
                        "-Djava.io.tmpdir=/home/ada/.kept/run/tmp");
    }

    @Test
    void theCommandLineEndsWithTheDaemon() {
        List<String> command = Launch.command(
                HOME, KeptConfig.defaults(), Map.of(), "a-launch", new LaunchedProgram("kept.jar", Optional.empty()));

        assertThat(command.getFirst()).endsWith("/bin/java");
        assertThat(command).contains("-Xmx56m", "-Dkept.launch=a-launch");
        assertThat(command.getLast()).isEqualTo("dev.kept.daemon.DaemonMain");
    }

    @Test
    void aRecordOfTheDaemonsClassesIsUsed() {
        List<String> command = Launch.command(
                HOME,
                KeptConfig.defaults(),
                Map.of(),
                "a-launch",
                new LaunchedProgram("kept.jar", Optional.of(Path.of("/opt/kept/kept-daemon.aot"))));

        assertThat(command).contains("-XX:AOTCache=/opt/kept/kept-daemon.aot").endsWith("dev.kept.daemon.DaemonMain");
    }

    @Test
    void theOwnersOptionsComeBeforeTheLimitsSoThatTheLimitsHold() throws Exception {
        Map<String, String> environment = Map.of(
                "KEPT_JAVA_OPTIONS", " -Xmx1g  -XX:MaxHeapSize=1g -Xss8m\t-XX:MaxDirectMemorySize=1g -Dcolor=blue ");
        List<String> command = new ArrayList<>(Launch.command(
                new KeptHome(temporary, temporary),
                KeptConfig.defaults(),
                environment,
                "a-launch",
                new LaunchedProgram("kept.jar", Optional.empty())));
        assertThat(command).contains("-Dcolor=blue");
        command.set(command.size() - 1, "-version");
        command.add(1, "-XX:+PrintFlagsFinal");

        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String flags = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replaceAll(" +", " ");
        assertThat(java.waitFor()).as(flags).isZero();
        assertThat(flags)
                .contains(
                        "MaxHeapSize = " + (56L << 20) + " ",
                        "ThreadStackSize = 512 ",
                        "MaxDirectMemorySize = " + (4L << 20) + " ");
    }
}
