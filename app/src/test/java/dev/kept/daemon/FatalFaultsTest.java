package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that lost one of its threads does not live on as if nothing had happened. */
class FatalFaultsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path temporary;

    private KeptHome home;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void makeHome() throws Exception {
        home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
    }

    private CompletableFuture<Integer> afterAFaultIn(String name, boolean launched) throws InterruptedException {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        PrintStream errors = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Thread thread = Thread.ofPlatform().name(name).unstarted(() -> {
            throw new StackOverflowError("made for a test");
        });
        thread.setUncaughtExceptionHandler(new FatalFaults(home, end, launched, CLOCK, errors));
        thread.start();
        thread.join();
        return end;
    }

    @Test
    void theEndOfAThreadIsTheEndOfTheDaemonWhichIsLaunchedAnewButNotInALoop() throws Exception {
        for (int i = 0; i < RelaunchLedger.FREE; i++) {
            assertThat(afterAFaultIn("kept-ingest", true)).isCompletedWithValue(ExitCode.RELAUNCH);
        }
        assertThat(afterAFaultIn("kept-ingest", true)).isCompletedWithValue(ExitCode.FAILED);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("kept-ingest")
                .contains("StackOverflowError");
    }

    @Test
    void whoWasNotLaunchedEnds() throws Exception {
        assertThat(afterAFaultIn("kept-pipeline", false)).isCompletedWithValue(ExitCode.FAILED);
    }

    @Test
    void aFaultInTheThreadOfOneClientEndsNothing() throws Exception {
        assertThat(afterAFaultIn("control-request", true)).isNotDone();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("control-request");
    }
}
