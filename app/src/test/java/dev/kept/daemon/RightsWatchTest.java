package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.sandbox.AppliedRule;
import dev.kept.sandbox.PathRule;
import dev.kept.sandbox.SandboxRules;
import dev.kept.sandbox.SandboxStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RightsWatchTest {
    @TempDir
    private Path user;

    private KeptHome home;
    private Path projects;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");

    @BeforeEach
    void makeHome() throws Exception {
        home = new KeptHome(user.resolve(".kept"), user);
        home.createDirectories();
        projects = Files.createDirectories(user.resolve(".claude/projects"));
    }

    /** A watch as it is after a launch now. */
    private RightsWatch launched() throws Exception {
        KeptConfig config = ConfigReader.read(home, Providers.NAMES);
        SandboxRules rules = SandboxRules.of(home, config, Providers.roots(config, home, Map.of()), List.of());
        List<AppliedRule> applied = new ArrayList<>();
        for (PathRule rule : rules.rules()) {
            rule.identity().ifPresent(identity -> applied.add(new AppliedRule(rule, identity)));
        }
        return new RightsWatch(home, config, () -> rules, new SandboxStatus(7, true, "", applied), new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        });
    }

    private void configure(String yaml) throws IOException {
        Files.writeString(home.configFile(), yaml);
    }

    @Test
    void nothingIsFoundWhereNothingChanged() throws Exception {
        configure("maxSessions: 5\n");
        RightsWatch watch = launched();
        for (int i = 0; i < 10; i++) {
            assertThat(watch.check()).isEqualTo(new RightsWatch.Fine());
        }
        assertThat(home.relaunchesFile()).doesNotExist();
    }

    @Test
    void aReplacedRootIsFoundAndOneThatGoesIsNot() throws Exception {
        RightsWatch watch = launched();
        Files.delete(projects);
        assertThat(watch.check()).isEqualTo(new RightsWatch.Fine());
        // Another folder meanwhile, so that the number of the old one is not given out again.
        Files.createDirectory(user.resolve("other"));
        Files.createDirectory(projects);
        assertThat(watch.check()).isEqualTo(new RightsWatch.Relaunch("sandbox.outdated", projects));
        assertThat(launched().check()).isEqualTo(new RightsWatch.Fine());
    }

    @Test
    void anEditIsReadOnceItsWriterIsDone() throws Exception {
        configure("maxSessions: 5\n");
        RightsWatch watch = launched();
        watch.check();
        watch.check();
        configure("maxSessions: 6\n# half");
        assertThat(watch.check()).isEqualTo(new RightsWatch.Fine());
        configure("maxSessions: 6\n# half an hour");
        assertThat(watch.check()).isEqualTo(new RightsWatch.Fine());
        assertThat(watch.check()).isEqualTo(new RightsWatch.Relaunch("config.changed", home.configFile()));
    }

    @Test
    void anEditOfCommentsAloneChangesNothing() throws Exception {
        configure("maxSessions: 5\n");
        RightsWatch watch = launched();
        watch.check();
        watch.check();
        configure("# five\nmaxSessions: 5\n");
        for (int i = 0; i < 5; i++) {
            assertThat(watch.check()).isEqualTo(new RightsWatch.Fine());
        }
    }

    @Test
    void aConfigurationThatIsRefusedHindersEveryLaunch() throws Exception {
        RightsWatch watch = launched();
        configure("maxSesions: 5\n");
        watch.check();
        assertThat(watch.check()).isInstanceOf(RightsWatch.Hindered.class);
        Files.createDirectories(user.resolve(".config/claude/projects"));
        assertThat(watch.check()).isInstanceOfSatisfying(RightsWatch.Hindered.class, hindered -> {
            assertThat(hindered.code()).isEqualTo("config.refused");
            assertThat(hindered.message()).contains("did you mean maxSessions?");
        });
        configure("maxSessions: 7\n");
        watch.check();
        assertThat(watch.check()).isInstanceOf(RightsWatch.Relaunch.class);
    }

    @Test
    void aRootThatIsReplacedAllTheTimeMakesNoLoop() throws Exception {
        int relaunches = 0;
        List<Duration> pauses = new ArrayList<>();
        Instant last = now;
        Instant end = now.plus(Duration.ofHours(3));
        RightsWatch watch = launched();
        for (int i = 0; now.isBefore(end); i++) {
            now = now.plusSeconds(RightsThread.CHECK_SECONDS);
            Files.move(projects, user.resolve("old" + i));
            Files.createDirectory(projects);
            RightsWatch.Finding found = watch.check();
            if (found instanceof RightsWatch.Relaunch) {
                relaunches++;
                pauses.add(Duration.between(last, now));
                last = now;
                watch = launched();
            } else {
                assertThat(found)
                        .isInstanceOfSatisfying(
                                RightsWatch.Hindered.class,
                                hindered -> assertThat(hindered.code()).isEqualTo("sandbox.waiting"));
            }
        }
        assertThat(relaunches).isBetween(8, 30);
        assertThat(pauses.subList(0, 3)).allMatch(pause -> pause.toSeconds() <= 10);
        assertThat(pauses.get(6)).isGreaterThan(Duration.ofMinutes(2));
    }

    @Test
    void aDaemonThatCannotWriteDownThatItEndsDoesNotEnd() throws Exception {
        RightsWatch watch = launched();
        Files.createDirectory(home.relaunchesFile());
        Files.createFile(home.relaunchesFile().resolve("x"));
        Files.createDirectories(user.resolve(".config/claude/projects"));
        assertThat(watch.check()).isInstanceOf(RightsWatch.Hindered.class);
    }
}
