package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.kept.testing.ZstdFrames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What agents do to their files, and that a restored file is the one they wrote: by the launcher, with a real daemon.
 */
@Timeout(180)
class RestoreIT {
    private static final String ID = "11111111-aaaa-4bbb-8ccc-000000000001";

    @TempDir
    private Path temporary;

    private Path chats;

    @BeforeEach
    void aProjectOfGemini() throws Exception {
        temporary = temporary.toRealPath();
        chats = Files.createDirectories(temporary.resolve(".gemini/tmp/light/chats"));
        Files.writeString(temporary.resolve(".gemini/tmp/light/.project_root"), temporary.toString());
    }

    private static String user(String id, String text) {
        return "{\"id\":\"" + id + "\",\"timestamp\":\"" + Instant.now() + "\",\"type\":\"user\",\"content\":\"" + text
                + "\"}";
    }

    private static String header() {
        return "{\"sessionId\":\"" + ID + "\",\"projectHash\":\"p\",\"startTime\":\"" + Instant.now()
                + "\",\"kind\":\"main\"}\n";
    }

    private static void keptWhole(KeptProcess kept, String words, int events) {
        KeptProcess.eventually(() ->
                assertThat(kept.done("sessions", "--json")).contains(words).contains("\"eventCount\" : " + events));
    }

    @Test
    void aDocumentThatIsWrittenWholeComesBackInEachOfItsStates() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path file = chats.resolve("session-2026-11-02T09-00-11111111.json");
            String first = "{\n  \"sessionId\": \"" + ID + "\",\n  \"messages\": [\n    {\n      \"id\": \"u1\",\n"
                    + "      \"type\": \"user\",\n      \"content\": \"Which lamp is on?\"\n    }\n  ]\n}";
            String second = first.replace(
                    "\n    }\n  ]",
                    "\n    },\n    {\n      \"id\": \"u2\",\n"
                            + "      \"type\": \"user\",\n      \"content\": \"And now?\"\n    }\n  ]");
            Files.writeString(file, first);
            kept.done("start");
            keptWhole(kept, "Which lamp is on?", 1);
            Files.writeString(file, second);
            keptWhole(kept, "Which lamp is on?", 2);
            kept.done("stop");
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(28))));
            // The tape is shorter than the file, and yet has all of it.
            assertThat(kept.run("doctor").out())
                    .containsPattern("Gemini CLI deletes 1 conversation by .*; 1 of 1 verified on tape");
            Files.delete(file);

            assertThat(kept.done("restore", "last")).contains("Restored ~/.gemini/tmp/light/chats/session-2026");
            assertThat(file).hasContent(second);
            assertThat(kept.run("restore", "last")).satisfies(again -> {
                assertThat(again.code()).isEqualTo(1);
                assertThat(again.err()).contains("is there already (it was rewritten");
            });
            kept.done("restore", "last", "--generation", "1", "--to", "look");
            assertThat(temporary.resolve("look/tmp/light/chats").resolve(file.getFileName()))
                    .hasContent(first);
            assertThat(kept.run("restore", "last", "--generation", "3").err()).contains("the states 1 to 2");

            String said = kept.done("restore", "last", "--as-new");
            String id = said.substring(said.indexOf("Its id is ") + 10).strip().replace(".", "");
            assertThat(chats.resolve("session-2026-11-02T09-00-" + id.substring(0, 8) + ".json"))
                    .hasContent(second.replace(ID, id));
        }
    }

    /** Were it put back too, Gemini would delete the session again at its next start. */
    @Test
    void theFileInWhichNobodySaidAnythingIsNotPutBackBesideTheSession() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path file = chats.resolve("session-2026-11-02T09-00-11111111.jsonl");
            Path stray = chats.resolve("session-2026-11-02T09-05-11111111.jsonl");
            Files.writeString(
                    stray,
                    header() + user("c1", "<session_context>\\nThis is the Gemini CLI.\\n</session_context>") + "\n");
            Files.writeString(file, header() + user("u1", "Which lamp is on?") + "\n");
            kept.done("start");
            keptWhole(kept, "Which lamp is on?", 2);
            kept.done("stop");
            byte[] before = Files.readAllBytes(file);
            Files.delete(file);
            Files.delete(stray);

            kept.done("restore", "last");

            assertThat(file).hasBinaryContent(before);
            assertThat(stray).doesNotExist();
        }
    }

    @Test
    void aFileThatItsAgentPackedComesBackPlainWhereItWasPlain() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            String id = "019d0000-0000-7000-8000-000000000001";
            Path day = Files.createDirectories(temporary.resolve(".codex/sessions/2026/07/01"));
            Path plain = day.resolve("rollout-2026-07-01T10-00-00-" + id + ".jsonl");
            Path packed = day.resolve(plain.getFileName() + ".zst");
            String at = Instant.now().toString();
            String text = "{\"timestamp\":\"" + at + "\",\"type\":\"session_meta\",\"payload\":{\"id\":\"" + id
                    + "\",\"timestamp\":\"" + at
                    + "\",\"cwd\":\"/work\",\"originator\":\"codex_cli_rs\",\"cli_version\":"
                    + "\"0.50.0\"}}\n{\"timestamp\":\"" + at
                    + "\",\"type\":\"event_msg\",\"payload\":{\"type\":\"user_message\",\"message\":\"Pack this.\","
                    + "\"kind\":\"plain\"}}\n";
            Files.writeString(plain, text);
            kept.done("start");
            KeptProcess.eventually(() -> assertThat(kept.done("sessions")).contains("Pack this."));
            Files.write(packed, Zstd.compress(text.getBytes(StandardCharsets.UTF_8)));
            Files.delete(plain);
            KeptProcess.eventually(() -> assertThat(kept.done("path", "last")).contains(packed.toString()));
            kept.done("stop");

            assertThat(kept.run("restore", "last").err()).contains("is there already");
            Files.delete(packed);
            kept.done("restore", "last");

            assertThat(plain).hasContent(text);
            assertThat(packed).doesNotExist();
        }
    }

    @Test
    void aPackedFileThatIsNotUnpackedIsFoundAndComesBackAsItWas() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            String id = "019d0000-0000-7000-8000-000000000002";
            Path day = Files.createDirectories(temporary.resolve(".codex/sessions/2026/07/01"));
            Path packed = day.resolve("rollout-2026-07-01T10-00-00-" + id + ".jsonl.zst");
            byte[] bytes = new ZstdFrames().text(27, "anything\n").toBytes();
            Files.write(packed, bytes);
            kept.done("start");
            KeptProcess.eventually(() -> assertThat(kept.run("status").out())
                    .contains("a window of 128 MiB")
                    .contains("zstd -d --long=31 " + packed)
                    .doesNotContain("Not being kept"));
            assertThat(kept.done("path", id)).contains("packed  ");
            assertThat(Path.of(kept.done("path", id, "--tape").strip())).hasBinaryContent(bytes);
            assertThat(kept.run("doctor", "--verify").out()).contains("verified: 1 tape read whole");
            Files.delete(packed);

            assertThat(kept.run("restore", id, "--as-new").err()).contains("was not unpacked");
            kept.done("restore", id);
            assertThat(packed).hasBinaryContent(bytes);
        }
    }
}
