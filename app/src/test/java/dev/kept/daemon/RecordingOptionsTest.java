package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.config.KeptHome;
import dev.kept.recording.SecretResolver;
import dev.kept.recording.secret.MarkerKey;
import dev.kept.tape.TapeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the owner configured, obeyed by the real daemon: names, places, looks, and which files keep secrets. */
@Timeout(120)
class RecordingOptionsTest {
    private static final String PASSWORD = "Tr4ubenzucker-9";
    private static final String SECRET = "redis://:" + PASSWORD + "@cache/0";
    private static final Pattern MARKER = Pattern.compile("\\[secret:url-password:[0-9a-f]{8}]");

    @TempDir
    private static Path temporary;

    private static DaemonHarness daemon;
    private static Path notes;

    @BeforeAll
    static void startDaemon() throws Exception {
        daemon = new DaemonHarness(temporary);
        notes = Files.createDirectories(daemon.work().resolve("notes"));
        Files.createDirectories(daemon.work().resolve("private"));
        Files.writeString(daemon.home().configFile(), """
                allowedWriteRoots: ['%1$s']
                recordings:
                  timeZone: UTC
                  userName: Nobody
                  fileName: "{project} {slug}"
                  directory: '%1$s/notes'
                  toolResultMaxChars: 400
                  keepSecretsIn: ['%1$s/private/**']
                providers:
                  claude:
                    recordings:
                      userName: Mira
                """.formatted(daemon.work()));
        daemon.start();
    }

    @AfterAll
    static void endDaemon() {
        daemon.close();
    }

    @Test
    void aSessionIsRecordedAsConfiguredAndItsSecretsAreOnTheTapeOnly() throws Exception {
        ClaudeSession session = daemon.session("options");
        session.person("Ping " + SECRET);
        session.tool("line of output\n".repeat(400) + SECRET + "\n");
        session.person("::export private/verbatim.md");
        session.person("::capture");
        String last = session.personSays();

        daemon.eventually(() -> {
            try (Stream<Path> files = Files.list(notes)) {
                assertThat(files.filter(file -> file.toString().endsWith(".md")))
                        .hasSize(1);
            }
        });
        Path note;
        try (Stream<Path> files = Files.list(notes)) {
            note = files.filter(file -> file.toString().endsWith(".md"))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(note.getFileName().toString())
                .startsWith("work ping-redis-secret-url-password-")
                .doesNotContain("ubenzucker");
        daemon.awaitTurns(note, List.of(last));

        String text = Files.readString(note);
        Matcher marker = MARKER.matcher(text);
        assertThat(marker.find()).isTrue();
        assertThat(text)
                .contains("## Mira · ", "lines) left out …", "[The whole text, ")
                .doesNotContain(PASSWORD);
        Path assets = note.resolveSibling(note.getFileName().toString().replace(".md", ".assets"));
        try (Stream<Path> files = Files.list(assets)) {
            Path whole = files.findFirst().orElseThrow();
            assertThat(Files.readString(whole))
                    .contains(marker.group())
                    .doesNotContain(PASSWORD)
                    .hasLineCount(401);
        }
        daemon.eventually(() -> assertThat(daemon.work().resolve("private/verbatim.md"))
                .content()
                .contains(PASSWORD)
                .doesNotContain("[secret:"));
        daemon.eventually(() -> assertThat(daemon.status().secrets().byKind().getOrDefault("url-password", 0L))
                .isGreaterThanOrEqualTo(3));

        KeptHome home = daemon.home();
        SecretResolver resolver =
                new SecretResolver(new TapeLibrary(home.tapes()), Providers.ALL, MarkerKey.open(home.markerKey()));
        assertThat(resolver.resolve(marker.group(), "").map(SecretResolver.Found::text))
                .contains(PASSWORD);
        assertThat(resolver.resolve(marker.group(), session.id().substring(0, 8))
                        .map(SecretResolver.Found::text))
                .contains(PASSWORD);
        assertThat(resolver.resolve(marker.group(), "no-such-session")).isEmpty();
        assertThat(resolver.resolve("[secret:url-password:00000000]", "")).isEmpty();
        assertThat(SecretResolver.marker("url-password:12345678")).contains("[secret:url-password:12345678]");
        assertThat(SecretResolver.marker("nonsense")).isEqualTo(Optional.empty());
    }
}
