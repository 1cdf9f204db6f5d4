package dev.kept.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people are told of an end that nobody asked for. */
class LastExitTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    private Path temporary;

    private KeptHome home;

    @BeforeEach
    void makeHome() throws Exception {
        home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
    }

    private LastExit end(int code, int launches, String pause, String said) throws Exception {
        Files.writeString(home.lastEndOutput(), said);
        Files.writeString(
                home.lastEndFile(),
                "at=" + NOW.getEpochSecond() + "\ncode=" + code + "\nran=12\nlaunches=" + launches + "\nof=5\npause="
                        + pause + "\n");
        return LastExit.read(home).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        3   | Terminating due to java.lang.OutOfMemoryError: Java heap space | out of memory
        70  | kept: a fault in Kept itself ended the thread kept-ingest: java.lang.Error at [] | a fault in Kept itself, in the thread kept-ingest
        1   | kept: the home is full | it could not begin (the home is full)
        70  | kept: a fault in Kept itself ended the thread kept-pipeline: java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached at [] | the system lets it have no more threads
        1   | # There is insufficient memory for the Java Runtime Environment to continue. | the system gave Java no memory (see logs/crash.log)
        2   | /h/config.yaml:1:1: unknown key sandbx; did you mean sandbox? | its configuration is refused (/h/config.yaml:1:1: unknown key sandbx; did you mean sandbox?)
        134 | # A fatal error | Java itself failed (SIGABRT; see logs/crash.log)
        137 | '' | ended by SIGKILL
        179 | '' | ended by signal 51
        9   | '' | exit code 9
        """)
    void itsCauseIsSaidInAFewWords(int code, String said, String cause) throws Exception {
        assertThat(end(code, 1, "1", said).cause()).isEqualTo(cause);
    }

    @Test
    void oneSentenceSaysWhatBecameOfIt() throws Exception {
        LastExit end = end(137, 2, "5", "");
        assertThat(end.sentence(NOW.plusSeconds(1)))
                .isEqualTo(
                        "Kept ended unexpectedly at 2026-11-22T12:00:00Z (just now): ended by SIGKILL; to be launched"
                                + " again in 4 s, 2 of 5");
        assertThat(end.sentence(NOW.plusSeconds(60))).endsWith("ended by SIGKILL; launched again, 2 of 5");
        assertThat(end.remedy(home, true)).startsWith("nothing if it stays away");

        LastExit last = end(3, 5, "", "");
        assertThat(last.sentence(NOW)).endsWith("out of memory; not launched again after 5 of 5");
        assertThat(last.remedy(home, false)).startsWith("kept start; ").contains("daemonMaxMemoryMb", "last-end.out");
    }

    @Test
    void itIsNewsForADay() throws Exception {
        assertThat(LastExit.read(home)).isEmpty();
        end(137, 1, "1", "");
        assertThat(LastExit.recent(home, NOW.plus(Duration.ofHours(23)))).isPresent();
        assertThat(LastExit.recent(home, NOW.plus(Duration.ofHours(25)))).isEmpty();
    }

    @Test
    void whatIsNoSuchFileIsNoEnd() throws Exception {
        Files.writeString(home.lastEndFile(), "at=x\n=\n");
        assertThat(LastExit.read(home)).isEmpty();
    }
}
