package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.testing.RealShells;
import dev.kept.text.SafeId;
import dev.kept.text.TerminalText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions whose ids, folders, titles and words are all made to harm who looks at them. */
class HostileSessionIT {
    private static final String WORDS = "\u001b]0;owned\u0007\u001b[2J\u009B31m\u202Eevil\u2066\u2028\uDB40\uDC41\r";

    /** Each is to run a program, to be taken for an option or a path, or to drive a terminal. */
    private static final List<String> IDS = List.of(
            "$(touch PWNED)",
            "`touch PWNED`",
            "a;touch PWNED",
            "<(touch PWNED)",
            "--help",
            "../../PWNED",
            "a b\nc",
            "id'\"\\" + WORDS,
            "x".repeat(500));

    /** The last two are no paths at all. */
    private static final List<String> FOLDERS =
            List.of("/tmp/$(touch PWNED)", "/tmp/" + WORDS + "\nsource  /etc/passwd", "/tmp/a\u0000b", "/tmp/a\uD800b");

    private static final String PLAIN = "0aaa0000-0000-4000-8000-000000000001";

    @TempDir
    private static Path temporary;

    private static KeptProcess kept;

    @BeforeAll
    static void keepHostileSessions() throws Exception {
        kept = new KeptProcess(temporary);
        int number = 0;
        for (String id : IDS) {
            write(number, id, FOLDERS.get(number % FOLDERS.size()));
            number++;
        }
        Path odd = kept.home().resolve(".claude/projects/-wo\u001b[31mrk\u202E");
        Files.createDirectories(odd);
        kept.person(PLAIN, Path.of("/tmp/a b"), WORDS + " hello");
        Files.move(kept.source(PLAIN), odd.resolve(PLAIN + ".jsonl"));
        Path bin = Files.createDirectories(kept.home().resolve("bin"));
        Files.createSymbolicLink(
                bin.resolve("kept"), Path.of(kept.builder().command().getFirst()));
        kept.done("start");
        KeptProcess.eventually(() -> assertThat(ids()).hasSize(IDS.size() + 1));
    }

    private static void write(int number, String id, String folder) throws IOException {
        Path file = kept.home().resolve(".codex/sessions/2026/11/30/rollout-2026-11-30T12-00-0" + number + "-x.jsonl");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(
                file,
                "{\"timestamp\":\"2026-11-30T12:00:00Z\",\"type\":\"session_meta\",\"payload\":{\"id\":" + json(id)
                        + ",\"cwd\":" + json(folder) + ",\"git\":{\"branch\":" + json(WORDS) + "}}}\n"
                        + "{\"timestamp\":\"2026-11-30T12:00:01Z\",\"type\":\"event_msg\",\"payload\":{\"type\":"
                        + "\"user_message\",\"message\":" + json("hello " + WORDS) + "}}\n"
                        + "{\"timestamp\":\"2026-11-30T12:00:02Z\",\"type\":\"event_msg\",\"payload\":{\"type\":"
                        + "\"thread_name_updated\",\"thread_name\":" + json("title " + WORDS) + "}}\n");
    }

    private static String json(String text) {
        return new JsonString(text).toJson();
    }

    private static List<String> ids() throws IOException, InterruptedException {
        return kept.done("sessions", "--ids").lines().toList();
    }

    @AfterAll
    static void end() throws Exception {
        kept.close();
    }

    private static void assertHarmless(String text, String... command) {
        assertThat(text.codePoints().filter(c -> c != '\n' && c != '\t' && TerminalText.drives(c)))
                .as(Arrays.toString(command) + " " + text)
                .isEmpty();
    }

    private static KeptProcess.Result harmless(String... command) throws IOException, InterruptedException {
        KeptProcess.Result result = kept.run(command);
        assertHarmless(result.out(), command);
        assertHarmless(result.err(), command);
        assertThat(result.err()).as(Arrays.toString(command)).doesNotContain("Exception");
        return result;
    }

    @Test
    void everyIdIsOfTheFormAndNamesItsSession() throws Exception {
        assertThat(ids()).allMatch(SafeId::isSafe).contains(PLAIN);
        for (String id : IDS.subList(0, 3)) {
            assertThat(ids()).contains(SafeId.of(id));
            String shown = kept.done("path", SafeId.of(id), "--json");
            assertThat(shown).contains("\"sessionId\" : \"" + SafeId.of(id) + "\"");
            assertThat(kept.done("path", id, "--json"))
                    .as("the agent's own id is taken, too")
                    .isEqualTo(shown);
        }
    }

    @Test
    void noCommandPrintsWhatDrivesATerminal() throws Exception {
        String last = SafeId.of(IDS.get(7));
        String evil = "\u001b]0;t\u0007\u009B\u202E";
        Path folder = Files.createDirectories(kept.home().resolve("notes" + evil));
        List<List<String>> commands = new ArrayList<>(List.of(
                List.of("status"),
                List.of("status", "--all"),
                List.of("status", "--json"),
                List.of("sessions"),
                List.of("sessions", "--json"),
                List.of("sessions", "--ids"),
                List.of("show", last),
                List.of("show", last, "--full"),
                List.of("show", PLAIN),
                List.of("export", last),
                List.of("export", last, "-f", "jsonl"),
                List.of("path", last),
                List.of("path", PLAIN),
                List.of("path", PLAIN, "--json"),
                List.of("restore", PLAIN),
                List.of("restore", PLAIN, "--to", folder.toString()),
                List.of("forget", "--dry-run", last, PLAIN),
                List.of("doctor"),
                List.of("doctor", "--verify"),
                List.of("allow", folder.toString()),
                List.of("allow", "--list"),
                List.of("disallow", folder.toString()),
                List.of("config", "validate"),
                List.of("seal", "--older-than", "0d", "--dry-run"),
                List.of("clean", "--dry-run"),
                List.of("record", PLAIN, "-o", "/tmp/" + evil + "/x.md"),
                List.of("unrecord", PLAIN)));
        for (String command : List.of("show", "allow", "disallow", "restore", "completion")) {
            commands.add(List.of(command, evil));
        }
        commands.add(List.of("export", "--" + evil));
        commands.add(List.of("path", evil, evil));
        commands.add(List.of(evil));
        commands.add(List.of("sessions", "--since", evil));
        commands.add(List.of("sessions", "--cwd", evil));
        commands.add(List.of("export", PLAIN, "-f", evil));
        commands.add(List.of("reveal", evil));
        for (List<String> command : commands) {
            harmless(command.toArray(String[]::new));
        }
        assertThat(kept.done("allow", folder.toString())).contains("Recordings may");
        Path config = kept.home().resolve(".kept/config.yaml");
        String before = Files.readString(config);
        Files.writeString(config, before + "\n\"x\\u001b[31m\": 1\n");
        assertThat(harmless("config", "validate").code()).isEqualTo(2);
        Files.writeString(config, before);
    }

    @Test
    void thoseWhoReadJsonGetTheVeryTexts() throws Exception {
        JsonObject status = (JsonObject) JsonReader.parse(kept.done("status", "--json"));
        assertThat(status.array("sessions").stream().map(session -> ((JsonObject) session).stringOr("cwd", "")))
                .contains(FOLDERS.get(0), FOLDERS.get(1), FOLDERS.get(2), FOLDERS.get(3));
        String exported = kept.done("export", SafeId.of(IDS.get(1)), "-f", "jsonl");
        assertThat(((JsonObject) JsonReader.parse(exported.lines().findFirst().orElseThrow())).stringOr("text", ""))
                .isEqualTo("hello " + WORDS);
    }

    @Test
    void aPathThatCannotBePrintedIsToldToProgramsOnly() throws Exception {
        KeptProcess.Result source = harmless("path", PLAIN, "--source");
        assertThat(source.code()).isEqualTo(1);
        assertThat(source.out()).isEmpty();
        assertThat(source.err()).contains("kept path " + PLAIN + " --json");
        JsonObject told = (JsonObject) JsonReader.parse(kept.done("path", PLAIN, "--json"));
        assertThat(((JsonObject) told.array("tapes").getFirst()).stringOr("source", ""))
                .contains("-wo\u001b[31mrk\u202E");
        assertThat(Path.of(kept.done("path", PLAIN, "--tape").strip())).isRegularFile();
    }

    @Test
    void noFolderTakesTheStatusAway() throws Exception {
        KeptProcess.Result status = harmless("status", "--all");
        assertThat(status.code()).isZero();
        assertThat(status.out()).startsWith("Kept ").contains("Others");
        assertThat(harmless("sessions", "--cwd", "/tmp").code()).isZero();
        for (String id : IDS) {
            KeptProcess.Result export = harmless("export", SafeId.of(id));
            assertThat(export.code()).as("%s: %s", id, export.err()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void tabOffersIdsAndRunsNothing(String shell) throws Exception {
        Path script = Files.writeString(kept.home().resolve("completion." + shell), kept.done("completion", shell));
        String wanted = SafeId.of(IDS.getFirst());
        Path commands = Files.writeString(
                kept.home().resolve("press-tab." + shell),
                switch (shell) {
                    case "bash" -> """
                        . '%s'
                        for typed in '' 'id-' '$(touch PWNED)' '`touch PWNED`'; do
                            COMP_WORDS=(kept show "$typed"); COMP_CWORD=2; _kept; printf '%%s\\n' "${COMPREPLY[@]}"
                        done
                        """.formatted(script);
                    case "zsh" -> """
                        zmodload zsh/zpty
                        zpty tab zsh -f -i
                        zpty -w tab "PS1=READY; autoload -U compinit; compinit -D; compdef _kept kept"
                        zpty -w tab "_kept() { unfunction _kept; . '%s' }"
                        zpty -w tab "kept() { if [[ \\$1 = sessions ]]; then command kept \\"\\$@\\"; else print -r -- GOT \\$2 END; fi }"
                        zpty -w -n tab $'kept show %s\\t\\n'
                        zpty -r tab screen '*GOT id-*END*'
                        print -r -- $screen
                        zpty -d tab
                        """.formatted(script, wanted.substring(0, wanted.length() - 1));
                    default -> """
                        source '%s'
                        complete -C 'kept show '
                        complete -C 'kept show id-'
                        complete -C 'kept show $(touch PWNED)'
                        """.formatted(script);
                });
        String environmentPath = kept.home().resolve("bin") + ":" + System.getenv("PATH");
        Process process = RealShells.start(
                shell,
                kept.home(),
                commands,
                Map.of(
                        "PATH",
                        environmentPath,
                        "KEPT_REBUILD",
                        "no",
                        "KEPT_JAVA_HOME",
                        System.getProperty("java.home")));
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(out).as(shell).contains(wanted);
        if (!shell.equals("zsh")) {
            assertThat(out.lines()).contains("last").containsAll(ids());
        }
        try (Stream<Path> files = Files.walk(kept.home())) {
            assertThat(files.filter(file -> file.endsWith("PWNED")))
                    .as("what the id would have made")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"$(touch PWNED)", "`touch PWNED`", "it's \\ \"b\"", "a\nb", "-rf", "a;touch PWNED", "日本 é"})
    void aRemedyWithAFolderOfAnyNameCanBePasted(String name) throws Exception {
        Path folder = Files.createDirectories(
                kept.home().resolve("work-" + name.length()).resolve(name));
        KeptProcess.Result refused = harmless("export", SafeId.of(IDS.getFirst()), "-o", folder + "/note.md");
        assertThat(refused.code()).as(refused.toString()).isNotZero();
        String remedy =
                refused.err().substring(refused.err().indexOf("kept allow ")).strip();
        Path commands =
                Files.writeString(kept.home().resolve("pasted"), "kept() { printf '%s|' \"$@\"; }\n" + remedy + "\n");
        Process bash = RealShells.start("bash", kept.home(), commands, Map.of());
        String words = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String path = words.replace("~", kept.home().toString());
        assertThat(path).isEqualTo("allow|" + folder + "|");
        assertThat(kept.home().resolve("PWNED")).doesNotExist();
    }
}
