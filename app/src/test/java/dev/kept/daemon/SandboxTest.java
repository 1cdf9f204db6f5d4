package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real daemon in its sandbox, with somebody inside who tries to get out. */
@Timeout(120)
class SandboxTest {
    @TempDir
    private Path temporary;

    /** What the probe got, by the name of the try. */
    private Map<String, String> probe(String yaml) throws Exception {
        try (SupervisedDaemon daemon = new SupervisedDaemon(temporary)) {
            Path home = daemon.home().userHome();
            daemon.home().createDirectories();
            daemon.harness()
                    .configure(
                            yaml + "\nallowedWriteRoots: ['" + daemon.harness().work() + "']");
            plant(home);
            Path agent = agentJar(daemon.home().state().resolve("probe.jar"));
            daemon.with("KEPT_JAVA_OPTIONS", "-javaagent:" + agent + "=" + home);
            try (ServerSocket tcp = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                    ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                unix.bind(UnixDomainSocketAddress.of(home.resolve("other.sock")));
                Files.writeString(daemon.home().state().resolve("port"), Integer.toString(tcp.getLocalPort()));
                daemon.start();
                Path results = daemon.home().directory().resolve(SandboxProbe.RESULTS);
                daemon.harness().eventually(() -> assertThat(results).exists());
                assertThat(daemon.harness().status().daemon().running()).isTrue();
                Map<String, String> found = new TreeMap<>();
                for (String line : Files.readAllLines(results)) {
                    String[] parts = line.split("\t", 2);
                    found.put(parts[0], parts[1]);
                }
                return found;
            }
        }
    }

    private static void plant(Path home) throws IOException {
        Path ssh = Files.createDirectories(home.resolve(".ssh"));
        for (String name : List.of("id_test", "id_other", "id_third")) {
            Files.writeString(ssh.resolve(name), "a secret\n");
        }
        Path project = Files.createDirectories(home.resolve(".claude/projects/p"));
        Files.writeString(home.resolve(".claude/.credentials.json"), "{}");
        Files.writeString(project.resolve("beside.jsonl"), "{}\n");
        Files.createSymbolicLink(project.resolve("link.jsonl"), ssh.resolve("id_test"));
        Files.createSymbolicLink(home.resolve("work/link.md"), ssh.resolve("id_test"));
        Files.createSymbolicLink(home.resolve("work/out.md"), home.resolve("outside2.txt"));
        Files.createSymbolicLink(home.resolve(".kept/recordings/link.md"), ssh.resolve("id_test"));
    }

    private static Path agentJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", SandboxProbe.class.getName());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (String name : List.of("SandboxProbe", "SandboxProbe$Try")) {
                String entry = "dev/kept/daemon/" + name + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream bytes = SandboxTest.class.getResourceAsStream("/" + entry)) {
                    bytes.transferTo(out);
                }
            }
        }
        return jar;
    }

    @Test
    void nobodyInsideTheDaemonGetsOutAndItsWorkGoesOn() throws Exception {
        SupervisedDaemon.assumeSandbox();
        Map<String, String> found = probe("sandbox: required");

        assertThat(found).hasSizeGreaterThan(55);
        assertThat(found)
                .allSatisfy((name, outcome) ->
                        assertThat(outcome).as(name).startsWith(name.startsWith("+ ") ? "did" : "refused"));
        Path home = temporary.toRealPath().resolve("h");
        assertThat(home.resolve("outside.txt")).doesNotExist();
        assertThat(home.resolve("outside2.txt")).doesNotExist();
        assertThat(home.resolve(".ssh/id_third")).exists();
    }

    @Test
    void whatTheProbeTriesWouldWorkWithoutTheSandbox() throws Exception {
        Map<String, String> found = probe("sandbox: off");
        // Most kernels do not have it.
        found.remove("execve by its other number");

        assertThat(found)
                .allSatisfy((name, outcome) -> assertThat(outcome).as(name).startsWith("did"));
    }
}
