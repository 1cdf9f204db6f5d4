package dev.kept.daemon.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.codex.CodexProvider;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.session.SessionFamilies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionSourcesTest {
    private static final Provider CLAUDE = new ClaudeProvider();
    private static final SessionKey SESSION = new SessionKey("claude", "a");
    private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

    @TempDir
    private Path folder;

    private final SessionSources sources = new SessionSources();
    private DecoderSwap swap;
    private int number;

    @BeforeEach
    void open() throws IOException {
        swap = new DecoderSwap(new SwapFile(folder), 0, Clock.systemUTC(), e -> {
            throw new AssertionError(e);
        });
    }

    @Test
    void aCopyOfASessionInAnotherFolderTellsOnlyWhatIsNew() {
        FollowedSource first = source(CLAUDE, "-work/a.jsonl", "main");
        FollowedSource copy = source(CLAUDE, "-elsewhere/a.jsonl", "main");
        assertThat(untold(first, line("1") + line("2"))).hasSize(2);
        assertThat(untold(copy, line("1") + line("2") + line("3"))).hasSize(1);
        assertThat(untold(first, line("3") + line("4"))).hasSize(1);
        assertThat(sources.of(SESSION)).containsExactlyInAnyOrder(first, copy);
        assertThat(sources.newestMain(SESSION)).contains(copy);
    }

    @Test
    void whatASubagentsFileToldIsKnownThoughItsReadingIsParked() {
        FollowedSource main = source(CLAUDE, "-work/a.jsonl", "main");
        FollowedSource subagent = source(CLAUDE, "-work/a/subagents/agent-x.jsonl", "subagent/x");
        assertThat(untold(subagent, line("1"))).hasSize(1);
        swap.swapOutIdle();
        assertThat(untold(main, line("2"))).hasSize(1);
        assertThat(untold(subagent, line("2") + line("3"))).hasSize(1);
    }

    @Test
    void aSourceWhoseRecordsNameAnotherSessionIsNotOneOfThatOfItsName() {
        FollowedSource source = source(new CodexProvider(), "2026/03/01/rollout-a.jsonl", "main");
        sources.add(new SessionKey("codex", "a"), source);
        untold(
                source,
                "{\"timestamp\":\"2026-03-01T09:00:00Z\",\"type\":\"session_meta\",\"payload\":{\"id\":\"b\"}}\n");
        assertThat(sources.of(new SessionKey("codex", "b"))).containsExactly(source);
        assertThat(sources.of(new SessionKey("codex", "a"))).isEmpty();
    }

    private FollowedSource source(Provider provider, String path, String line) {
        number++;
        SourceInfo info = new SourceInfo(
                number,
                provider,
                "source-" + number,
                folder.resolve(path),
                new SourceKind.Session(Optional.of("a"), line, SourceKind.Layout.LINES),
                folder.resolve("tape-" + number),
                START.plusSeconds(number),
                START,
                START);
        return new FollowedSource(info, List.of(), new SessionFamilies(), swap, _ -> {
            throw new AssertionError("nothing is recorded");
        });
    }

    private List<ConversationEvent> untold(FollowedSource source, String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        List<ConversationEvent> events = new ArrayList<>();
        source.decoder()
                .use(reading -> reading.accept(
                        bytes,
                        0,
                        bytes.length,
                        record -> source.accept(record)
                                .forEach(known -> events.addAll(sources.withoutDelivered(
                                                source, source.session().orElseThrow(), known)
                                        .events()))));
        return events;
    }

    private static String line(String id) {
        return "{\"type\":\"user\",\"uuid\":\"" + id + "\",\"parentUuid\":null,\"isSidechain\":false,"
                + "\"promptSource\":\"typed\",\"origin\":{\"kind\":\"human\"},\"sessionId\":\"a\","
                + "\"timestamp\":\"2026-03-01T09:00:00Z\",\"message\":{\"role\":\"user\",\"content\":\"words\"}}\n";
    }
}
