package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.daemon.pipeline.ProblemBook;
import dev.kept.daemon.pipeline.ProviderCounters;
import dev.kept.daemon.source.DecoderSwap;
import dev.kept.daemon.source.FollowedSource;
import dev.kept.daemon.source.SourceCounters;
import dev.kept.daemon.source.SwapFile;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.model.SessionKey;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SourceKind;
import dev.kept.session.SessionFamilies;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.UnknownType;
import dev.kept.testing.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a source and said about it does not grow with what stands in it. */
class SourceBoundsTest {
    private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");
    private static final Provider CLAUDE = new ClaudeProvider();
    private static final Path FILE = Path.of("/work/a.jsonl");

    @TempDir
    private Path folder;

    private static DecodedRecord raw(String type, long length) {
        EventHeader header = new EventHeader(
                "id",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                EventHeader.MAIN_LINE,
                Authorship.NONE,
                new EventSource(type, 1, 0, length, 0));
        ConversationEvent event = new ProviderRaw(header, "unknown");
        return DecodedRecord.of(type, List.of(event), List.of());
    }

    private FollowedSource unnamed() throws IOException {
        DecoderSwap swap = new DecoderSwap(new SwapFile(folder), 0, Clock.systemUTC(), e -> {
            throw new AssertionError(e);
        });
        SourceInfo info = new SourceInfo(
                1,
                CLAUDE,
                "source",
                FILE,
                new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE, SourceKind.Layout.LINES),
                folder,
                START,
                START,
                START);
        return new FollowedSource(info, List.of(), new SessionFamilies(), swap, _ -> {
            throw new AssertionError("nothing is recorded");
        });
    }

    @Test
    void typesBeyondTheLastPlaceAreCountedTogether() {
        ProviderCounters counters = new ProviderCounters(CLAUDE, List.of());
        SourceCounters counts = new SourceCounters();
        long few = 0;
        for (int i = 0; i < 10_000; i++) {
            DecodedRecord reading = raw(("type-" + i).repeat(i < 20 ? 30_000 : 1), 10);
            counters.count(reading, FILE);
            counts.count(reading, FILE);
            few = i == 20 ? counts.heldBytes() : few;
        }
        assertThat(counters.status().recordsUnknown()).isEqualTo(10_000);
        assertThat(counters.status().unknownTypes())
                .hasSize(64)
                .allSatisfy(type -> assertThat(type.type()).hasSizeLessThanOrEqualTo(128));
        assertThat(counts.unknown()).hasSize(16);
        assertThat(counts.unknown().stream().mapToLong(UnknownType::count).sum())
                .isEqualTo(10_000);
        assertThat(counts.heldBytes()).isEqualTo(few).isLessThan(8_192);
    }

    @Test
    void aProblemIsShortenedAndOnlyTheLatestAreShown() {
        ProblemBook book = new ProblemBook(new TestClock(START));
        String subject = "s".repeat(200_000);
        for (int i = 0; i < 5_000; i++) {
            book.report("command.failed", subject + i, "m".repeat(200_000), "r".repeat(200_000), Duration.ofHours(1));
        }
        List<Problem> problems = book.list();
        assertThat(problems).hasSize(100);
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.message()).hasSize(2_000).endsWith("…");
            assertThat(problem.remedy()).hasSize(2_000);
        });
        book.clear("command.failed", subject + 4_999);
        assertThat(book.list()).hasSize(99);
    }

    @Test
    void recordsThatWaitForTheirSessionAreBoundedInBytes() throws IOException {
        FollowedSource source = unnamed();
        assertThat(source.accept(raw("a", 200 * 1024))).isEmpty();
        assertThat(source.accept(raw("b", 200 * 1024))).hasSize(2);
        assertThat(source.session()).contains(new SessionKey("claude", "source"));
    }

    @Test
    void aSourceGoesThroughABoundedNumberOfSessions() throws IOException {
        FollowedSource source = unnamed();
        for (int i = 0; i < 10_000; i++) {
            source.accept(DecodedRecord.withoutEvents(
                    "meta", "names the session", List.of(new SessionFact.Identity("s" + i))));
        }
        assertThat(source.sessions()).hasSize(FollowedSource.MAX_SESSIONS + 1);
        assertThat(source.session()).contains(new SessionKey("claude", "s" + FollowedSource.MAX_SESSIONS));
    }

    @Test
    void whatIsChargedForASourceFollowsItsPathItsFolderAndItsTypes() throws IOException {
        FollowedSource source = unnamed();
        long fresh = source.recharge();
        assertThat(source.recharge()).isZero();
        source.note(List.of(new SessionFact.WorkingDirectory("/" + "x".repeat(999))));
        source.counts().count(raw("strange", 10), FILE);
        assertThat(source.recharge()).isGreaterThan(1_000);
        assertThat(fresh).isGreaterThan(2_000);
    }
}
