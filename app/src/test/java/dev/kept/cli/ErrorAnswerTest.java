package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.cli.terminal.CliContext;
import dev.kept.config.KeptHome;
import dev.kept.control.ControlAnswer;
import dev.kept.control.ControlServer;
import dev.kept.text.TerminalStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line does when the daemon answers that it cannot. */
class ErrorAnswerTest {
    private static final String ERROR = "the daemon failed to answer (Fault); try: kept restart";

    @TempDir
    private Path temporary;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) throws Exception {
        KeptHome home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
        try (ControlServer _ = ControlServer.open(home, _ -> ControlAnswer.of("{\"error\":\"" + ERROR + "\"}"))) {
            return Main.run(
                    List.of(arguments),
                    new CliContext(
                            home,
                            Map.of(),
                            new BufferedReader(Reader.nullReader()),
                            TerminalStream.to(out, true, false),
                            TerminalStream.to(err, true, false),
                            false,
                            false,
                            false,
                            Clock.systemUTC()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "status --json",
                "status --all",
                "record last",
                "unrecord last",
                "stop",
                "doctor --sandbox"
            })
    void itSaysSoOnTheErrorOutputAndFails(String command) throws Exception {
        assertThat(run(command.split(" "))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("kept: " + ERROR + "\n");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void whatIsReadFromDiskIsReadFromThereAndTheErrorIsShown() throws Exception {
        assertThat(run("sessions", "--ids")).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("kept: " + ERROR + "\n");
    }

    @Test
    void theDoctorShowsItAndNeedsAPerson() throws Exception {
        assertThat(run("doctor")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("kept: " + ERROR + "\n");
    }
}
