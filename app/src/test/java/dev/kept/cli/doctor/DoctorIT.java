package dev.kept.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.kept.cli.KeptProcess;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The doctor in a whole home: healthy through all of a daemon's life, and right about what each agent writes. */
@Timeout(180)
class DoctorIT {
    private static final String CLAUDE = "1aaa0000-0000-4000-8000-000000000001";
    private static final String GEMINI = "2bbb0000-0000-4000-8000-000000000002";
    private static final String CODEX = "3ccc0000-0000-7000-8000-000000000003";
    private static final String ROLLOUT = "rollout-2026-11-02T09-00-00-" + CODEX + ".jsonl";

    @TempDir
    private Path temporary;

    private static String document(int messages) {
        StringBuilder text = new StringBuilder("{\n  \"sessionId\": \"" + GEMINI + "\",\n  \"messages\": [");
        for (int i = 0; i < messages; i++) {
            text.append(i > 0 ? "," : "")
                    .append("\n    {\n      \"id\": \"m" + i + "\",\n      \"type\": \"user\",\n")
                    .append("      \"content\": \"Which lamp is on, " + i + "?\"\n    }");
        }
        return text + "\n  ]\n}";
    }

    private static String codex(int prompts) {
        String at = "{\"timestamp\":\"2026-11-02T09:00:00.000Z\",";
        StringBuilder text = new StringBuilder(
                at + "\"type\":\"session_meta\",\"payload\":{\"id\":\"" + CODEX
                        + "\",\"timestamp\":\"2026-11-02T09:00:00.000Z\",\"cwd\":\"/home/mira/tide\",\"cli_version\":\"0.121.0\"}}\n");
        for (int i = 0; i < prompts; i++) {
            text.append(at + "\"type\":\"event_msg\",\"payload\":{\"type\":\"user_message\",\"message\":\"Go on, " + i
                    + ".\"}}\n");
        }
        return text.toString();
    }

    private static KeptProcess.Result well(KeptProcess kept, String... arguments) throws Exception {
        KeptProcess.Result result = kept.run(arguments);
        assertThat(result.code()).as(result.toString()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).doesNotContain("!!");
        return result;
    }

    private static void onTape(KeptProcess kept, String words) {
        KeptProcess.eventually(() -> assertThat(kept.done("sessions", "--json")).contains(words));
    }

    @Test
    void aHealthyMachineIsWellBeforeTheFirstStartWhileItRunsAndAfterItWasStopped() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            assertThat(well(kept, "doctor", "--verify").out()).contains("Kept was not started yet");
            ProcessBuilder plain = kept.builder("doctor");
            plain.environment().put("LANG", "C");
            plain.environment().put("LC_ALL", "C");
            Process process = plain.redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isZero();

            kept.person(CLAUDE, kept.home(), "Is all well?");
            kept.done("start");
            onTape(kept, "Is all well?");
            assertThat(well(kept, "doctor", "--verify").out())
                    .contains("runs as process", "verified: 1 tape read whole");
            kept.done("stop");
            assertThat(well(kept, "doctor", "--verify").out()).contains("Kept is stopped");
        }
    }

    @Test
    void programsReadTheSame() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            JsonObject said =
                    (JsonObject) JsonReader.parse(well(kept, "doctor", "--json").out());
            assertThat(said.longOr("schemaVersion", 0)).isEqualTo(1);
            assertThat(said.string("status")).contains("note");
            List<JsonValue> checks = said.array("checks");
            assertThat(checks).hasSizeGreaterThan(10);
            assertThat(checks)
                    .allSatisfy(check ->
                            assertThat(((JsonObject) check).string("id")).isPresent());

            Files.createDirectories(kept.home().resolve(".kept"));
            Files.writeString(kept.home().resolve(".kept/config.yaml"), "daemonMaxMemoryMb: many\n");
            KeptProcess.Result refused = kept.run("doctor", "--json");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(((JsonObject) JsonReader.parse(refused.out())).string("status"))
                    .contains("problem");
            assertThat(kept.run("doctor").out())
                    .contains("!!  configuration: ", "    → mend it, then: kept config validate");
            assertThat(kept.run("doctor", "--json", "--sandbox").code()).isEqualTo(2);
        }
    }

    @Test
    void aDaemonThatWasKilledNeedsAPerson() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Files.createDirectories(kept.home().resolve(".kept/run"));
            Files.createFile(kept.home().resolve(".kept/run/control.sock"));
            KeptProcess.Result result = kept.run("doctor");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out())
                    .contains("!!  daemon: Kept is not running, and was not stopped", "    → kept start");
        }
    }

    @Test
    void whatEachAgentWritesIsVerifiedByWhatItHolds() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            Path chats = Files.createDirectories(kept.home().resolve(".gemini/tmp/light/chats"));
            Path document = chats.resolve("session-2026-11-02T09-00-2bbb0000.json");
            Files.writeString(document, document(1));
            Path threads = Files.createDirectories(kept.home().resolve(".codex/sessions/2026/11/02"));
            Path packed = threads.resolve(ROLLOUT + ".zst");
            Files.write(packed, Zstd.compress(codex(5_000).getBytes(StandardCharsets.UTF_8)));
            kept.person(CLAUDE, kept.home(), "Is all well?");
            kept.done("start");
            onTape(kept, "Is all well?");
            onTape(kept, "Go on, 0.");
            onTape(kept, "Which lamp is on, 0?");
            replace(document, document(2));
            KeptProcess.eventually(
                    () -> assertThat(kept.done("show", "gemini/" + GEMINI)).contains("Which lamp is on, 1?"));
            KeptProcess.eventually(
                    () -> assertThat(well(kept, "doctor", "--verify").out())
                            .contains("verified: 3 tapes read whole and well")
                            .doesNotContain("was changed since"));
            kept.done("stop");

            // Moved by its agent, gone, grown, rewritten: no tape is the worse for it.
            Path archive = Files.createDirectories(kept.home().resolve(".codex/archived_sessions"));
            Files.move(packed, archive.resolve(packed.getFileName()));
            replace(document, document(7));
            Files.writeString(kept.source(CLAUDE), "another\n");
            assertThat(well(kept, "doctor", "--verify").out())
                    .contains("verified: 3 tapes read whole and well")
                    .contains(kept.source(CLAUDE).getFileName() + " was changed since it was copied")
                    .contains(document.getFileName() + " was changed since it was copied");
            Files.delete(document);
            assertThat(well(kept, "doctor", "--verify").out()).doesNotContain(document.getFileName() + " was changed");

            // A byte of an older version only, on a tape too short for sums.
            Path tape = Path.of(kept.done("path", "gemini/" + GEMINI, "--tape").strip());
            byte[] bytes = Files.readAllBytes(tape);
            int at = new String(bytes, StandardCharsets.UTF_8).indexOf("lamp");
            bytes[at] ^= 2;
            Files.write(tape, bytes);
            KeptProcess.Result damaged = kept.run("doctor", "--verify");
            assertThat(damaged.code()).isEqualTo(1);
            assertThat(damaged.out())
                    .contains("!!  tapes.verify: ", "cannot be made again", "    → leave all in that folder as it is")
                    .contains("verified: 2 tapes read whole and well")
                    .doesNotContain("away", "remove", "delete the");
        }
    }

    private static void replace(Path file, String text) throws IOException {
        Path half = Objects.requireNonNull(file.getParent()).resolveSibling("half.tmp");
        Files.writeString(half, text);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void theRemedyForATapeThatLostBytesBringsThemBackAndLosesNothing() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            for (int i = 0; i < 3; i++) {
                kept.person(CLAUDE, kept.home(), "Part " + i + " of all that was said.");
            }
            kept.done("start");
            onTape(kept, "Part 0 of all");
            KeptProcess.eventually(() -> assertThat(kept.done("path", CLAUDE, "--json"))
                    .contains("\"bytes\" : " + Files.size(kept.source(CLAUDE))));
            kept.done("stop");
            Path tape = Path.of(kept.done("path", CLAUDE, "--tape").strip());
            byte[] bytes = Files.readAllBytes(tape);
            byte[] flipped = bytes.clone();
            flipped[new String(bytes, StandardCharsets.UTF_8).indexOf("said")] ^= 2;
            Files.write(tape, flipped);
            Files.setLastModifiedTime(tape, FileTime.from(Instant.now().plusSeconds(3600)));
            KeptProcess.Result result = kept.run("doctor", "--verify");
            assertThat(result.code()).isEqualTo(1);
            String remedy = result.out().substring(result.out().indexOf("touch -c "));
            kept.done("start");
            Process touch =
                    new ProcessBuilder("sh", "-c", remedy.lines().findFirst().orElseThrow()).start();
            assertThat(touch.waitFor()).isZero();
            KeptProcess.eventually(() -> well(kept, "doctor", "--verify"));
            assertThat(tape).hasBinaryContent(flipped);
            kept.done("restore", CLAUDE, "--to", "other");
            assertThat(kept.home().resolve("other/projects/-work/" + CLAUDE + ".jsonl"))
                    .hasBinaryContent(bytes);
        }
    }
}
