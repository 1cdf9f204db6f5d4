package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.SessionKey;
import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.SimulatedDisk.Image;
import dev.kept.recording.contract.RecordingReport;
import dev.kept.recording.writer.SubagentDetail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What workers report reaches whom it is for, and what is over is forgotten. */
class RecordingEngineTest {
    private static final SessionKey SESSION = new SessionKey("claude", "session");

    @TempDir
    private Path temporary;

    private final SimulatedDisk disk = new SimulatedDisk(Image.empty());
    private ModelRun run;

    @BeforeEach
    void start() throws IOException {
        disk.makeFolder(Path.of("/work"));
        run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1));
        run.startRead();
    }

    @Test
    void aJournalThatCannotBeWrittenIsToldAndThatItCanBeAgain() {
        run.engine().report(new RecordingReport.JournalTrouble(SESSION, "no room"));
        assertThat(run.problems()).containsExactly("journal.unwritable: no room");
        assertThat(run.remedies())
                .containsExactly("Make room or mend the permissions of KEPT_HOME; it is tried again every second.");
        run.engine().report(new RecordingReport.JournalTrouble(SESSION, ""));
        assertThat(run.problems()).last().isEqualTo("mended: journal.unwritable");
    }

    @Test
    void whatIsReportedAboutSomethingThatIsOverIsForNobody() {
        run.engine().report(new RecordingReport.Journaled("session-9"));
        run.engine()
                .report(new RecordingReport.Prepared(99, new RecordingReport.Prepared.Ready(Path.of("/work/a.md"))));
        assertThat(run.engine().statuses()).isEmpty();
        assertThat(run.problems()).isEmpty();
    }

    @Test
    void whatReadersHoldIsChargedOnce() {
        run.engine().report(new RecordingReport.ReadersHold(5_000));
        run.engine().report(new RecordingReport.ReadersHold(8_000));
        run.engine().report(new RecordingReport.ReadersHold(8_000));
        assertThat(run.held()).isEqualTo(8_000);
        run.engine().report(new RecordingReport.ReadersHold(0));
        assertThat(run.held()).isZero();
    }

    @Test
    void aSessionMayBeTakenUpUnlessWhatWasOrderedThereIsStillUnderWay() throws IOException {
        Conversation conversation = Conversation.of(
                temporary,
                "session",
                new Chat("session").says().person("::capture /work/a.md").records(),
                Map.of());
        run.take(conversation, conversation.events().getFirst());
        run.repeated(conversation, conversation.events().getFirst());
        assertThat(run.factsMade()).isZero();
        assertThat(run.engine().isResumable(SESSION)).isTrue();

        run.readFrom(conversation, 1);
        assertThat(run.engine().isResumable(SESSION)).isFalse();
        run.settle();
        assertThat(run.engine().isResumable(SESSION)).isTrue();
        assertThat(run.engine().openRecordings()).isOne();
    }
}
