package dev.kept.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.kept.agents.Providers;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.config.KeptHome;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session is all files that belong to it, for every agent and every command: by the launcher, with a real daemon. */
@Timeout(300)
class SessionSetsIT {
    private static final String TIME = "2026-06-01T10:00:%02d.000Z";

    @TempDir
    private Path temporary;

    private final List<Scene> scenes = new ArrayList<>();
    private int records;

    /**
     * A session on disk.
     *
     * @param id the session's
     * @param others ids of its files that mean the session, too
     * @param files what stands where; a word of the scene stands in each
     */
    private record Scene(String agent, String id, List<String> others, String word, Map<String, byte[]> files) {}

    private Scene scene(String agent, String id, List<String> others, Map<String, String> texts) {
        String word = "Quillwort%02d".formatted(scenes.size() + 1);
        Map<String, byte[]> files = new LinkedHashMap<>();
        texts.forEach((path, text) -> {
            byte[] bytes = text.replace("WORD", word).getBytes(UTF_8);
            files.put(path, path.endsWith(".zst") ? Zstd.compress(bytes) : bytes);
        });
        Scene scene = new Scene(agent, id, others, word, files);
        scenes.add(scene);
        return scene;
    }

    private String claude(String session, String members, String text) {
        records++;
        return "{\"type\":\"user\",\"uuid\":\"%08d-0000-4000-8000-000000000000\",\"sessionId\":\"%s\",\"cwd\":\"%s\","
                        .formatted(records, session, temporary)
                + "\"version\":\"2.1.330\",\"timestamp\":\"" + TIME.formatted(records % 60) + "\"," + members
                + "\"message\":{\"role\":\"user\",\"content\":\"" + text + "\"}}\n";
    }

    private String codexHeader(String id, String source) {
        return "{\"timestamp\":\"2026-06-01T10:00:00.000Z\",\"type\":\"session_meta\",\"payload\":{\"id\":\"" + id
                + "\",\"timestamp\":\"2026-06-01T10:00:00.000Z\",\"cwd\":\"" + temporary
                + "\",\"originator\":\"codex-tui\",\"cli_version\":\"0.140.0\"," + source + "}}\n";
    }

    private static String childOf(String parent) {
        return "\"source\":{\"subagent\":{\"thread_spawn\":{\"parent_thread_id\":\"" + parent
                + "\",\"depth\":1,\"agent_nickname\":\"Fennel\"}}}";
    }

    private String codexSays(String text) {
        records++;
        String at = TIME.formatted(records % 60);
        return "{\"timestamp\":\"" + at + "\",\"type\":\"response_item\",\"payload\":{\"type\":\"message\",\"role\":"
                + "\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"" + text + "\"}]}}\n"
                + "{\"timestamp\":\"" + at
                + "\",\"type\":\"event_msg\",\"payload\":{\"type\":\"user_message\",\"message\":\""
                + text + "\"}}\n";
    }

    private static String rollout(String folder, String id) {
        return ".codex/" + folder + "/rollout-2026-06-01T10-00-00-" + id + ".jsonl";
    }

    private static String day(String id) {
        return rollout("sessions/2026/06/01", id);
    }

    private static String thread(int scene, int number) {
        return "019c9c96-%04d-77c0-ba4c-380f8442%04d".formatted(scene, number);
    }

    private static String uuid(int scene) {
        return "%08d-aaaa-4bbb-8ccc-000000000001".formatted(scene);
    }

    @BeforeEach
    void filesOfEveryAgent() throws IOException {
        temporary = temporary.toRealPath();
        String typed = "\"isSidechain\":false,\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\",";
        String inside = "\"isSidechain\":true,\"agentId\":\"%s\",";
        String project = ".claude/projects/-work/";

        String newer = uuid(1);
        scene(
                "claude",
                newer,
                List.of("a1b2c3d4e5f60718"),
                Map.of(
                        project + newer + ".jsonl",
                        claude(newer, typed, "WORD newer"),
                        project + newer + "/subagents/agent-a1b2c3d4e5f60718.jsonl",
                        claude(newer, inside.formatted("a1b2c3d4e5f60718"), "WORD inside"),
                        project + newer + "/subagents/workflows/wf_1/agent-b1b2c3d4e5f60718.jsonl",
                        claude(newer, inside.formatted("b1b2c3d4e5f60718"), "WORD at work"),
                        project + newer + "/tool-results/toolu_01.txt",
                        "WORD printed\n"));
        String older = uuid(2);
        scene(
                "claude",
                older,
                List.of("c1b2c3d4"),
                Map.of(
                        project + older + ".jsonl",
                        claude(older, typed, "WORD older"),
                        project + "agent-c1b2c3d4.jsonl",
                        claude(older, inside.formatted("c1b2c3d4"), "WORD inside")));
        String said = uuid(3);
        String named = uuid(4);
        scene(
                "claude",
                said,
                List.of(named),
                Map.of(
                        project + named + ".jsonl",
                        claude(said, typed, "WORD under another name"),
                        project + named + "/tool-results/toolu_02.txt",
                        "WORD printed\n"));

        String root = thread(1, 1);
        scene(
                "codex",
                root,
                List.of(thread(1, 2), thread(1, 3)),
                Map.of(
                        day(root),
                        codexHeader(root, "\"source\":\"cli\"") + codexSays("WORD asked"),
                        day(thread(1, 2)),
                        codexHeader(thread(1, 2), childOf(root)) + codexSays("WORD child"),
                        day(thread(1, 3)),
                        codexHeader(thread(1, 3), childOf(thread(1, 2))) + codexSays("WORD grandchild")));
        String fork = thread(2, 1);
        scene(
                "codex",
                fork,
                List.of(),
                Map.of(
                        day(fork),
                        codexHeader(fork, "\"source\":\"cli\",\"forked_from_id\":\"" + root + "\"")
                                + codexSays("WORD goes on")));
        // Their parent is nowhere.
        scene(
                "codex",
                thread(3, 1),
                List.of(thread(3, 2), thread(3, 3), thread(3, 4)),
                Map.of(
                        day(thread(3, 2)),
                        codexHeader(thread(3, 2), childOf(thread(3, 1))) + codexSays("WORD left alone"),
                        day(thread(3, 3)),
                        codexHeader(thread(3, 3), childOf(thread(3, 1))) + codexSays("WORD beside"),
                        day(thread(3, 4)),
                        codexHeader(thread(3, 4), childOf(thread(3, 3))) + codexSays("WORD below")));
        scene(
                "codex",
                thread(4, 1),
                List.of(thread(4, 2), thread(4, 3)),
                Map.of(
                        day(thread(4, 1)),
                        codexHeader(thread(4, 1), childOf(thread(4, 3))) + codexSays("WORD round"),
                        day(thread(4, 2)),
                        codexHeader(thread(4, 2), childOf(thread(4, 1))) + codexSays("WORD and round"),
                        day(thread(4, 3)),
                        codexHeader(thread(4, 3), childOf(thread(4, 2))) + codexSays("WORD for ever")));
        scene(
                "codex",
                thread(5, 1),
                List.of(thread(5, 9)),
                Map.of(
                        day(thread(5, 9)),
                        codexHeader(thread(5, 1), "\"source\":\"cli\"") + codexSays("WORD named otherwise")));
        scene(
                "codex",
                thread(6, 1),
                List.of(thread(6, 2)),
                Map.of(
                        rollout("archived_sessions", thread(6, 1)),
                        codexHeader(thread(6, 1), "\"source\":\"cli\"") + codexSays("WORD archived"),
                        day(thread(6, 2)) + ".zst",
                        codexHeader(thread(6, 2), childOf(thread(6, 1))) + codexSays("WORD packed")));

        String gemini = uuid(7);
        String header = "{\"sessionId\":\"" + gemini
                + "\",\"projectHash\":\"p\",\"startTime\":\"2026-06-01T10:00:00Z\",\"kind\":\"%s\"}\n";
        String message =
                "{\"id\":\"%s\",\"timestamp\":\"2026-06-01T10:00:0%dZ\",\"type\":\"user\",\"content\":\"%s\"}\n";
        scene(
                "gemini",
                gemini,
                List.of("7a7a7a7a"),
                Map.of(
                        ".gemini/tmp/light/chats/session-2026-06-01T10-00-00000007.jsonl",
                        header.formatted("main") + message.formatted("m1", 1, "WORD lit"),
                        ".gemini/tmp/light/chats/session-2026-06-02T10-00-00000007.jsonl",
                        header.formatted("main") + message.formatted("m2", 2, "WORD lit again"),
                        ".gemini/tmp/light/chats/" + gemini + "/7a7a7a7a.jsonl",
                        header.formatted("subagent").replace(gemini, "7a7a7a7a")
                                + message.formatted("m3", 3, "WORD within")));
        scene(
                "copilot",
                uuid(8),
                List.of(),
                Map.of(
                        ".copilot/session-state/light-in-the-hall/events.jsonl",
                        "{\"type\":\"session.start\",\"data\":{\"sessionId\":\"" + uuid(8)
                                + "\",\"version\":1},\"id\":\"e1\",\"timestamp\":\"2026-06-01T10:00:00.000Z\"}\n"
                                + "{\"type\":\"user.message\",\"data\":{\"content\":\"WORD flown\"},\"id\":\"e2\","
                                + "\"timestamp\":\"2026-06-01T10:00:01.000Z\",\"parentId\":\"e1\"}\n"));
        // Handed over to the background, and from there again: the copies keep their ids.
        String before = uuid(9);
        String first = claude(before, typed, "WORD in front");
        String second = claude(before, typed, "WORD behind");
        String third = claude(before, typed, "WORD farther behind");
        Map<String, String> handedOver = new LinkedHashMap<>();
        handedOver.put(project + before + ".jsonl", first);
        handedOver.put(project + uuid(10) + ".jsonl", inBackground(uuid(10), first + second));
        handedOver.put(project + uuid(11) + ".jsonl", inBackground(uuid(11), first + second + third));
        scene("claude", before, List.of(uuid(10), uuid(11)), handedOver);
        for (Scene scene : scenes) {
            write(scene);
        }
    }

    private static String inBackground(String id, String records) {
        return records.replace(uuid(9), id).replace("\"sessionId\":", "\"sessionKind\":\"bg\",\"sessionId\":");
    }

    private void write(Scene scene) throws IOException {
        for (Map.Entry<String, byte[]> file : scene.files().entrySet()) {
            Path path = temporary.resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.write(path, file.getValue());
        }
    }

    private String[] ids() {
        return scenes.stream().map(Scene::id).sorted().toArray(String[]::new);
    }

    private static List<String> listed(KeptProcess kept) throws Exception {
        return kept.done("sessions", "--ids").lines().sorted().toList();
    }

    /** The files of the one session that an id means, as they stand on tape. */
    private List<String> sources(String id) throws IOException {
        KeptHome home = new KeptHome(temporary.resolve(".kept"), temporary);
        List<StoredSession> found =
                new SessionArchive(home, Providers.ALL).sessionsLike(id, SessionArchive.Progress.NONE);
        assertThat(found).as(id).hasSize(1);
        return found.getFirst().tapes().stream()
                .map(tape -> tape.manifest().path().toString())
                .toList();
    }

    private List<String> expectedSources(Scene scene) {
        return scene.files().keySet().stream()
                .map(file -> temporary.resolve(file).toString())
                .toList();
    }

    /** Until the daemon has read everything: each session is listed once, and on tape are all files. */
    private void keptWhole(KeptProcess kept) {
        KeptProcess.eventually(() -> assertThat(listed(kept)).containsExactly(ids()));
        KeptProcess.eventually(() -> {
            for (Scene scene : scenes) {
                assertThat(sources(scene.id())).containsExactlyInAnyOrderElementsOf(expectedSources(scene));
            }
        });
    }

    @Test
    void listsPathsAndWordsAreOfAllFilesOfASessionWhicheverOfTheirIdsIsTyped() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.done("start");
            keptWhole(kept);
            // From tapes alone, and with nothing known of them, it is the same.
            kept.done("stop");
            Files.deleteIfExists(temporary.resolve(".kept/state/sessions.jsonl"));
            for (Scene scene : scenes) {
                for (String other : scene.others()) {
                    assertThat(sources(other))
                            .as(scene + other)
                            .containsExactlyInAnyOrderElementsOf(expectedSources(scene));
                }
            }
            assertThat(listed(kept)).containsExactly(ids());
            JsonObject path = (JsonObject) JsonReader.parse(kept.done("path", thread(1, 2), "--json"));
            assertThat(path.string("sessionId")).hasValue(thread(1, 1));
            assertThat(path.array("tapes")).hasSize(3);
            assertThat(kept.done("show", uuid(4), "--full")).contains("under another name");
            assertThat(kept.done("show", thread(1, 3), "--full"))
                    .contains("subagent " + thread(1, 3))
                    .contains("grandchild")
                    .doesNotContain(" child");
            assertThat(kept.done("export", thread(3, 1))).contains("left alone", "beside", "below");
            for (String said : List.of(" left alone", " beside", " below")) {
                assertThat(kept.done("export", thread(3, 1), "-f", "jsonl").lines())
                        .filteredOn(event -> event.contains(said))
                        .hasSize(1);
            }
            for (String id : List.of(uuid(9), uuid(10), uuid(11))) {
                assertThat(kept.done("export", id))
                        .containsSubsequence("in front", "behind", "farther behind")
                        .containsOnlyOnce("\n" + scenes.getLast().word() + " in front")
                        .containsOnlyOnce(" farther behind");
                assertThat(kept.done("show", id, "--full")).containsSubsequence("in front", "behind", "farther behind");
            }
            // A checkpoint knows it, too.
            kept.done("start");
            keptWhole(kept);
        }
    }

    @Test
    void allFilesOfASessionComeBackByteForByte() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.done("start");
            keptWhole(kept);
            kept.done("stop");
            for (Scene scene : scenes) {
                for (String file : scene.files().keySet()) {
                    Files.delete(temporary.resolve(file));
                }
                kept.done("restore", scene.id());
                for (Map.Entry<String, byte[]> file : scene.files().entrySet()) {
                    String plain = file.getKey().replace(".zst", "");
                    byte[] written =
                            plain.equals(file.getKey()) ? file.getValue() : Zstd.decompress(file.getValue(), 1 << 20);
                    assertThat(temporary.resolve(plain)).as(scene + plain).hasBinaryContent(written);
                }
            }
        }
    }

    @Test
    void sealedAllFilesOfASessionAreVerifiedReadAndForgottenAsBefore() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.done("start");
            keptWhole(kept);
            kept.done("stop");
            int tapes = scenes.stream().mapToInt(scene -> scene.files().size()).sum();
            Scene family = scenes.get(3);
            String exported = kept.done("export", family.id());
            assertThat(kept.done("seal", "--older-than", "0d")).startsWith("Sealed: " + tapes + " files, ");
            assertThat(kept.run("doctor", "--verify").out()).contains("verified: " + tapes + " tapes read whole");
            assertThat(kept.done("export", family.id())).isEqualTo(exported);
            Path sealed = Path.of(kept.done("path", family.id(), "--json")
                    .lines()
                    .filter(line -> line.contains(".jsonl.zst"))
                    .findFirst()
                    .orElseThrow()
                    .replaceAll(".*\"(/[^\"]*\\.zst)\".*", "$1"));
            byte[] bytes = Files.readAllBytes(sealed);
            bytes[bytes.length / 3] ^= 0x10;
            Files.write(sealed, bytes);
            assertThat(kept.run("doctor", "--verify")).satisfies(told -> {
                assertThat(told.code()).isEqualTo(1);
                assertThat(told.out()).contains("are damaged");
            });
            kept.done("forget", family.id(), "--yes");
            assertThat(sealed.getParent()).doesNotExist();
            assertThat(kept.run("doctor", "--verify").out())
                    .contains("verified: " + (tapes - family.files().size()) + " tapes read whole");
        }
    }

    /** The originals stay where they are; the second set is read like any other. */
    @Test
    void asNewAllFilesOfASessionBelongToTheNewOneAndNoneToTheOld() throws Exception {
        String spawned = "{\"timestamp\":\"2026-06-01T10:00:59.000Z\",\"type\":\"response_item\",\"payload\":{\"type\":"
                + "\"function_call_output\",\"call_id\":\"c1\",\"output\":\"{\\\"agent_id\\\":\\\"" + thread(1, 2)
                + "\\\"}\"}}\n";
        Files.writeString(temporary.resolve(day(thread(1, 1))), spawned, StandardOpenOption.APPEND);
        scenes.get(3).files().put(day(thread(1, 1)), Files.readAllBytes(temporary.resolve(day(thread(1, 1)))));
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.done("start");
            keptWhole(kept);
            kept.done("stop");
            Map<Scene, String> fresh = new LinkedHashMap<>();
            for (Scene scene : scenes) {
                // Of a circle it is open which becomes the session.
                if (scene.equals(scenes.getLast())) {
                    assertThat(kept.run("restore", scene.id(), "--as-new").err())
                            .contains("handed over to the background")
                            .contains("--to DIR");
                } else if (Set.of("claude", "codex").contains(scene.agent()) && !scene.equals(scenes.get(6))) {
                    String said = kept.done("restore", scene.id(), "--as-new");
                    fresh.put(
                            scene,
                            said.substring(said.indexOf("Its id is ") + 10)
                                    .strip()
                                    .replace(".", ""));
                }
            }
            kept.done("start");
            List<String> all = Stream.concat(fresh.values().stream(), Stream.of(ids()))
                    .sorted()
                    .toList();
            KeptProcess.eventually(() -> assertThat(listed(kept)).containsExactlyElementsOf(all));
            for (Map.Entry<Scene, String> each : fresh.entrySet()) {
                Scene scene = each.getKey();
                KeptProcess.eventually(
                        () -> assertThat(sources(each.getValue())).hasSameSizeAs(expectedSources(scene)));
                assertThat(sources(scene.id())).containsExactlyInAnyOrderElementsOf(expectedSources(scene));
                for (String file : sources(each.getValue())) {
                    assertThat(file).doesNotContain(scene.id());
                    assertThat(scene.files())
                            .doesNotContainKey(
                                    temporary.relativize(Path.of(file)).toString());
                    if (file.endsWith(".jsonl")) {
                        assertThat(Files.readString(Path.of(file))).as(file).doesNotContain("\"" + scene.id() + "\"");
                    }
                }
            }
            String family = Objects.requireNonNull(fresh.get(scenes.get(3)));
            String parent = sources(family).stream()
                    .filter(file -> file.contains(family))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readString(Path.of(parent))).contains("agent_id").doesNotContain(thread(1, 2));
            assertThat(kept.done("export", family)).contains("asked", "child", "grandchild");
        }
    }

    @Test
    void whatIsForgottenIsForgottenInAllFilesAndDoesNotComeBack() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.done("start");
            keptWhole(kept);
            Scene fork = scenes.get(4);
            List<String> forgotten = new ArrayList<>();
            for (Scene scene : scenes) {
                if (!scene.equals(fork)) {
                    forgotten.add(
                            scene.others().isEmpty()
                                    ? scene.id()
                                    : scene.others().getLast());
                }
            }
            String[] forget = Stream.concat(Stream.of("forget", "--yes"), forgotten.stream())
                    .toArray(String[]::new);
            assertThat(kept.run(forget))
                    .satisfies(
                            done -> assertThat(done.code()).as(done.toString()).isZero());
            nothingIsLeft(fork);
            // Archived, a file is the one that was forgotten.
            Files.move(
                    temporary.resolve(day(thread(1, 2))),
                    temporary.resolve(rollout("archived_sessions", thread(1, 2))));
            kept.run("restart");
            kept.person(uuid(99), temporary, "Something else.");
            KeptProcess.eventually(() -> assertThat(listed(kept)).contains(uuid(99)));
            assertThat(listed(kept)).containsExactlyInAnyOrder(fork.id(), uuid(99));
            nothingIsLeft(fork);
            assertThat(kept.done("export", fork.id())).contains(fork.word());
        }
    }

    @Test
    void aFileThatAppearsLaterAndBelongsToWhatWasForgottenIsNotKeptInWhateverOrderTheyAreFound() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.done("start");
            keptWhole(kept);
            kept.done("stop");
            for (Scene scene : scenes) {
                assertThat(kept.run("forget", "--yes", scene.id()).code()).isZero();
            }
            String inside = "\"isSidechain\":true,\"agentId\":\"%s\",";
            String project = ".claude/projects/-work/";
            String gemini = "{\"sessionId\":\"" + uuid(7)
                    + "\",\"projectHash\":\"p\",\"startTime\":\"2026-06-01T10:00:00Z\",\"kind\":\"main\"";
            Map<String, String> late = new LinkedHashMap<>();
            late.put(
                    project + uuid(1) + "/subagents/agent-d1b2c3d4e5f60718.jsonl",
                    claude(uuid(1), inside.formatted("d1b2c3d4e5f60718"), "Latecomer"));
            late.put(project + uuid(1) + "/tool-results/toolu_09.txt", "Latecomer");
            late.put(project + "agent-d1b2c3d4.jsonl", claude(uuid(2), inside.formatted("d1b2c3d4"), "Latecomer"));
            late.put(project + uuid(4) + "/tool-results/toolu_09.txt", "Latecomer");
            late.put(
                    project + uuid(4) + "/subagents/agent-e1b2c3d4e5f60718.jsonl",
                    claude(uuid(3), inside.formatted("e1b2c3d4e5f60718"), "Latecomer"));
            // The grandchild's name sorts first: it is found before what it belongs to, in a folder of its own.
            late.put(
                    rollout("sessions/2026/01/01", thread(9, 1)),
                    codexHeader(thread(9, 1), childOf(thread(9, 2))) + codexSays("Latecomer"));
            late.put(day(thread(9, 2)), codexHeader(thread(9, 2), childOf(thread(1, 1))) + codexSays("Latecomer"));
            late.put(day(thread(9, 3)), codexHeader(thread(9, 3), childOf(thread(1, 3))) + codexSays("Latecomer"));
            late.put(
                    ".gemini/tmp/light/chats/session-2026-06-03T10-00-00000007.jsonl",
                    gemini + "}\n{\"id\":\"m9\",\"type\":\"user\",\"content\":\"Latecomer\"}\n");
            late.put(
                    ".gemini/tmp/light/chats/session-2026-06-04T10-00-00000007.json",
                    gemini + ",\"messages\":[{\"id\":\"m9\",\"type\":\"user\",\"content\":\"Latecomer\"}]}");
            late.put(
                    ".gemini/tmp/light/chats/" + uuid(7) + "/8a8a8a8a.jsonl",
                    gemini.replace(uuid(7), "8a8a8a8a")
                            + "}\n{\"id\":\"m9\",\"type\":\"user\",\"content\":\"Latecomer\"}\n");
            // Another part of what was handed over.
            String copies = new String(
                    Objects.requireNonNull(scenes.getLast().files().get(project + uuid(9) + ".jsonl")), UTF_8);
            late.put(
                    project + uuid(12) + ".jsonl",
                    inBackground(uuid(12), copies + claude(uuid(9), inside.formatted("none"), "Latecomer")));
            kept.done("start");
            write(late, false);
            // What is found last is kept: all before it was looked at.
            kept.person(uuid(99), temporary, "Something else.");
            KeptProcess.eventually(() -> assertThat(listed(kept)).containsExactly(uuid(99)));
            write(late, true);
            kept.run("restart");
            kept.person(uuid(98), temporary, "Something else.");
            KeptProcess.eventually(() -> assertThat(listed(kept)).containsExactly(uuid(98), uuid(99)));
            assertThat(filesWith("Latecomer")).isEmpty();
        }
    }

    private void write(Map<String, String> files, boolean again) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = temporary.resolve(file.getKey());
            assertThat(Files.exists(path)).isEqualTo(again);
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.writeString(path, file.getValue());
        }
    }

    @Test
    void aParentThatComesAfterItsChildrenTakesThemIn() throws Exception {
        Scene family = scenes.get(3);
        Path parent = temporary.resolve(day(thread(1, 1)));
        Path child = temporary.resolve(day(thread(1, 2)));
        Files.delete(parent);
        Files.delete(child);
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.done("start");
            KeptProcess.eventually(() -> assertThat(listed(kept)).contains(thread(1, 2)));
            assertThat(kept.done("export", thread(1, 3))).contains("grandchild");
            Files.write(child, family.files().get(day(thread(1, 2))));
            KeptProcess.eventually(
                    () -> assertThat(listed(kept)).contains(thread(1, 1)).doesNotContain(thread(1, 2)));
            Files.write(parent, family.files().get(day(thread(1, 1))));
            keptWhole(kept);
            KeptProcess.eventually(() -> assertThat(kept.done("sessions", "--json"))
                    .contains("\"sessionId\" : \"" + thread(1, 1) + "\"")
                    .contains(family.word() + " asked"));
        }
    }

    private void nothingIsLeft(Scene but) throws IOException {
        for (Scene scene : scenes) {
            if (!scene.equals(but)) {
                assertThat(filesWith(scene.word())).as(scene.toString()).isEmpty();
            }
        }
    }

    /** The files below the home of Kept that hold a word. */
    private List<Path> filesWith(String word) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(temporary.resolve(".kept"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
                try {
                    if (facts.isRegularFile()
                            && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(word)) {
                        found.add(file);
                    }
                } catch (IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
