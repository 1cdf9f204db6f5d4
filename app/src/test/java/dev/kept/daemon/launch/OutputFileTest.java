package dev.kept.daemon.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    private Path temporary;

    @Test
    void theFileStaysShortHoweverMuchIsWrittenAndItsEndIsKept() throws IOException {
        KeptHome home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
        OutputFile output = new OutputFile(home);
        output.trim();
        assertThat(home.daemonOutput()).doesNotExist();
        Path earlier = home.earlierDaemonOutput();
        byte[] line = "a warning of the runtime, with an ü\n".getBytes(StandardCharsets.UTF_8);
        // As the launcher opens it.
        try (OutputStream appended =
                Files.newOutputStream(home.daemonOutput(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < 200_000; i++) {
                appended.write(line);
                if (i % 1000 == 0) {
                    output.trim();
                    assertThat(Files.size(home.daemonOutput())).isLessThanOrEqualTo(OutputFile.MAX_BYTES);
                }
            }
            appended.write("the end\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(Files.size(earlier)).isLessThanOrEqualTo(OutputFile.KEPT_BYTES + 3L);
        assertThat(Files.readString(earlier)).endsWith("with an ü\n");
        assertThat(Files.readString(home.daemonOutput())).endsWith("the end\n").doesNotContain("\0");
    }
}
