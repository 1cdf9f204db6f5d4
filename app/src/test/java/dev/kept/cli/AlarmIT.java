package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alarm: files that are here and not kept, and conversations that agents delete soon, said by status and doctor,
 * with and without a daemon.
 */
@Timeout(180)
class AlarmIT {
    private static final String OLD = "1aaa0000-0000-4000-8000-000000000001";

    @TempDir
    private Path temporary;

    private static JsonObject agents(KeptProcess kept) throws Exception {
        JsonObject report =
                (JsonObject) JsonReader.parse(kept.run("status", "--json").out());
        return report.object("agents").orElseThrow();
    }

    private static void goesSoon(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(28))));
    }

    @Test
    void agentsThatAreNotReadAreNamedWithAndWithoutADaemon() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Files.createDirectories(kept.home().resolve(".local/share/opencode"));
            Files.createFile(kept.home().resolve(".local/share/opencode/opencode.db"));
            String said = "OpenCode: present, not read by this version (~/.local/share/opencode/opencode.db, SQLite)";
            assertThat(kept.run("status").out()).contains(said);
            assertThat(kept.run("doctor").out()).contains(said);
            kept.done("start");
            assertThat(kept.done("status")).contains(said);
            assertThat(kept.done("doctor")).contains(said);
            assertThat(agents(kept).array("stores").toString()).contains("OpenCode", "not-read");
        }
    }

    @Test
    void filesThatNobodyKnowsAreNamedAndThoseThatComeAndGoAreNot() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.person(OLD, kept.home(), "Hello.");
            Path strange = Files.createFile(kept.source(OLD).resolveSibling("conversation.cbor"));
            Files.createFile(kept.source(OLD).resolveSibling(OLD + ".jsonl.tmp"));
            kept.done("start");
            KeptProcess.eventually(() -> assertThat(kept.done("status"))
                    .contains("1 unknown file (not kept), such as ~/.claude/projects/")
                    .contains("conversation.cbor"));
            assertThat(kept.done("doctor"))
                    .contains("claude: 1 file not known to this version, and not kept, such as ");
            Files.delete(strange);
            kept.done("restart");
            KeptProcess.eventually(() -> assertThat(kept.done("status"))
                    .contains("1 file followed of 1 present")
                    .doesNotContain("unknown file"));
        }
    }

    @Test
    void whatAnAgentDeletesSoonIsVerifiedByItsBytes() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.person(OLD, kept.home(), "Hello.");
            goesSoon(kept.source(OLD));
            assertThat(kept.run("status").out())
                    .contains("Claude Code deletes 1 conversation by ")
                    .contains("; 0 of 1 verified on tape, 1 not on tape (first ~/.claude/projects/");
            kept.done("start", "--import", "all");
            KeptProcess.eventually(() -> assertThat(kept.done("status")).contains("; 1 of 1 verified on tape\n"));
            assertThat(kept.done("doctor")).contains("; 1 of 1 verified on tape\n");
            JsonObject purge = (JsonObject) agents(kept).array("purges").getFirst();
            assertThat(List.of(purge.longOr("conversations", 0), purge.longOr("verified", 0)))
                    .isEqualTo(List.of(1L, 1L));
            kept.done("stop");
            String text = Files.readString(kept.source(OLD));
            Files.writeString(kept.source(OLD), text.replace("Hello", "Hallo"));
            goesSoon(kept.source(OLD));
            assertThat(kept.run("status").out()).contains("; 0 of 1 verified on tape, 1 changed since it was copied");
            assertThat(kept.run("doctor").code()).isEqualTo(1);
        }
    }

    @Test
    void theJsonOfStatusIsOneObjectWithAndWithoutADaemon() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            assertThat(agents(kept).array("stores")).isEmpty();
            kept.done("start");
            assertThat(agents(kept).array("purges")).isEmpty();
        }
    }
}
