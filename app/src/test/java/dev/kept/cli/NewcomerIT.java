package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.cli.KeptProcess.Result;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way of somebody who has just installed Kept, from the first start to the last stop, with the built program. */
@Timeout(180)
class NewcomerIT {
    private static final String SESSION = "7d3f1c52-9a4e-4b60-8c11-5e0a2f6b9d34";

    @TempDir
    private Path temporary;

    @Test
    void startsTalksCapturesShowsExportsRestoresForgetsStops() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path work = Files.createDirectories(kept.home().resolve("work"));
            kept.person(SESSION, work, "How long does a login last?");
            kept.agent(SESSION, work, "Thirty days.");

            assertThat(kept.done("start", "--allow", "work")).contains("Kept is running (pid ");

            // The session grows, and a command is typed in it.
            kept.person(SESSION, work, "Make it twelve hours.\n\n::capture notes/auth.md");
            kept.agent(SESSION, work, "Done: twelve hours.");
            Path note = work.resolve("notes/auth.md");
            KeptProcess.eventually(() -> assertThat(note).content().contains("Thirty days.", "Done: twelve hours."));
            KeptProcess.eventually(
                    () -> assertThat(kept.done("status")).contains("Recording  1 session", "notes/auth.md"));

            assertThat(kept.done("show", "last"))
                    .contains("How long does a login last?", "You · ", "Claude · ", "Done: twelve hours.");
            assertThat(kept.done("sessions")).contains("7d3f1c52", "How long does a login last?", "●");
            assertThat(kept.done("sessions", "--recording", "--ids")).isEqualTo(SESSION + "\n");

            assertThat(kept.done("export", "7d3f", "-o", "work/copy.md")).contains("Wrote ~/work/copy.md: ");
            assertThat(Files.readString(work.resolve("copy.md"))).isEqualTo(Files.readString(note));
            assertThat(kept.done("export", "last", "-f", "jsonl").lines())
                    .allSatisfy(line -> assertThat(JsonReader.parse(line)).isInstanceOf(JsonObject.class))
                    .hasSize(4);
            assertThat(kept.run("export", "last", "-o", "work/copy.md")).satisfies(again -> {
                assertThat(again.code()).isEqualTo(1);
                assertThat(again.err()).contains("is there already and is not written over");
            });

            Path source = kept.source(SESSION);
            byte[] before = Files.readAllBytes(source);
            Files.delete(source);
            KeptProcess.eventually(() -> assertThat(kept.done("status")).contains("the agent deleted its file"));
            assertThat(kept.done("path", "last")).contains("tape    ", "not there any more");
            assertThat(kept.done("restore", "last")).contains("Restored ~/.claude/projects/-work/" + SESSION);
            assertThat(Files.readAllBytes(source)).isEqualTo(before);
            assertThat(kept.run("restore", "last")).satisfies(again -> {
                assertThat(again.code()).isEqualTo(1);
                assertThat(again.err()).contains("is there already", "--as-new");
            });

            assertThat(kept.done("unrecord", "last")).contains("stopped recording to ");
            assertThat(kept.run("forget", "last").code()).isEqualTo(2);
            assertThat(kept.done("forget", "last", "--recordings", "--yes"))
                    .contains("To be forgotten: 1 session", "Forgotten: 1 session.", "Their agents still have 1 file");
            assertThat(note).doesNotExist();
            assertThat(source).exists();
            assertThat(filesThatSay(kept.home().resolve(".kept"), "twelve hours"))
                    .isEmpty();

            // Neither a look at the agent's files nor the session's going on brings it back.
            kept.agent(SESSION, work, "One more thing.");
            kept.done("restart");
            KeptProcess.eventually(() -> assertThat(
                            status(kept).object("imports").orElseThrow().longOr("filesTotal", -1))
                    .isZero());
            assertThat(kept.done("sessions", "--ids")).isEmpty();

            assertThat(kept.done("stop")).isEqualTo("Kept has stopped.\n");
            assertThat(kept.done("sessions", "--ids")).isEmpty();
        }
    }

    private static JsonObject status(KeptProcess kept) throws Exception {
        Result result = kept.run("status", "--json");
        return (JsonObject) JsonReader.parse(result.out());
    }

    private static List<Path> filesThatSay(Path folder, String words) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> {
                        try {
                            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(words);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .toList();
        }
    }
}
