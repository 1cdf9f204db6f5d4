package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn -Pdist package} made, where there is nothing else. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class DistIT {
    /** All that the launcher calls, and what this test does. */
    private static final List<String> TOOLS =
            List.of("sh", "readlink", "dirname", "setsid", "mkdir", "chmod", "sleep", "cat");

    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

    /** From the first start to the second stop, in a root without Java, from a place that nobody writes to. */
    private static final String STORY = """
            set -u
            kept=$(echo /opt/kept*/kept)
            mkdir -p /home/ada/.claude/projects/-work
            export HOME=/home/ada
            for java in /usr/lib/jvm /usr/bin/java /bin/java; do [ ! -e "$java" ] || echo "there is $java"; done
            "$kept" --version
            "$kept" status; echo "status $?"
            "$kept" start; echo "start $?"
            session=7d3f1c52-9a4e-4b60-8c11-5e0a2f6b9d34
            echo '{"parentUuid":null,"isSidechain":false,"userType":"external","cwd":"/work","sessionId":"'$session'","version":"2.1.330","type":"user","uuid":"00000000-0000-4000-8000-000000000001","timestamp":"2026-06-01T12:00:00.000Z","message":{"role":"user","content":"Is anybody there?"},"origin":{"kind":"human"},"promptSource":"typed"}' >"$HOME/.claude/projects/-work/$session.jsonl"
            said=
            tries=0
            while [ "$tries" -lt 200 ]; do
                said=$("$kept" show last 2>/dev/null)
                case $said in *anybody*) break ;; esac
                tries=$((tries + 1))
                sleep 0.1
            done
            echo "$said"
            "$kept" status --all
            while IFS= read -r line; do
                case $line in *kept-daemon.aot*) echo "from its record"; break ;; esac
            done <"/proc/$(cat "$HOME/.kept/run/daemon.pid")/maps"
            "$kept" stop; echo "stop $?"
            "$kept" start; echo "again $?"
            "$kept" stop
            mkdir "${kept%/*}/written" 2>/dev/null || echo "read only"
            """;

    @TempDir
    private Path temporary;

    private Path dist = Path.of("");

    @BeforeEach
    void packed() throws IOException {
        String folder = System.getProperty("kept.dist", "");
        if (folder.isEmpty()) {
            System.out.println("DIST LEFT OUT: only mvn -Pdist verify makes the archives");
            Assumptions.abort("no archives");
        }
        dist = Path.of(folder);
        temporary = temporary.toRealPath();
    }

    private Path only(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(dist)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(suffix)).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    private record Ended(int code, String said) {}

    private static Ended run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeIf(name -> name.startsWith("KEPT_") || name.startsWith("JAVA_"));
        Path said = Files.createTempFile("kept", ".out");
        Process process = builder.redirectOutput(said.toFile()).start();
        assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(said);
        Files.delete(said);
        return new Ended(process.exitValue(), text);
    }

    private Path unpacked(Path into) throws Exception {
        Files.createDirectories(into);
        assertThat(run("tar", "-xzf", only(".tar.gz").toString(), "-C", into.toString()))
                .isEqualTo(new Ended(0, ""));
        try (Stream<Path> below = Files.list(into)) {
            return below.findFirst().orElseThrow();
        }
    }

    @Test
    void theArchiveRunsInARootThatHasNoJava() throws Exception {
        Path root = Files.createDirectories(temporary.resolve("root"));
        Path kept = unpacked(root.resolve("opt"));
        for (String folder : List.of("bin", "dev", "proc", "tmp", "work")) {
            Files.createDirectories(root.resolve(folder));
        }
        for (String tool : TOOLS) {
            Path found = Path.of("/bin").resolve(tool);
            Assumptions.assumeTrue(Files.exists(found), "no " + found);
            Files.copy(found.toRealPath(), root.resolve("bin").resolve(tool));
            librariesOf(found, root);
        }
        try (Stream<Path> own = Files.walk(kept.resolve("runtime/lib"))) {
            for (Path library :
                    own.filter(file -> file.toString().endsWith(".so")).toList()) {
                librariesOf(library, root);
            }
        }
        Files.writeString(root.resolve("story.sh"), STORY);
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child"));
        if (run(command("unshare", "--mount", "true")).code() != 0) {
            command.add("--map-root-user");
        }
        command.addAll(List.of(
                "sh",
                "-c",
                "mount --rbind /dev \"$0/dev\" && mount -t proc proc \"$0/proc\""
                        + " && mount --bind \"$0/opt\" \"$0/opt\" && mount -o remount,bind,ro \"$0/opt\""
                        + " && exec env -i PATH=/bin:/usr/bin:/usr/sbin:/sbin chroot \"$0\" /bin/sh \"$1\""));
        if (run(command(command, root, "/dev/null")).code() != 0) {
            System.out.println("EMPTY ROOT LEFT OUT: no namespaces here, or no right to them");
            Assumptions.abort("no empty root");
        }

        Ended story = run(command(command, root, "/story.sh"));

        assertThat(story.said())
                .doesNotContain("there is /")
                .startsWith("kept 0.")
                .contains(
                        "status 3\n",
                        "start 0\n",
                        "Is anybody there?",
                        "is running for",
                        "from its record\nKept has stopped.\nstop 0\nKept is running (pid ",
                        "again 0\nKept has stopped.\n",
                        "read only\n");
        assertThat(story.code()).isZero();
    }

    private static String[] command(String... words) {
        return words;
    }

    private static String[] command(List<String> words, Path root, String script) {
        return Stream.concat(words.stream(), Stream.of(root.toString(), script)).toArray(String[]::new);
    }

    /** What the loader needs for a program or a library, at the same place below the root. */
    private static void librariesOf(Path binary, Path root) throws Exception {
        Matcher library = LIBRARY.matcher(run("ldd", binary.toString()).said());
        while (library.find()) {
            Path path = Path.of(library.group(1));
            Path copy = root.resolve(path.toString().substring(1));
            if (!path.startsWith(root) && !Files.exists(copy)) {
                Files.createDirectories(copy.getParent());
                Files.copy(path.toRealPath(), copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static List<String> with(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toList();
    }

    /** Java refuses, when it is told to insist, a record that does not fit jars and runtime. */
    @Test
    void theRecordOfClassesFitsWhereverTheArchiveIsUnpacked() throws Exception {
        Path kept = unpacked(temporary.resolve("some where"));
        String flags = Files.readString(kept.resolve("kept")).replaceAll("(?s).*\nflags=\"([^\"]*)\".*", "$1");
        assertThat(Files.getLastModifiedTime(kept.resolve("program/kept-status.aot")))
                .isGreaterThan(Files.getLastModifiedTime(kept.resolve("program/kept.jar")));
        List<String> java = new ArrayList<>();
        java.add(kept.resolve("runtime/bin/java").toString());
        java.addAll(List.of(flags.strip().split("\\s+", -1)));
        java.add("-XX:AOTMode=on");
        String jar = kept.resolve("program/kept.jar").toString();
        List<String> command = with(java, "-XX:AOTCache=" + kept.resolve("program/kept.aot"), "-jar", jar, "--version");
        assertThat(run(command.toArray(String[]::new)).said()).startsWith("kept 0.");
        assertThat(Files.getLastModifiedTime(kept.resolve("program/kept.aot")))
                .isGreaterThan(Files.getLastModifiedTime(kept.resolve("program/kept.jar")));
        // Gets as far as the refusal, which Java that refuses the record would not.
        List<String> launch = with(
                java,
                "-XX:AOTCache=" + kept.resolve("program/kept-launch.aot"),
                "-Xint",
                "-cp",
                jar,
                "dev.kept.daemon.launch.Launch");
        Path home = Files.createDirectories(temporary.resolve("home"));
        Files.writeString(home.resolve("config.yaml"), "no such key: 1\n");
        assertThat(run(with(List.of("env", "KEPT_HOME=" + home), launch.toArray(String[]::new))
                        .toArray(String[]::new)))
                .satisfies(ended -> {
                    assertThat(ended.said()).contains("config.yaml:1:1: unknown key");
                    assertThat(ended.code()).isEqualTo(2);
                });

        // So that the insisting means something.
        Files.writeString(kept.resolve("program/kept.aot"), "no record");
        assertThat(run(command.toArray(String[]::new)).code()).isNotZero();
        // And without being told to, it starts all the same.
        assertThat(run(kept.resolve("kept").toString(), "completion", "bash").said())
                .contains("complete -F _kept");
    }

    @Test
    void theDebianPackageIsOneForItsOwnTool() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/dpkg-deb"))) {
            System.out.println("DEB LEFT OUT: there is no dpkg-deb");
            Assumptions.abort("no dpkg-deb");
        }
        String deb = only(".deb").toString();
        assertThat(run("dpkg-deb", "--field", deb, "Package", "Depends").said())
                .isEqualTo("Package: kept\nDepends: libc6\n");
        Path root = temporary.resolve("root");
        assertThat(run("dpkg-deb", "--extract", deb, root.toString())).isEqualTo(new Ended(0, ""));
        assertThat(root.resolve("usr/share/man/man1/kept.1"))
                .content(StandardCharsets.UTF_8)
                .startsWith(".TH KEPT 1");
        assertThat(root.resolve("usr/share/bash-completion/completions/kept")).exists();
        assertThat(run(root.resolve("usr/bin/kept").toString(), "--version").said())
                .startsWith("kept 0.");
        assertThat(run(root.resolve("usr/bin/kept").toString(), "completion", "fish")
                        .code())
                .isZero();
    }
}
