package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import dev.kept.control.QuarantinedSource;
import dev.kept.tape.ReadingGuard;
import dev.kept.tape.ReadingMarks;
import dev.kept.tape.ReadingMarks.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon learns of the one before, which ended while it read. */
class ReadingLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String TAPE = "claude/7d3f1c52-0011223344556677";

    @TempDir
    private Path temporary;

    private KeptHome home;
    private Instant now = NOW;

    @BeforeEach
    void makeHome() throws Exception {
        home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
    }

    private ReadingGuard begin(String program) {
        now = now.plusSeconds(1);
        return ReadingLedger.open(home, program, now);
    }

    /** A daemon that dies for want of memory while it reads. */
    private void dies(Reader reader, String tape) throws Exception {
        isEnded(reader, tape, 3);
    }

    private void isEnded(Reader reader, String tape, int code) throws Exception {
        ReadingGuard guard = begin("1");
        guard.marks().begin(reader, tape);
        guard.marks().close();
        Files.writeString(
                home.lastEndFile(),
                "at=" + Instant.now().getEpochSecond() + "\ncode=" + code + "\nran=1\nlaunches=1\nof=5\npause=1\n");
    }

    @Test
    void anEndThatSomebodyWishedForOrThatNobodySawIsNoFaultOfWhatWasRead() throws Exception {
        for (int i = 0; i < 3; i++) {
            isEnded(Reader.PIPELINE, TAPE, 137);
        }
        assertThat(begin("1").unread()).isEmpty();
        for (int i = 0; i < 3; i++) {
            isEnded(Reader.PIPELINE, TAPE, 3);
            Files.delete(home.lastEndFile());
        }
        assertThat(begin("1").unread()).isEmpty();
        assertThat(home.setAsideFile()).doesNotExist();
    }

    @Test
    void aSourceThatTookTheDaemonDownTwiceIsSetAsideAndNoOther() throws Exception {
        dies(Reader.PIPELINE, TAPE);
        assertThat(begin("1").unread()).isEmpty();
        dies(Reader.AHEAD, TAPE);
        ReadingGuard guard = begin("1");
        assertThat(guard.unread()).containsExactly(TAPE);
        assertThat(guard.unrendered()).isEmpty();
        assertThat(QuarantinedSource.read(home)).singleElement().satisfies(each -> {
            assertThat(each.times()).isEqualTo(2);
            assertThat(each.remedy()).isEqualTo("kept retry 7d3f1c52-0011223344556677");
        });
    }

    @Test
    void whatWasReadToItsEndIsOfNoAccount() throws Exception {
        for (int i = 0; i < 3; i++) {
            ReadingGuard guard = begin("1");
            guard.note(Reader.PIPELINE, TAPE).close();
            guard.marks().close();
        }
        assertThat(begin("1").unread()).isEmpty();
        assertThat(home.setAsideFile()).doesNotExist();
    }

    @Test
    void twoReadersOfOneTapeAtOneEndCountOnce() throws Exception {
        ReadingGuard guard = begin("1");
        guard.marks().begin(Reader.PIPELINE, TAPE);
        guard.marks().begin(Reader.AHEAD, TAPE);
        guard.marks().close();
        assertThat(begin("1").unread()).isEmpty();
    }

    @Test
    void aConversationThatIsReadForARecordingIsSetAsideForRecordingsOnly() throws Exception {
        dies(Reader.REPLAY, TAPE);
        dies(Reader.REPLAY, TAPE);
        ReadingGuard guard = begin("1");
        assertThat(guard.unread()).isEmpty();
        assertThat(guard.unrendered()).containsExactly(TAPE);
    }

    @Test
    void anotherProgramTriesAgainAndSoDoesTheOneThatIsAskedTo() throws Exception {
        dies(Reader.PIPELINE, TAPE);
        dies(Reader.PIPELINE, TAPE);
        assertThat(begin("1").unread()).hasSize(1);
        assertThat(begin("2").unread()).isEmpty();
        assertThat(begin("1").unread()).isEmpty();

        dies(Reader.PIPELINE, TAPE);
        dies(Reader.PIPELINE, TAPE);
        begin("1");
        assertThat(QuarantinedSource.forget(home, "nothing-like-it")).isEmpty();
        assertThat(begin("1").unread()).hasSize(1);
        assertThat(QuarantinedSource.forget(home, "7d3f1c52")).hasSize(1);
        assertThat(begin("1").unread()).isEmpty();
    }

    @Test
    void twoEndsThatLieDaysApartAreAccidents() throws Exception {
        dies(Reader.PIPELINE, TAPE);
        begin("1").marks().close();
        now = now.plus(Duration.ofDays(2));
        dies(Reader.PIPELINE, TAPE);
        assertThat(begin("1").unread()).isEmpty();
    }

    @Test
    void aCheckpointThatCannotBeTakenUpIsDoneWithoutTheNextTime() throws Exception {
        Files.writeString(home.state().resolve("checkpoint"), "huge");
        dies(Reader.RESTORE, ReadingLedger.CHECKPOINT);
        assertThat(begin("1").unread()).isEmpty();
        assertThat(home.state().resolve("checkpoint")).doesNotExist();
    }

    @Test
    void whatIsNoLedgerAndNoMarksKeepsNobodyFromBeginning() throws Exception {
        Files.writeString(home.setAsideFile(), "{\"sources\":[{\"tape\":1}]");
        Files.write(home.readingFile(), new byte[] {-1, 0, 7});
        assertThat(begin("1").unread()).isEmpty();
        assertThat(ReadingMarks.read(home.readingFile())).isEmpty();
    }
}
