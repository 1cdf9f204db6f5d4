package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The owner of a note finds the secret behind a marker, with the built command line and what the real daemon wrote. */
@Timeout(180)
class RevealIT {
    private static final String SESSION = "1aaa0000-0000-4000-8000-000000000001";
    private static final String PASSWORD = "Tr4ubenzucker";
    private static final Pattern MARKER = Pattern.compile("\\[secret:url-password:[0-9a-f]{8}]");

    @Test
    void aMarkerOfANoteIsResolvedFromTheTapes(@TempDir Path temporary) throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path work = Files.createDirectories(kept.home().resolve("work"));
            kept.done("start", "--allow", "work");
            kept.person(SESSION, work, "Use postgres://shop:" + PASSWORD + "@db/shop, please.\n\n::capture note.md");
            kept.agent(SESSION, work, "I will.");
            Path note = work.resolve("note.md");
            KeptProcess.eventually(() -> assertThat(Files.readString(note)).contains("I will."));
            String text = Files.readString(note);
            assertThat(text).doesNotContain(PASSWORD);
            Matcher marker = MARKER.matcher(text);
            assertThat(marker.find()).isTrue();

            assertThat(kept.done("reveal", marker.group())).isEqualTo(PASSWORD + "\n");
            kept.done("stop");
            assertThat(kept.done("reveal", marker.group(), "1aaa")).isEqualTo(PASSWORD + "\n");

            KeptProcess.Result unknown = kept.run("reveal", "[secret:url-password:00000000]");
            assertThat(unknown.code()).isEqualTo(1);
            assertThat(unknown.out()).isEmpty();
            assertThat(unknown.err()).contains("no tape holds the secret of [secret:url-password:00000000]");
            KeptProcess.Result none = kept.run("reveal", PASSWORD);
            assertThat(none.code()).isEqualTo(2);
            assertThat(none.err()).contains("is no marker");
        }
    }
}
