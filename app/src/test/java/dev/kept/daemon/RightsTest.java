package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who else on the machine gets at what the daemon keeps. */
@Timeout(120)
class RightsTest {
    @TempDir
    private Path temporary;

    @Test
    void everythingIsItsOwnersAloneWhateverTheUmask() throws Exception {
        try (SupervisedDaemon daemon =
                new SupervisedDaemon(temporary, "/bin/sh", "-c", "umask 000; exec \"$@\"", "sh")) {
            daemon.start();
            DaemonHarness harness = daemon.harness();
            ClaudeSession session = harness.session("own");
            session.personSays();
            session.person("::capture own.md");
            session.agentSays();
            session.person("::export " + daemon.home().recordings().resolve("sub/own.md"));
            session.person("::export " + harness.work().resolve("new/own.md"));
            harness.awaitTurns(harness.work().resolve("own.md"), session.turns());
            harness.eventually(
                    () -> assertThat(harness.work().resolve("new/own.md")).exists());
            harness.eventually(() -> assertThat(daemon.home().statusFile()).exists());

            // Again if a file goes away while it is looked at.
            harness.eventually(() -> assertPrivate(daemon.home().directory()));
            // A recording is private; the folder round it is the project's, and follows the umask.
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(harness.work().resolve("own.md"))))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(harness.work().resolve("new"))))
                    .isEqualTo("rwxrwxrwx");
        }
    }

    private static void assertPrivate(Path directory) throws IOException {
        List<String> open = new ArrayList<>();
        int looked = 0;
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                String wanted = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "rwx------" : "rw-------";
                String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                looked++;
                // The harness wrote the configuration itself.
                if (!rights.equals(wanted) && !path.endsWith("config.yaml")) {
                    open.add(rights + " " + path);
                }
            }
        }
        assertThat(open).isEmpty();
        assertThat(looked).isGreaterThan(20);
    }

    @Test
    void nothingListensOnTheNetwork() throws Exception {
        if (!Files.isReadable(Path.of("/proc/self/net/tcp"))) {
            Assumptions.abort("only Linux tells which sockets a process has");
        }
        try (SupervisedDaemon daemon = new SupervisedDaemon(temporary)) {
            daemon.start();
            ClaudeSession session = daemon.harness().session("net");
            session.personSays();
            daemon.harness()
                    .eventually(
                            () -> assertThat(daemon.harness().status(session)).isPresent());

            // Again if a connection ends between the two looks.
            daemon.harness().eventually(() -> assertNoSocketOfTheNetwork(daemon.pid()));
        }
    }

    private static void assertNoSocketOfTheNetwork(long pid) throws IOException {
        Set<String> own = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path each : descriptors.toList()) {
                String target = targetOf(each);
                if (target.startsWith("socket:[")) {
                    own.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        Set<String> unix = inodes("unix", 6);
        assertThat(own).as("the control socket is among them").isNotEmpty();
        assertThat(unix).containsAll(own);
        for (String table : List.of("tcp", "tcp6", "udp", "udp6", "raw", "raw6")) {
            assertThat(inodes(table, 9)).as(table).doesNotContainAnyElementsOf(own);
        }
    }

    /** Where a descriptor leads; nowhere if it was closed meanwhile. */
    private static String targetOf(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException closed) {
            return "";
        }
    }

    private static Set<String> inodes(String table, int column) throws IOException {
        Set<String> inodes = new HashSet<>();
        Path file = Path.of("/proc/self/net/" + table);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] columns = line.strip().split("\\s+", -1);
                if (columns.length > column) {
                    inodes.add(columns[column]);
                }
            }
        }
        return inodes;
    }

    @Test
    void noFileOfTheLaunchingProcessStaysOpenInTheDaemon() throws Exception {
        SupervisedDaemon.assumeSandbox();
        Path secret = Files.writeString(temporary.resolve("secret"), "x");
        try (SupervisedDaemon daemon =
                new SupervisedDaemon(temporary, "/bin/sh", "-c", "exec 9<" + secret + "; exec \"$@\"", "sh")) {
            daemon.start();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + daemon.pid() + "/fd"))) {
                for (Path each : descriptors.toList()) {
                    assertThat(targetOf(each)).isNotEqualTo(secret.toString());
                }
            }
        }
    }
}
