package dev.kept.recording.destination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.destination.Refusal.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathPolicyTest {
    private Path home = Path.of("/");
    private Path project = Path.of("/");
    private Path outside = Path.of("/");
    private PathPolicy policy = new PathPolicy(List.of(), home, List.of(), home);

    @BeforeEach
    void makeAHome(@TempDir Path temporary) throws IOException {
        home = Files.createDirectories(temporary.toRealPath().resolve("home"));
        project = Files.createDirectories(home.resolve("project"));
        outside = Files.createDirectories(home.resolve("outside"));
        Files.createDirectories(project.resolve("agent"));
        Files.createDirectories(home.resolve(".kept/tapes"));
        policy = new PathPolicy(List.of(project), home.resolve(".kept"), List.of(project.resolve("agent")), home);
    }

    private Code code(Path file) {
        return switch (policy.decide(file)) {
            case PathVerdict.Denied(Refusal refusal) -> refusal.code();
            case PathVerdict.Allowed allowed -> throw new AssertionError(allowed);
        };
    }

    @Test
    void filesInAnAllowedRootMayBeWritten() {
        assertThat(policy.decide(project.resolve("notes/deep/a.md")))
                .isEqualTo(new PathVerdict.Allowed(project.resolve("notes/deep/a.md"), project));
        assertThat(policy.decide(project.resolve("x/../a.jsonl")))
                .isEqualTo(new PathVerdict.Allowed(project.resolve("a.jsonl"), project));
    }

    @Test
    void keptsOwnRecordingsMayAlwaysBeWritten() {
        Path file = home.resolve(".kept/recordings/a.md");

        assertThat(policy.decide(file)).isEqualTo(new PathVerdict.Allowed(file, home.resolve(".kept/recordings")));
    }

    @Test
    void theRestOfKeptHomeIsRefusedEvenIfAllowed() {
        PathPolicy wide = new PathPolicy(List.of(home), home.resolve(".kept"), List.of(), home);

        assertThat(wide.decide(home.resolve(".kept/tapes/a.jsonl")))
                .isInstanceOfSatisfying(
                        PathVerdict.Denied.class,
                        denied -> assertThat(denied.refusal().code()).isEqualTo(Code.KEPT_HOME));
    }

    private String remedy(Path path) {
        return ((PathVerdict.Denied) policy.decide(path)).refusal().remedy();
    }

    @Test
    void outsideTheRootsTheRemedyIsNamed() throws IOException {
        Files.createDirectories(outside.resolve("my notes"));
        assertThat(policy.decide(outside.resolve("my notes/a.md")))
                .isEqualTo(new PathVerdict.Denied(new Refusal(
                        Code.OUTSIDE_ROOTS,
                        "~/outside/my notes/a.md is refused: no allowed folder holds it.",
                        "Run: kept allow '" + outside.resolve("my notes") + "'")));
        assertThat(remedy(outside.resolve("not/there/a.md"))).isEqualTo("Run: kept allow ~/outside");
        assertThat(remedy(home.resolve("a.md")))
                .isEqualTo("Name a file in a folder for notes, and run: kept allow FOLDER");
        assertThat(code(project.resolve("../a.md"))).isEqualTo(Code.OUTSIDE_ROOTS);
        assertThat(code(home.resolve("project-2/a.md"))).isEqualTo(Code.OUTSIDE_ROOTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CLAUDE.md",
                "docs/claude.MD",
                "CLAUDE.local.md",
                "AGENTS.md",
                "AGENTS.override.md",
                "GEMINI.md",
                "x/SKILL.md",
                ".cursorrules",
                "copilot-instructions.md",
                "a.instructions.md",
                "x.prompt.md",
                "QWEN.md",
                "opencode.md",
                "ＣＬＡＵＤＥ.md",
                ".windsurfrules",
                "AmazonQ.md",
                "MEMORY.md",
                "docs/CONVENTIONS.md",
                "memory-bank/progress.md",
                "Memory_Bank/deep/a.jsonl",
                "productContext.md",
                ".clinerules/a.md",
                ".cursor/rules/a.md",
                ".github/instructions/a.md",
                "CLAUDE\u200b.md",
                "\u2060\uFEFFAGENTS.md",
                "GEM\u0130NI.md",
                "gem\u0131ni.md",
                "a\u00ADgents.\u202emd\uFE0F",
                "ſkill.md",
                "memory\u200d-bank/a.md",
                "login.knowledge.md",
                ".gemini/styleguide.md",
                "airules.md",
                ".aiassistant/rules/a.md",
                "duo/chat-rules.md",
                "rules/project_rules.md",
                "Documents/Cline/Rules/a.md",
                "plugins/deploy/commands/a.md",
                "x/extensions/y/agents/deep/a.md"
            })
    void filesThatInstructAgentsAreRefused(String name) {
        assertThat(code(project.resolve(name))).isEqualTo(Code.INSTRUCTS_AGENTS);
    }

    @Test
    void eachNameOfTheListIsRefusedAndInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "recordings.md"));
        for (InstructingFiles.Entry entry : InstructingFiles.ENTRIES) {
            for (String name : entry.names()) {
                String file = name.endsWith("/") ? name + "a.md" : name.replace("*", "x");
                Path path = project.resolve(file.toUpperCase(Locale.ROOT));
                assertThat(code(path)).isEqualTo(Code.INSTRUCTS_AGENTS);
                assertThat(remedy(path))
                        .isEqualTo(name.endsWith("/") ? "Choose another folder." : "Choose another name.");
            }
            assertThat(page)
                    .contains("| " + entry.who() + " | "
                            + String.join(
                                    " ",
                                    entry.names().stream()
                                            .map(name -> "`" + name + "`")
                                            .toList())
                            + " | <" + entry.source() + "> |");
        }
        assertThat(InstructingFiles.MANIFESTS)
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
        assertThat(InstructingFiles.PLUGIN_FOLDERS)
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void eachNameStandsInOneEntryAndEachEntryHasASourceOfItsOwn() {
        assertThat(InstructingFiles.ENTRIES.stream()
                        .flatMap(entry -> entry.names().stream())
                        .toList())
                .doesNotHaveDuplicates();
        assertThat(InstructingFiles.ENTRIES)
                .extracting(InstructingFiles.Entry::source)
                .doesNotHaveDuplicates()
                .allMatch(source -> source.startsWith("https://"));
    }

    @Test
    void aRefusalOfAnInstructingFileNamesWhatToChange() {
        assertThat(policy.decide(project.resolve("Folder of a Plugin/CLAUDE.md")))
                .isEqualTo(new PathVerdict.Denied(new Refusal(
                        Code.INSTRUCTS_AGENTS,
                        "~/project/Folder of a Plugin/CLAUDE.md is refused: agents take orders from files of this name"
                                + " (Claude Code).",
                        "Choose another name.")));
        assertThat(policy.decide(project.resolve("memory-bank/a.md")))
                .isEqualTo(new PathVerdict.Denied(new Refusal(
                        Code.INSTRUCTS_AGENTS,
                        "~/project/memory-bank/a.md is refused: agents take orders from files in a folder memory-bank/"
                                + " (Memory banks after Cline's pattern).",
                        "Choose another folder.")));
        assertThat(policy.decide(project.resolve("plugins/x/prompts/a.md")))
                .isEqualTo(new PathVerdict.Denied(new Refusal(
                        Code.INSTRUCTS_AGENTS,
                        "~/project/plugins/x/prompts/a.md is refused: agents take orders from files in prompts/ of a plugin.",
                        "Choose another folder.")));
    }

    @Test
    void foldersOfCommandsAreRefusedInAPluginAndAllowedElsewhere() throws IOException {
        for (String manifest : InstructingFiles.MANIFESTS) {
            Path plugin = Files.createDirectories(project.resolve("with-" + manifest));
            assertThat(policy.decide(plugin.resolve("Commands/a.md"))).isInstanceOf(PathVerdict.Allowed.class);
            Files.createDirectories(plugin.resolve(manifest));

            assertThat(code(plugin.resolve("Commands/a.md"))).isEqualTo(Code.INSTRUCTS_AGENTS);
            assertThat(code(plugin.resolve("sub/agents/b/a.md"))).isEqualTo(Code.INSTRUCTS_AGENTS);
            assertThat(remedy(plugin.resolve("skills/x/a.md"))).isEqualTo("Choose another folder.");
            assertThat(policy.decide(plugin.resolve("notes/a.md"))).isInstanceOf(PathVerdict.Allowed.class);
        }
        assertThat(policy.decide(project.resolve("memories of a bank/claude.notes.md")))
                .isInstanceOf(PathVerdict.Allowed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".git/a.md", "x/.hidden/a.md", ".a.md"})
    void hiddenPlacesAreRefused(String name) {
        assertThat(code(project.resolve(name))).isEqualTo(Code.HIDDEN);
    }

    @Test
    void anAllowedRootMayItselfBeHidden() throws IOException {
        Path hidden = Files.createDirectories(home.resolve(".notes"));

        assertThat(new PathPolicy(List.of(hidden), home.resolve(".kept"), List.of(), home)
                        .decide(hidden.resolve("a.md")))
                .isInstanceOf(PathVerdict.Allowed.class);
    }

    @Test
    void providerRootsAreRefused() {
        assertThat(code(project.resolve("agent/a.md"))).isEqualTo(Code.PROVIDER_ROOT);
    }

    @Test
    void onlyMarkdownAndJsonLinesAreWritten() {
        assertThat(code(project.resolve("a.txt"))).isEqualTo(Code.WRONG_SUFFIX);
        assertThat(code(project.resolve("Makefile"))).isEqualTo(Code.WRONG_SUFFIX);
    }

    @Test
    void linksOutOfTheRootAreRefused() throws IOException {
        Files.createSymbolicLink(project.resolve("out"), outside);

        assertThat(policy.decide(project.resolve("out/a.md")))
                .isInstanceOfSatisfying(PathVerdict.Denied.class, denied -> {
                    assertThat(denied.refusal().code()).isEqualTo(Code.OUTSIDE_ROOTS);
                    assertThat(denied.refusal().message()).contains("links lead to " + outside.resolve("a.md"));
                });
    }

    @Test
    void linksInsideTheRootAreFollowedToWhereTheyLead() throws IOException {
        Files.createDirectories(project.resolve("real"));
        Files.createSymbolicLink(project.resolve("link"), project.resolve("real"));
        Files.createSymbolicLink(home.resolve("entry"), project);

        assertThat(policy.decide(home.resolve("entry/link/a.md")))
                .isEqualTo(new PathVerdict.Allowed(project.resolve("real/a.md"), project));
    }

    @Test
    void aFinalLinkIsRefusedWhereverItLeads() throws IOException {
        Files.writeString(project.resolve("real.md"), "");
        Files.createSymbolicLink(project.resolve("link.md"), project.resolve("real.md"));
        Files.createSymbolicLink(project.resolve("dangling.md"), outside.resolve("none.md"));
        Files.createSymbolicLink(project.resolve("nowhere"), outside.resolve("none"));

        assertThat(code(project.resolve("link.md"))).isEqualTo(Code.SYMBOLIC_LINK);
        assertThat(code(project.resolve("dangling.md"))).isEqualTo(Code.SYMBOLIC_LINK);
        assertThat(code(project.resolve("nowhere/a.md"))).isEqualTo(Code.UNREADABLE);
    }

    @Test
    void onlyRegularFilesAreWritten() throws IOException, InterruptedException {
        Files.createDirectories(project.resolve("folder.md"));
        Process pipe = new ProcessBuilder("mkfifo", project.resolve("pipe.md").toString()).start();
        assertThat(pipe.waitFor()).isZero();

        assertThat(code(project.resolve("folder.md"))).isEqualTo(Code.NOT_A_REGULAR_FILE);
        assertThat(code(project.resolve("pipe.md"))).isEqualTo(Code.NOT_A_REGULAR_FILE);
    }

    @Test
    void aFileWithASecondNameIsRefusedUntilItHasOneAgainAndTheRemedyGivesItAFileOfItsOwn()
            throws IOException, InterruptedException {
        for (String name : List.of("a.md", "it's a $(note).jsonl")) {
            Path secret = Files.writeString(outside.resolve(name), "outside");
            Path note = Files.createLink(project.resolve(name), secret);
            Path other = Files.writeString(project.resolve(name + ".new"), "somebody's");

            assertThat(code(note)).isEqualTo(Code.SEVERAL_NAMES);
            String remedy = remedy(note);
            String typed = remedy.substring(remedy.indexOf("cp "));
            ProcessBuilder shell = new ProcessBuilder("sh", "-c", typed);
            shell.environment().put("HOME", home.toString());
            assertThat(shell.inheritIO().start().waitFor()).isZero();

            assertThat(policy.decide(note)).isEqualTo(new PathVerdict.Allowed(note, project));
            assertThat(note).hasContent("outside");
            Files.writeString(note, "changed");
            assertThat(secret).hasContent("outside");
            assertThat(other).hasContent("somebody's");
        }
    }

    @Test
    void aFileIsAllowedAgainOnceItsOtherNameIsGone() throws IOException {
        Path note = Files.writeString(project.resolve("a.md"), "mine");
        Path backup = Files.createLink(outside.resolve("backup"), note);

        assertThat(code(note)).isEqualTo(Code.SEVERAL_NAMES);
        Files.delete(backup);
        assertThat(policy.decide(note)).isEqualTo(new PathVerdict.Allowed(note, project));
    }

    @Test
    void aLinkSwappedInBetweenTheCheckAndTheNextIsSeen() throws IOException {
        Path notes = Files.createDirectories(project.resolve("notes"));
        assertThat(policy.decide(notes.resolve("a.md"))).isInstanceOf(PathVerdict.Allowed.class);
        Files.delete(notes);
        Files.createSymbolicLink(notes, home.resolve(".kept/tapes"));
        assertThat(code(notes.resolve("a.md"))).isEqualTo(Code.KEPT_HOME);
        Files.delete(notes);
        Files.createSymbolicLink(notes, project.resolve("agent"));
        assertThat(code(notes.resolve("a.md"))).isEqualTo(Code.PROVIDER_ROOT);
    }

    /** Every code but those of resolving and opening is a refusal of this policy, and each has words and a remedy. */
    @Test
    void everyRefusalSaysWhatAndWhatToDo() throws IOException {
        Files.createSymbolicLink(project.resolve("gone"), outside.resolve("none"));
        for (Path path : List.of(
                Path.of("a.md"),
                project.resolve("a.txt"),
                project.resolve("CLAUDE.md"),
                home.resolve(".kept/tapes/a.md"),
                project.resolve("agent/a.md"),
                project.resolve(".x/a.md"),
                outside.resolve("a.md"),
                project.resolve("gone/a.md"))) {
            Refusal refusal = ((PathVerdict.Denied) policy.decide(path)).refusal();
            assertThat(refusal.message()).as("%s", path).endsWith(".");
            assertThat(refusal.remedy()).as("%s", path).isNotBlank();
        }
    }

    @Test
    void relativePathsAreRefused() {
        assertThat(code(Path.of("a.md"))).isEqualTo(Code.UNCLEAR_PATH);
        assertThat(code(Path.of("/"))).isEqualTo(Code.UNCLEAR_PATH);
    }
}
