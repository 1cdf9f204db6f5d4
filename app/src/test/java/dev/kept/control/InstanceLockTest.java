package dev.kept.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.config.KeptHome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InstanceLockTest {
    @TempDir
    private Path temporary;

    private KeptHome home;

    @BeforeEach
    void makeHome() throws IOException {
        home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
    }

    /** Takes the lock of the home it is given, says so by a file, and waits to be killed. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            KeptHome home = new KeptHome(Path.of(arguments[0]), Path.of("/"));
            try (InstanceLock _ = InstanceLock.acquire(home)) {
                Files.createFile(home.run().resolve("held"));
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void aSecondDaemonIsRefusedAndToldWhoHoldsTheHome() throws Exception {
        try (InstanceLock _ = InstanceLock.acquire(home)) {
            assertThatThrownBy(() -> InstanceLock.acquire(home))
                    .isInstanceOf(InstanceLock.HeldException.class)
                    .hasMessageContaining("kept stop");
        }
        InstanceLock.acquire(home).close();
    }

    @Test
    void theLockOutlivesNoProcessNotEvenAKilledOne() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        home.directory().toString())
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        try {
            while (!Files.exists(home.run().resolve("held"))) {
                assertThat(holder.isAlive()).isTrue();
                Thread.sleep(20);
            }
            assertThatThrownBy(() -> InstanceLock.acquire(home))
                    .hasMessageContaining("another daemon (pid " + holder.pid() + ")");
            assertThat(InstanceLock.lastHolder(home)).map(ProcessHandle::pid).hasValue(holder.pid());
        } finally {
            holder.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        InstanceLock.acquire(home).close();
    }
}
