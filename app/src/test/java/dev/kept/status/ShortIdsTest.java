package dev.kept.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.kept.model.SessionKey;
import dev.kept.model.TokenUsage;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.status.StatusReport.SessionStatus;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShortIdsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static SessionSnapshotStatusMetadata session(String id, Instant lastEventAt) {
        return new SessionSnapshotStatusMetadata(
                new SessionKey("claude", id),
                "",
                "",
                Origin.WORDS,
                "",
                "",
                "",
                "",
                "",
                Optional.empty(),
                Optional.of(lastEventAt),
                Optional.empty(),
                0,
                true,
                1,
                1,
                TokenUsage.NONE,
                1);
    }

    private static List<SessionSnapshotStatusMetadata> sessions(String... ids) {
        return Stream.of(ids).map(id -> session(id, NOW)).toList();
    }

    @Test
    void anIdIsAsShortAsTheOthersAllow() {
        ShortIds ids = ShortIds.of(sessions("aaaaaaaaaaaa", "aaaaaaaaaabb", "aaaaaaaaaabbcc", "bb"));
        assertThat(ids.of("aaaaaaaaaaaa")).isEqualTo("aaaaaaaaaaa");
        assertThat(ids.of("aaaaaaaaaabb")).isEqualTo("aaaaaaaaaabb");
        assertThat(ids.of("aaaaaaaaaabbcc")).isEqualTo("aaaaaaaaaabbc");
        assertThat(ids.of("bb")).isEqualTo("bb");
    }

    @Test
    void theyAreMadeAnewOnlyWhenASessionCame() {
        ShortIds ids = ShortIds.of(sessions("one-long-id", "two-long-id"));
        assertThat(ids.or(sessions("two-long-id", "one-long-id"))).isSameAs(ids);
        assertThat(ids.or(sessions("one-long-id"))).isNotSameAs(ids);
        assertThat(ids.or(sessions("one-long-id", "two-long-id", "two-long-ix")).of("two-long-id"))
                .isEqualTo("two-long-id");
    }

    @Test
    void aHeartbeatMakesNothingOfSessionsThatNothingHappensIn() {
        List<SessionSnapshotStatusMetadata> sessions = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            sessions.add(session("session-%06d".formatted(i), NOW.minusSeconds(i < 3 ? 1 : 86_400)));
        }
        ShortIds ids = ShortIds.of(sessions);
        List<SessionStatus> live = SessionProjection.toLiveSessionStatuses(sessions, List.of(), ids, NOW);
        assertThat(live)
                .hasSize(3)
                .isEqualTo(SessionProjection.toSessionStatuses(sessions, List.of(), NOW).stream()
                        .filter(session -> !session.stale())
                        .toList());

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10; i++) {
            SessionProjection.toLiveSessionStatuses(sessions, List.of(), ids.or(sessions), NOW);
        }
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 10).isLessThan(10_000);
    }
}
