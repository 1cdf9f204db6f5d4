package dev.kept.recording.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonLinesWriterTest {
    @Test
    void anEventIsOneLineThatReadsBackAsItWas() throws MalformedJsonException {
        RecordingWriter writer = RecordingWriter.start(
                RecordingFormat.JSONL, "a.jsonl", "Claude Code", MarkdownWriterTest.style(MarkdownWriterTest.OPTIONS));
        String text = "two\nlines \"quoted\" \u0000 \u2028 \uD83D\uDE00";
        Rendered line =
                writer.begin(Events.heading("Title")).plus(writer.append(new Events().user(text, Events.image("a1"))));

        assertThat(line.text()).endsWith("}\n").containsOnlyOnce("\n");
        assertThat(line.assets()).isEmpty();
        JsonObject event = (JsonObject) JsonReader.parse(line.text());
        assertThat(event.stringOr("kind", "")).isEqualTo("user.message");
        assertThat(event.stringOr("authorship", "")).isEqualTo("typed");
        assertThat(event.stringOr("text", "")).isEqualTo(text);
        assertThat(event.array("references")).hasSize(1);
    }

    @Test
    void halfASurrogatePairSurvivesUtf8() {
        RecordingWriter writer = RecordingWriter.start(
                RecordingFormat.JSONL, "a.jsonl", "Claude Code", MarkdownWriterTest.style(MarkdownWriterTest.OPTIONS));
        String line = writer.append(new Events().user("a\uD83Db")).text();

        assertThat(line).contains("a\\uD83Db");
        assertThat(new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(line);
    }
}
