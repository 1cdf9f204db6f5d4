package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.ingest.admission.AdmissionRules;
import dev.kept.ingest.admission.RootLedger;
import dev.kept.ingest.copy.SourceFile;
import dev.kept.ingest.copy.SourceLimit;
import dev.kept.ingest.source.DiskSpace;
import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.source.PackedRules;
import dev.kept.provider.LinkRules;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.Tombstones;
import dev.kept.tape.packed.UnpackLimits;
import dev.kept.testing.TestClock;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LateRootTest {
    private static final Instant STARTED = Instant.parse("2026-03-01T09:00:00Z");
    private static final Instant LATER = STARTED.plusSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void aRootThatTheAgentMakesLaterIsFollowedSinceTheStart() throws IOException {
        Path root = folder.resolve("home/agent/.claude");
        catalog(Clock.fixed(STARTED, ZoneOffset.UTC)).await(root);
        assertThat(enabledAt(catalog(Clock.fixed(LATER, ZoneOffset.UTC)), root)).isEqualTo(STARTED);
    }

    /** The daemon answers before it has looked at its roots: what is typed in between is no history. */
    @Test
    void aRootIsFollowedSinceTheStartHoweverLateItIsLookedAt() throws IOException {
        TestClock clock = new TestClock(STARTED);
        SourceCatalog catalog = catalog(clock);
        clock.pass(Duration.between(STARTED, LATER));
        assertThat(enabledAt(catalog, folder.resolve("home/agent/.claude"))).isEqualTo(STARTED);
    }

    @Test
    void aRootThatALaterRunMeetsFirstIsFollowedSinceThatRunsStart() throws IOException {
        catalog(Clock.fixed(STARTED, ZoneOffset.UTC));
        assertThat(enabledAt(catalog(Clock.fixed(LATER, ZoneOffset.UTC)), folder.resolve("home/agent/.claude")))
                .isEqualTo(LATER);
    }

    /** Makes a session below the root and finds it; since when its commands count. */
    private static Instant enabledAt(SourceCatalog catalog, Path root) throws IOException {
        Path project = Files.createDirectories(root.resolve("projects/-work"));
        Files.writeString(project.resolve("0b1c2d3e-0000-4000-8000-000000000000.jsonl"), "{}\n");
        assertThat(catalog.follow(new ClaudeProvider(), root.toRealPath())).isEmpty();
        List<SourceFile> found = catalog.openGathered();
        assertThat(found).hasSize(1);
        return found.getFirst().info().rootEnabledAt();
    }

    private SourceCatalog catalog(Clock clock) throws IOException {
        Path tapes = Files.createDirectories(folder.resolve("tapes"));
        IngestListener deaf = (IngestListener) Proxy.newProxyInstance(
                IngestListener.class.getClassLoader(), new Class<?>[] {IngestListener.class}, (_, _, _) -> null);
        return new SourceCatalog(
                new TapeLibrary(tapes),
                new RootLedger(tapes.resolve("roots.json")),
                new Admission(AdmissionRules.EVERYTHING, Tombstones.open(tapes)),
                new SourceLimit(Integer.MAX_VALUE, clock.instant()),
                Map.of(),
                clock,
                new PackedRules(UnpackLimits.STANDARD, new DiskSpace(tapes, 0, deaf)),
                new SourceCatalog.DirectoryWatch() {
                    @Override
                    public void watch(Path directory, Path place) {}

                    @Override
                    public void watchFile(Path link, Path place) {}
                },
                LinkRules.NONE,
                deaf);
    }
}
