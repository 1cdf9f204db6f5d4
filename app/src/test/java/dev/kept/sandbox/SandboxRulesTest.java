package dev.kept.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.codex.CodexProvider;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.sandbox.PathRule.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxRulesTest {
    @TempDir
    private Path user;

    private KeptHome home;

    @BeforeEach
    void makeHome() throws Exception {
        home = new KeptHome(user.resolve(".kept"), user);
        home.createDirectories();
    }

    private List<PathRule> rules(String yaml) throws Exception {
        Files.writeString(home.configFile(), yaml);
        KeptConfig config = ConfigReader.read(home, Set.of("claude"));
        return SandboxRules.of(home, config, Map.of(new ClaudeProvider(), List.of(user.resolve(".claude"))), List.of())
                .rules();
    }

    private static boolean mayWrite(List<PathRule> rules, Path file) {
        return rules.stream().anyMatch(rule -> rule.access().writes() && file.startsWith(rule.path()));
    }

    private static boolean mayRead(List<PathRule> rules, Path file) {
        return rules.stream().anyMatch(rule -> file.startsWith(rule.path()));
    }

    @Test
    void theDaemonMayNotChangeItsOwnConfiguration() throws Exception {
        List<PathRule> rules = rules("maxSessions: 5\n");
        assertThat(mayRead(rules, home.configFile())).isTrue();
        assertThat(mayWrite(rules, home.configFile())).isFalse();
        for (Path folder : home.folders()) {
            assertThat(mayWrite(rules, folder.resolve("x"))).isTrue();
        }
    }

    @Test
    void ofAnAgentsRootOnlyItsSessionsAreRead() throws Exception {
        List<PathRule> rules = rules("");
        assertThat(mayRead(rules, user.resolve(".claude/projects/p/s.jsonl"))).isTrue();
        assertThat(mayWrite(rules, user.resolve(".claude/projects/p/s.jsonl"))).isFalse();
        assertThat(mayRead(rules, user.resolve(".claude/.credentials.json"))).isFalse();
        assertThat(mayRead(rules, user.resolve(".ssh/id_test"))).isFalse();
    }

    @Test
    void whatTheOwnerAllowsMayBeWrittenAndNothingBesideIt() throws Exception {
        Path notes = Files.createDirectory(user.resolve("notes"));
        List<PathRule> rules = rules("allowedWriteRoots: ['" + notes + "']\n");
        assertThat(mayWrite(rules, notes.resolve("a.md"))).isTrue();
        assertThat(mayWrite(rules, user.resolve("notes2/a.md"))).isFalse();
        assertThat(mayWrite(rules, user.resolve("a.md"))).isFalse();
    }

    @Test
    void aConfigurationThatIsKeptElsewhereMayBeReadThere() throws Exception {
        Path dotfiles = Files.createDirectory(user.resolve("dotfiles"));
        Path elsewhere = Files.writeString(dotfiles.resolve("kept.yaml"), "");
        Files.createSymbolicLink(home.configFile(), elsewhere);
        List<PathRule> rules = rules("maxSessions: 5\n");
        assertThat(rules).contains(new PathRule(elsewhere.toRealPath(), Access.READ, Reason.CONFIGURATION));
        assertThat(mayRead(rules, dotfiles.resolve("other"))).isFalse();
    }

    @Test
    void aLinkInThePlaceOfASessionFolderIsNoFolder() throws Exception {
        Path claude = Files.createDirectory(user.resolve(".claude"));
        PathRule sessions = rules("").getFirst();
        assertThat(sessions.reason()).isEqualTo(Reason.SESSIONS);
        assertThat(sessions.identity()).isEmpty();
        Files.createSymbolicLink(claude.resolve("projects"), user);
        assertThat(sessions.identity()).isEmpty();
        Files.delete(claude.resolve("projects"));
        Files.createDirectory(claude.resolve("projects"));
        assertThat(sessions.identity()).isPresent();
    }

    @Test
    void aSessionFolderThatIsALinkIsReadWhereItLeadsUnlessThatIsForbidden() throws Exception {
        Path claude = Files.createDirectory(user.resolve(".claude"));
        Path store = Files.createDirectories(user.toRealPath().resolve("dotfiles/projects"));
        Path link = Files.createSymbolicLink(claude.resolve("projects"), store);
        List<PathRule> rules = rules("");
        assertThat(rules).contains(new PathRule(store, Access.READ, Reason.SESSIONS));
        assertThat(mayRead(rules, store.resolveSibling("keys"))).isFalse();
        for (Path forbidden : List.of(user, Path.of("/"), home.tapes(), claude)) {
            Files.delete(link);
            Files.createSymbolicLink(link, forbidden);
            assertThat(rules("").stream().filter(rule -> rule.reason() == Reason.SESSIONS))
                    .as("a link to %s", forbidden)
                    .extracting(PathRule::path)
                    .containsExactly(link);
        }
    }

    @Test
    void whatIsListedForLinksMayBeReadWhereItStands() throws Exception {
        Path store = Files.createDirectories(user.toRealPath().resolve("dotfiles/store"));
        Path link = Files.createSymbolicLink(user.resolve("store"), store);
        List<PathRule> rules = rules("providers: {claude: {follow: ['" + link + "', '" + user + "', /]}}\n");
        assertThat(mayRead(rules, store.resolve("s.jsonl"))).isTrue();
        assertThat(mayWrite(rules, store.resolve("s.jsonl"))).isFalse();
        assertThat(mayRead(rules, user.resolve(".ssh/id_test"))).isFalse();
        assertThat(mayRead(rules, Path.of("/etc/shadow"))).isFalse();
    }

    @Test
    void whatIsWrittenDownIsWhatIsReadBack() throws Exception {
        PathRule rule = rules("").getLast();
        SandboxStatus inForce = new SandboxStatus(7, true, "a reason", List.of(new AppliedRule(rule, "(dev=1,ino=2)")));
        inForce.write(home, "this-launch");
        assertThat(SandboxStatus.read(home, "this-launch")).contains(inForce);
        assertThat(SandboxStatus.read(home, "another")).isEmpty();
        assertThat(SandboxStatus.read(home, "")).isEmpty();
        assertThat(SandboxStatus.fromJson(inForce.toJson("x"))).isEqualTo(inForce);
        assertThat(inForce.name()).isEqualTo("landlock 7 + seccomp");
        assertThat(SandboxStatus.NONE.name()).isEqualTo("none");
    }

    @Test
    void aProcessThatIsNotConfinedDoesNotSayThatItIs() {
        SandboxStatus told = new SandboxStatus(7, true, "", List.of());
        assertThat(told.confirmed().landlockAbi()).isZero();
        assertThat(told.confirmed().missing()).isNotEmpty();
        assertThat(SandboxStatus.NONE.confirmed()).isEqualTo(SandboxStatus.NONE);
    }

    @Test
    void ofWhatCodexKeepsBesideItsSessionsOnlyTheListOfNamesIsRead() throws Exception {
        Files.writeString(home.configFile(), "");
        KeptConfig config = ConfigReader.read(home, Set.of("codex"));
        Path root = user.resolve(".codex");
        List<PathRule> rules = SandboxRules.of(home, config, Map.of(new CodexProvider(), List.of(root)), List.of())
                .rules();
        assertThat(mayRead(rules, root.resolve("session_index.jsonl"))).isTrue();
        assertThat(mayWrite(rules, root.resolve("session_index.jsonl"))).isFalse();
        assertThat(mayRead(rules, root.resolve("history.jsonl"))).isFalse();
        assertThat(mayRead(rules, root.resolve("auth.json"))).isFalse();
    }

    @Test
    void aListOfNamesStandsOnlyAsAFile() throws Exception {
        Path list = user.resolve("names.jsonl");
        PathRule rule = new PathRule(list, Access.READ, Reason.NAMES);
        assertThat(rule.identity()).isEmpty();
        Files.createSymbolicLink(list, home.configFile());
        assertThat(rule.identity()).isEmpty();
        Files.delete(list);
        Files.createDirectory(list);
        assertThat(rule.identity()).isEmpty();
        Files.delete(list);
        Files.writeString(list, "");
        assertThat(rule.identity()).isPresent();
    }
}
