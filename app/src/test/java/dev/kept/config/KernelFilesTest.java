package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFilesTest {
    private static final Pattern KERNEL_PATH = Pattern.compile("\"/(proc|sys)/");
    private static final Pattern OTHER_READ =
            Pattern.compile("\\bFiles\\s*\\.(readString|readAllBytes|lines|readAllLines)\\(");

    @Test
    void aSettingOfTheKernelIsReadWhole() throws Exception {
        Path setting = Path.of("/proc/sys/fs/inotify/max_user_watches");
        assumeTrue(Files.isReadable(setting));
        Process cat = new ProcessBuilder("cat", setting.toString()).start();
        String whole = new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(whole.strip()).hasSizeGreaterThan(1);
        assertThat(KernelFiles.read(setting)).isEqualTo(whole);
        assertThat(KernelFiles.number(setting)).isEqualTo(Long.parseLong(whole.strip()));
    }

    @Test
    void aFileLongerThanTheFirstBufferIsReadWhole(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("long");
        String text = "line\n".repeat(50_000);
        Files.writeString(file, text);
        assertThat(KernelFiles.read(file)).isEqualTo(text);
        assertThat(KernelFiles.lines(file)).hasSize(50_000);
        Files.writeString(file, "");
        assertThat(KernelFiles.read(file)).isEmpty();
        Files.writeString(file, "max\n");
        assertThatThrownBy(() -> KernelFiles.number(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("max");
    }

    @Test
    void nothingOfTheProgramReadsSuchFilesInAnotherWay() throws Exception {
        List<Path> others = new ArrayList<>();
        int read = 0;
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                String text = Files.readString(source);
                // SandboxStatus reads a file of Kept's own as well.
                boolean mixed = source.endsWith("SandboxStatus.java");
                if (KERNEL_PATH.matcher(text).find() && OTHER_READ.matcher(text).find() && !mixed) {
                    others.add(source);
                }
                read++;
            }
        }
        assertThat(read).isGreaterThan(100);
        assertThat(others).isEmpty();
    }
}
