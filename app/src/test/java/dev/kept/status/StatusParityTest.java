package dev.kept.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.status.StatusReport.Daemon;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProcessMemory;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.RecordingStatus;
import dev.kept.status.StatusReport.Secrets;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.status.StatusReport.SnapshotMemory;
import dev.kept.status.StatusReport.UnknownType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusParityTest {
    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");
    private static final long MIB = 1024 * 1024;

    private static SessionStatus session(String id, boolean stale, int minutesAgo, boolean recorded) {
        return new SessionStatus(
                "claude",
                id + "-0000",
                id,
                Optional.of("snippet of " + id),
                Optional.of("snippet of " + id),
                Optional.of(Origin.WORDS),
                Optional.of("/work/" + id),
                Optional.of(NOW.minusSeconds(30)),
                Optional.of(NOW.minusSeconds(minutesAgo * 60L)),
                stale,
                1234,
                stale,
                !stale,
                recorded
                        ? Optional.of(new RecordingStatus(
                                "recording-1", "/work/notes.md", NOW.minusSeconds(7200), Optional.of(NOW)))
                        : Optional.empty());
    }

    private static StatusReport report() {
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                NOW,
                new Daemon(
                        true,
                        4711,
                        "9.8.7",
                        NOW.minusSeconds(86_400 * 3),
                        Optional.of(NOW.minusSeconds(6)),
                        "landlock"),
                new Memory(
                        128 * MIB,
                        new ProcessMemory(81 * MIB, 20 * MIB, 33 * MIB, 17 * MIB, 2 * MIB),
                        new SnapshotMemory(
                                11 * MIB,
                                53,
                                15_529,
                                new Evictions(9, 5 * MIB, Map.of("memory_pressure", 7L, "max_sessions", 2L)),
                                false)),
                new Imports(1000, 250, 800 * MIB, 200 * MIB),
                List.of(new ProviderStatus(
                        "claude",
                        List.of("/home/ada/.claude"),
                        61,
                        53,
                        3,
                        70_123,
                        12,
                        31 * MIB,
                        4,
                        List.of(new UnknownType(
                                "system/novelty", 12, "/home/ada/.claude/projects/p/s.jsonl at byte 77")),
                        List.of("/home/ada/.claude/projects/p/novelty.bin"),
                        163_840)),
                List.of(
                        session("aaaa1111", false, 2, false),
                        session("bbbb2222", true, 600, false),
                        session("cccc3333", false, 10, true)),
                List.of(new Problem(
                        "recording.denied",
                        "/etc is not allowed",
                        "kept allow /etc",
                        Optional.of(NOW.minusSeconds(60)),
                        2)),
                new Secrets(Map.of("github", 2L, "jwt", 1L)));
    }

    private static String text(StatusReport report, boolean all) {
        return StatusText.render(report, new StatusText.Options(all, false, path -> path), NOW);
    }

    @Test
    void jsonIsReadBackAsItWasWritten() throws Exception {
        assertThat(StatusJson.read(StatusJson.compact(report()))).isEqualTo(report());
        assertThat(StatusJson.read(StatusJson.indented(report()))).isEqualTo(report());
    }

    @Test
    void everyFactThatMattersIsInTheText() {
        assertThat(text(report(), true))
                .contains("9.8.7", "running for 3 days", "pid 4711", "sandbox landlock", "heartbeat 6 s ago")
                .contains("81 MiB of 128 MiB", "heap 20 MiB used, 33 MiB committed", "17 MiB", "direct 2 MiB")
                .contains("snapshots 11 MiB: 53 sessions, 15,529 events")
                .contains("9 evictions gave back 5 MiB (max_sessions 2, memory_pressure 7)")
                .contains("250 of 1,000 files, 200 MiB of 800 MiB (25 %)")
                .contains("claude", "53 files followed of 61 present", "31 MiB on tape", "70,123 records")
                .contains(
                        "/home/ada/.claude",
                        "3 unknown files",
                        "novelty.bin",
                        "12 unknown records",
                        "4 rewritten sources")
                .contains("“system/novelty” × 12", "s.jsonl at byte 77")
                .contains("163,840 events of very long sessions would be taken as new")
                .contains("aaaa1111", "snippet of aaaa1111", "2 min ago", "/work/aaaa1111", "1,234 events")
                .contains("bbbb2222", "stale", "evicted", "the agent deleted its file")
                .contains("/work/notes.md", "begun 2 h ago", "last written just now")
                .contains("3 secrets written as markers (github 2, jwt 1)")
                .contains("Problems  1", "/etc is not allowed", "1 min ago", "recording.denied")
                .contains("2 commands waiting", "to mend it: kept allow /etc");
    }

    @Test
    void recordingsComeFirstThenWhatWasSaidLast() {
        assertThat(report().sessions())
                .extracting(SessionStatus::shortId)
                .containsExactly("cccc3333", "aaaa1111", "bbbb2222");
        assertThat(text(report(), true)).containsSubsequence("cccc3333", "aaaa1111", "bbbb2222");
    }

    @Test
    void staleSessionsAreOnlyCountedUnlessAskedFor() {
        assertThat(text(report(), false))
                .contains("1 stale session not shown: kept status --all")
                .doesNotContain("bbbb2222");
    }

    @Test
    void overBudgetIsLoud() {
        StatusReport report = report();
        Memory over =
                new Memory(64 * MIB, report.memory().process(), report.memory().snapshots());

        String text = text(
                new StatusReport(
                        1,
                        NOW,
                        report.daemon(),
                        over,
                        report.imports(),
                        report.providers(),
                        report.sessions(),
                        report.problems(),
                        report.secrets()),
                false);

        assertThat(text).contains("MEMORY OVER BUDGET: 81 MiB of 64 MiB");
    }

    @Test
    void colorIsOnlyThereWhenAskedFor() {
        assertThat(text(report(), true)).doesNotContain("\u001b");
        assertThat(StatusText.render(report(), new StatusText.Options(true, true, path -> path), NOW))
                .contains("\u001b[");
    }

    @Test
    void noTitleCanDriveTheTerminal() {
        SessionStatus evil = new SessionStatus(
                "claude",
                "id",
                "id",
                Optional.of("a\u001b[2Jb\u202ec 👩‍💻"),
                Optional.of("a\u001b[2Jb\u202ec 👩‍💻"),
                Optional.of(Origin.WORDS),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                1,
                false,
                true,
                Optional.empty());
        StatusReport report = new StatusReport(
                1,
                NOW,
                report().daemon(),
                report().memory(),
                Imports.NONE,
                List.of(),
                List.of(evil),
                List.of(),
                Secrets.NONE);

        assertThat(text(report, false)).contains("a\uFFFD[2Jb\uFFFDc 👩‍💻").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void aLateHeartbeatIsSaid() {
        StatusReport report = report();

        assertThat(StatusText.render(report, StatusText.Options.PLAIN, NOW.plusSeconds(60)))
                .contains("The last heartbeat was 1 min ago: the daemon may hang. Try: kept restart");
    }
}
