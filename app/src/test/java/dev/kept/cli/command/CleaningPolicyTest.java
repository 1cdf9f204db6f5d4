package dev.kept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.config.KeptConfig.Keeping;
import dev.kept.config.KeptHome;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three sessions of 1,000 bytes: the oldest is the only copy, of the others the agent still has its file. */
class CleaningPolicyTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final int BYTES = 1_000;
    private static final String OLDEST = "0aaa0000-0000-4000-8000-000000000000";
    private static final String OLD = "1bbb0000-0000-4000-8000-000000000000";
    private static final String NEW = "2ccc0000-0000-4000-8000-000000000000";

    @TempDir
    private Path temporary;

    private List<StoredSession> sessions = List.of();

    @BeforeEach
    void threeSessions() throws IOException {
        KeptHome home = new KeptHome(temporary.toRealPath().resolve(".kept"), temporary.toRealPath());
        home.createDirectories();
        tape(home, OLDEST, 300, false);
        tape(home, OLD, 200, true);
        tape(home, NEW, 1, true);
        sessions = new SessionArchive(home, List.of(new ClaudeProvider())).sessions(SessionArchive.Progress.NONE);
    }

    private static void tape(KeptHome home, String id, int daysAgo, boolean present) throws IOException {
        Path root = home.userHome().resolve(".claude");
        Path source = root.resolve("projects/p/" + id + ".jsonl");
        if (present) {
            Files.createDirectories(Objects.requireNonNull(source.getParent()));
            Files.writeString(source, "");
        }
        String record = "{\"type\":\"user\",\"sessionId\":\"" + id + "\",\"uuid\":\"u\",\"timestamp\":\""
                + NOW.minus(Duration.ofDays(daysAgo)) + "\",\"message\":{\"role\":\"user\",\"content\":\"hi\"}}";
        String line = record + " ".repeat(BYTES - record.length() - 1) + "\n";
        Path folder = new TapeLibrary(home.tapes()).folder("claude", TapeLibrary.sourceId(source));
        try (Tape tape = Tape.create(folder, "claude", TapeLibrary.sourceId(source), source, root, "", NOW)) {
            tape.append(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            tape.force();
        }
    }

    private List<String> going(Optional<Duration> retention, Optional<Long> most, boolean onlyCopies)
            throws IOException {
        Keeping keep = new Keeping(Optional.empty(), List.of(), retention, most, 0);
        return CleaningPolicy.choose(sessions, keep, onlyCopies, NOW).stream()
                .map(session -> session.key().sessionId())
                .toList();
    }

    @Test
    void withoutALimitNothingGoes() throws Exception {
        assertThat(going(Optional.empty(), Optional.empty(), true)).isEmpty();
    }

    @Test
    void whatIsOlderThanTheRetentionGoesUnlessItIsTheOnlyCopy() throws Exception {
        assertThat(going(Optional.of(Duration.ofDays(100)), Optional.empty(), false))
                .containsExactly(OLD);
        assertThat(going(Optional.of(Duration.ofDays(100)), Optional.empty(), true))
                .containsExactly(OLDEST, OLD);
        assertThat(going(Optional.of(Duration.ofDays(400)), Optional.empty(), true))
                .isEmpty();
    }

    @Test
    void theOldestGoUntilTheRestFits() throws Exception {
        assertThat(going(Optional.empty(), Optional.of(3L * BYTES), true)).isEmpty();
        assertThat(going(Optional.empty(), Optional.of(2L * BYTES), true)).containsExactly(OLDEST);
        assertThat(going(Optional.empty(), Optional.of(2L * BYTES), false)).containsExactly(OLD);
        assertThat(going(Optional.empty(), Optional.of(1L), false)).containsExactly(OLD, NEW);
    }
}
