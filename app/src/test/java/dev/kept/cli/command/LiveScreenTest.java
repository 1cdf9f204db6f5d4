package dev.kept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.cli.terminal.Columns;
import dev.kept.cli.terminal.Style;
import dev.kept.cli.terminal.Terminal;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Daemon;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProcessMemory;
import dev.kept.status.StatusReport.RecordingStatus;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.status.StatusReport.SnapshotMemory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveScreenTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final long MIB = 1024 * 1024;

    private static SessionStatus session(int number, boolean recorded) {
        return new SessionStatus(
                "claude",
                "id-" + number,
                "id-" + number,
                Optional.of("漢字 and 😀 in session number " + number + " with quite a long title"),
                Optional.of("漢字 and 😀 in session number " + number + " with quite a long title"),
                Optional.of(Origin.WORDS),
                Optional.of("/home/a/work/with/a/long/path"),
                Optional.of(NOW),
                Optional.of(NOW.minusSeconds(number)),
                false,
                3,
                false,
                true,
                recorded
                        ? Optional.of(
                                new RecordingStatus("r", "/home/a/notes/n" + number + ".md", NOW, Optional.of(NOW)))
                        : Optional.empty());
    }

    private static StatusReport report(int sessions, int recorded, int problems) {
        List<SessionStatus> all = new ArrayList<>();
        IntStream.range(0, sessions).forEach(i -> all.add(session(i, i < recorded)));
        return new StatusReport(
                1,
                NOW,
                new Daemon(true, 42, "0.1", NOW.minusSeconds(7200), Optional.of(NOW), "none"),
                new Memory(
                        128 * MIB,
                        new ProcessMemory(64 * MIB, 20 * MIB, 30 * MIB, 10 * MIB, MIB),
                        new SnapshotMemory(9 * MIB, sessions, 3, Evictions.NONE, false)),
                Imports.NONE,
                List.of(),
                all,
                Collections.nCopies(problems, new Problem("c", "something is wrong", "mend it", Optional.of(NOW), 0)),
                new StatusReport.Secrets(Map.of()));
    }

    private static List<String> screen(StatusReport report, int rows, int columns) {
        List<Long> history = Collections.nCopies(300, 64 * MIB);
        return LiveScreen.of(
                report,
                history,
                history,
                new Terminal.Size(rows, columns),
                new Style(false),
                UnaryOperator.identity(),
                NOW);
    }

    @ParameterizedTest
    @CsvSource({"24, 80", "50, 200", "12, 40", "5, 20", "2, 10", "1, 1"})
    void itHasAsManyRowsAsThereAreAndNoneIsTooWide(int rows, int columns) {
        for (int[] counts : new int[][] {{0, 0, 0}, {3, 1, 0}, {200, 40, 9}, {100, 0, 2}}) {
            List<String> lines = screen(report(counts[0], counts[1], counts[2]), rows, columns);
            assertThat(lines).hasSize(rows);
            if (columns >= 40) {
                assertThat(lines)
                        .allSatisfy(line -> assertThat(Columns.of(line)).isLessThanOrEqualTo(columns));
            }
        }
    }

    @Test
    void itTellsTheDaemonMemoryRecordingsSessionsAndProblems() {
        String screen = String.join("\n", screen(report(5, 1, 1), 24, 100));
        assertThat(screen)
                .contains(
                        "Kept 0.1  running 2 h  pid 42  sandbox none",
                        "heartbeat just now",
                        "Memory  64 MiB of 128 MiB  ████████████████████░░░░░░░░░░░░░░░░░░░░",
                        "RSS   ▅▅▅",
                        "Recording  1 session",
                        "● id-0",
                        "→ n0.md",
                        "Sessions  4 live, 0 stale",
                        "something is wrong",
                        "→ mend it")
                .endsWith("q quits");
    }

    @Test
    void problemsKeepTheirPlaceHoweverManySessionsThereAre() {
        assertThat(screen(report(500, 30, 2), 24, 80)).anyMatch(line -> line.contains("something is wrong"));
    }

    @Test
    void whatFitsIsLeftAsItIsAndWhatDoesNotEndsInAnEllipsis() {
        assertThat(Columns.cut("abc", 3)).isEqualTo("abc");
        assertThat(Columns.cut("abcd", 3)).isEqualTo("ab…");
        assertThat(Columns.cut("漢字漢字", 4)).isEqualTo("漢…");
        assertThat(Columns.of("e\u0301😀漢")).isEqualTo(5);
        assertThat(Columns.fitted("漢", 4)).isEqualTo("漢  ");
        assertThat(Columns.cut("abc", 0)).isEmpty();
    }
}
