package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KernelFiles;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.ExitCode;
import dev.kept.sandbox.SandboxStatus;
import dev.kept.sandbox.WithoutLandlock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The three modes, on a kernel with and without Landlock. */
@Timeout(120)
class SandboxModeTest {
    @TempDir
    private Path temporary;

    @BeforeEach
    void assume() {
        SupervisedDaemon.assumeSandbox();
    }

    private SupervisedDaemon withoutLandlock() throws Exception {
        return new SupervisedDaemon(
                temporary,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WithoutLandlock.class.getName());
    }

    private static SandboxStatus told(SupervisedDaemon daemon) throws Exception {
        return SandboxStatus.fromJson(new ControlClient(daemon.home(), Duration.ofSeconds(10))
                .ask(new ControlRequest.Confinement())
                .orElseThrow());
    }

    @Test
    void requiredRefusesToStartWithoutLandlockAndSaysWhatToDo() throws Exception {
        try (SupervisedDaemon daemon = withoutLandlock()) {
            daemon.harness().configure("sandbox: required");
            assertThat(daemon.run()).isEqualTo(ExitCode.FAILED);
            assertThat(Files.readString(temporary.resolve("daemon.err")))
                    .contains("sandbox: required, but this kernel has no Landlock", "set sandbox: auto");
            assertThat(daemon.home().controlSocket()).doesNotExist();
        }
    }

    @Test
    void autoTakesWhatThereIsAndSaysWhatIsMissing() throws Exception {
        try (SupervisedDaemon daemon = withoutLandlock()) {
            daemon.harness().configure("sandbox: auto");
            daemon.start();
            assertThat(daemon.harness().status().daemon().sandbox()).isEqualTo("seccomp");
            assertThat(told(daemon).missing()).contains("no Landlock");
        }
    }

    @Test
    void offConfinesNothing() throws Exception {
        try (SupervisedDaemon daemon = new SupervisedDaemon(temporary)) {
            daemon.harness().configure("sandbox: off");
            daemon.start();
            assertThat(daemon.harness().status().daemon().sandbox()).isEqualTo("none");
            assertThat(told(daemon)).isEqualTo(SandboxStatus.NONE);
            assertThat(KernelFiles.read(Path.of("/proc/" + daemon.pid() + "/status")))
                    .contains("NoNewPrivs:\t0", "Seccomp:\t0");
        }
    }

    @Test
    void whoStartsTheDaemonPastItsLaunchGetsNoneThatIsRequired() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary)) {
            daemon.configure("sandbox: required");
            daemon.home().createDirectories();
            assertThat(daemon.launch().waitFor()).isEqualTo(ExitCode.FAILED);
            assertThat(daemon.diagnosis()).contains("sandbox: required, but this process is held only to: none");
        }
    }
}
