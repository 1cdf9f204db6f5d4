package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.config.RecordingSettings.Images;
import dev.kept.config.RecordingSettings.Thinking;
import dev.kept.config.RecordingSettings.Tools;
import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.provider.Provider;
import dev.kept.provider.Readings;
import dev.kept.recording.secret.MarkerKeys;
import dev.kept.recording.secret.SecretCounts;
import dev.kept.recording.secret.SecretRedactor;
import dev.kept.recording.writer.MarkdownOptions;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingHeader;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import dev.kept.recording.writer.SubagentDetail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What whole sessions look like as recordings: a hand-written session, and beside it what people get of it. A session
 * is a folder {@code recording/<provider>/<name>} with a file {@code session.<suffix>}; nothing has to be registered.
 * {@code -Dkept.golden.write=true} writes what is expected anew; read the difference before you commit it.
 */
class SessionGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/recording");
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    /** Notes of three configurations, and the events; long texts are shortened soon, for the reader's sake. */
    private record Look(String fileName, RecordingFormat format, MarkdownOptions options) {}

    private static final List<Look> LOOKS = List.of(
            new Look(
                    "note.md",
                    RecordingFormat.MARKDOWN,
                    new MarkdownOptions("You", ZONE, Thinking.FOLDED, false, Tools.FOLDED, Images.COPY, 1_000)),
            new Look(
                    "note.everything.md",
                    RecordingFormat.MARKDOWN,
                    new MarkdownOptions("Mira", ZONE, Thinking.FULL, true, Tools.FULL, Images.LINK, 400)),
            new Look(
                    "note.brief.md",
                    RecordingFormat.MARKDOWN,
                    new MarkdownOptions("Mira", ZONE, Thinking.NONE, false, Tools.NAMES, Images.NONE, 20_000)),
            new Look("events.jsonl", RecordingFormat.JSONL, MarkdownOptions.defaults(ZONE)));

    static List<Path> sessions() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER, 3)) {
            return files.filter(file -> file.getFileName().toString().startsWith("session."))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreSessions() throws IOException {
        assertThat(sessions()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void aSessionLooksAsItsGoldensSay(Path session) throws IOException {
        for (Look look : LOOKS) {
            String text = record(session, look);
            Path golden = session.resolveSibling(look.fileName);
            if (Boolean.getBoolean("kept.golden.write")) {
                Files.writeString(golden, text);
            }
            assertThat(text).as(golden.toString()).isEqualTo(Files.readString(golden));
        }
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void noSecretOfASessionIsInItsRecordings(Path session) throws IOException {
        String source = Files.readString(session);
        for (Look look : LOOKS) {
            if (source.contains("Tr4ubenzucker")) {
                assertThat(record(session, look))
                        .doesNotContain("Tr4ubenzucker")
                        .contains("[secret:url-password:");
            }
        }
    }

    private static String record(Path session, Look look) throws IOException {
        String name = FOLDER.relativize(session).getName(0).toString();
        Provider provider = Providers.ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(session + " is of no provider that there is"));
        List<ConversationEvent> events =
                Readings.events(new Readings(provider).of(Readings.MAIN, Files.readAllBytes(session)));
        RecordingStyle style = new RecordingStyle(
                look.options, SubagentDetail.FOLD, SecretRedactor.of(MarkerKeys.ZERO, new SecretCounts()));
        RecordingWriter writer = RecordingWriter.start(look.format, "note.md", provider.displayName(), style);
        Rendered whole = writer.begin(new RecordingHeader(
                "A session of " + provider.displayName(),
                new SessionKey(provider.name(), "5e551000"),
                provider.displayName(),
                List.of(look.options.userName(), provider.displayName()),
                events.getFirst().header().timestamp(),
                RecordingHeader.Place.NEW_FILE));
        for (ConversationEvent event : events) {
            if (event.header().onMainLine()) {
                whole = whole.plus(writer.append(event));
            }
        }
        return whole.text();
    }
}
