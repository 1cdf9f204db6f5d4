package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.config.KeptConfig.Commands;
import dev.kept.config.KeptConfig.Keeping;
import dev.kept.config.KeptConfig.ProviderSettings;
import dev.kept.config.KeptConfig.Tape;
import dev.kept.config.RecordingSettings.Images;
import dev.kept.config.RecordingSettings.RemoteImages;
import dev.kept.config.RecordingSettings.Subagents;
import dev.kept.config.RecordingSettings.Thinking;
import dev.kept.config.RecordingSettings.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    private static final Set<String> PROVIDERS = Set.of("claude", "codex");

    @TempDir
    private Path userHome;

    private KeptHome home;

    @BeforeEach
    void makeHome() throws IOException {
        home = KeptHome.fromEnvironment(Map.of("HOME", userHome.toString()));
        home.createDirectories();
    }

    private KeptConfig read(String yaml) throws ConfigException, IOException {
        Files.writeString(home.configFile(), yaml);
        return ConfigReader.read(home, PROVIDERS);
    }

    @Test
    void withoutAFileTheDefaultsHold() throws Exception {
        assertThat(ConfigReader.read(home, PROVIDERS))
                .isEqualTo(new KeptConfig(
                        128,
                        List.of(),
                        SandboxMode.AUTO,
                        10_000,
                        100_000,
                        new Commands(false),
                        Map.of(),
                        new RecordingSettings(
                                Thinking.NONE,
                                Tools.FOLDED,
                                false,
                                Subagents.FOLD,
                                Images.COPY,
                                RemoteImages.LINK,
                                "You",
                                ZoneId.systemDefault(),
                                FileNameTemplate.STANDARD,
                                Optional.empty(),
                                8_000,
                                List.of()),
                        Map.of(),
                        new Tape(FsyncPolicy.GROUP, false, Optional.of(Duration.ofDays(14)), 8L << 30, 200),
                        new Keeping(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), 256L << 20)))
                .isEqualTo(KeptConfig.defaults());
    }

    @Test
    void everyKeyIsRead() throws Exception {
        Path notes = Files.createDirectories(userHome.resolve("my notes"));
        Path claude = Files.createDirectories(userHome.resolve("claude"));

        KeptConfig config = read("""
                daemonMaxMemoryMb: 256
                allowedWriteRoots: ["~/my notes"]
                sandbox: off
                maxSessions: 7
                maxEventsPerSession: 8
                commands: {headless: true}
                providers:
                  claude:
                    enabled: false
                    roots:
                      - %s
                    recordings:
                      thinking: full
                      userName: Mira
                      keepSecretsIn: []
                  codex:
                recordings:
                  thinking: folded
                  toolCalls: names
                  systemEvents: true
                  subagents: omit
                  images: link
                  remoteImages: keep
                  userName: Ada
                  timeZone: Europe/Berlin
                  fileName: "{date} {slug}"
                  directory: ~/my notes
                  toolResultMaxChars: 500
                  keepSecretsIn: ["~/my notes/private/**"]
                tape:
                  fsync: never
                  allowNetworkDisk: true
                  sealAfter: never
                  maxUnpackedBytes: 20GiB
                  maxUnpackRatio: 1000
                keep:
                  firstImport: 30d
                  exclude: [~/private, "/srv/*/secret"]
                  retention: 365d
                  maxTapeBytes: 20GiB
                  minFreeBytes: 1GiB
                """.formatted(claude));

        RecordingSettings general = new RecordingSettings(
                Thinking.FOLDED,
                Tools.NAMES,
                true,
                Subagents.OMIT,
                Images.LINK,
                RemoteImages.KEEP,
                "Ada",
                ZoneId.of("Europe/Berlin"),
                new FileNameTemplate("{date} {slug}"),
                Optional.of(notes),
                500,
                List.of(notes + "/private/**"));
        assertThat(config)
                .isEqualTo(new KeptConfig(
                        256,
                        List.of(notes),
                        SandboxMode.OFF,
                        7,
                        8,
                        new Commands(true),
                        Map.of(
                                "claude",
                                new ProviderSettings(false, Optional.of(List.of(claude)), List.of()),
                                "codex",
                                ProviderSettings.STANDARD),
                        general,
                        Map.of(
                                "claude",
                                new RecordingSettings(
                                        Thinking.FULL,
                                        Tools.NAMES,
                                        true,
                                        Subagents.OMIT,
                                        Images.LINK,
                                        RemoteImages.KEEP,
                                        "Mira",
                                        ZoneId.of("Europe/Berlin"),
                                        new FileNameTemplate("{date} {slug}"),
                                        Optional.of(notes),
                                        500,
                                        List.of())),
                        new Tape(FsyncPolicy.NEVER, true, Optional.empty(), 20L << 30, 1_000),
                        new Keeping(
                                Optional.of(Duration.ofDays(30)),
                                List.of(userHome.resolve("private"), Path.of("/srv/*/secret")),
                                Optional.of(Duration.ofDays(365)),
                                Optional.of(20L << 30),
                                1L << 30)));
        assertThat(config.recordings("claude").userName()).isEqualTo("Mira");
        assertThat(config.recordings("codex")).isEqualTo(general);
        assertThat(config.provider("gemini")).isEqualTo(ProviderSettings.STANDARD);
    }

    @Test
    void theDefaultFileNamesEveryKeyAndMeansTheDefaults() throws Exception {
        String text = DefaultConfig.text();

        assertThat(read(text)).isEqualTo(KeptConfig.defaults());
        assertThat(read(uncommented(text))).isEqualTo(KeptConfig.defaults());
        assertThat(Settings.ALL.stream()
                        .map(setting -> setting.key().substring(setting.key().indexOf('.') + 1))
                        .toList())
                .allMatch(name -> text.contains(name + ": "));
    }

    /** Keys are commented out without a space after the sign, explanations with one. */
    private static String uncommented(String text) {
        return text.lines()
                .map(line -> line.replaceFirst("^#(?! )|^#(?=  \\w)", ""))
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            maxSesions: 5                         | 1:1: unknown key maxSesions; did you mean maxSessions?
            somethingElse: 5                      | 1:1: unknown key somethingElse; known here: allowedWriteRoots, commands
            daemonMaxMemoryMb: 95                 | 1:20: daemonMaxMemoryMb is 95, below the 96 MiB that the daemon needs; write 96 or more
            daemonMaxMemoryMb: lots               | 1:20: daemonMaxMemoryMb must be a whole number, not "lots"
            daemonMaxMemoryMb: "128"              | 1:20: daemonMaxMemoryMb must be a whole number
            daemonMaxMemoryMb: 99999999999999999999 | 1:20: daemonMaxMemoryMb is 99999999999999999999, more than is possible
            maxSessions: -1                       | 1:14: maxSessions is -1
            sandbox: requird                      | 1:10: sandbox must be auto, required or off, not "requird"; did you mean required?
            commands: {headles: true}             | 1:12: unknown key commands.headles; did you mean headless?
            commands: {headless: yes}             | 1:22: commands.headless must be true or false, not "yes"
            commands: true                        | 1:11: commands must hold keys and values, not "true"
            providers: {clade: {}}                | 1:13: there is no provider "clade"; did you mean claude?
            providers: {chatty: {}}               | 1:13: there is no provider "chatty"; Kept knows claude, codex
            providers: {claude: {rots: []}}       | 1:22: unknown key providers.claude.rots; did you mean roots?
            allowedWriteRoots: [relative/path]    | 1:21: "relative/path" is a relative path, and Kept would not know relative to what; begin it with / or ~/
            allowedWriteRoots: [/nowhere/at/all]  | 1:21: this directory does not exist: /nowhere/at/all; create it, or run: kept disallow /nowhere/at/all
            allowedWriteRoots: /tmp               | 1:20: allowedWriteRoots must be a list of directories, not "/tmp"
            recordings: {timeZone: Europe/Berln}  | 1:24: recordings.timeZone: there is no time zone "Europe/Berln"; did you mean Europe/Berlin?
            recordings: {thinking: true}          | 1:24: recordings.thinking must be full, folded or none, not "true"; write one of them
            recordings: {toolCalls: fulded}       | 1:25: recordings.toolCalls must be full, folded, names or none, not "fulded"; did you mean folded?
            recordings: {subagents: inlin}        | 1:25: recordings.subagents must be fold, inline or omit, not "inlin"; did you mean inline?
            recordings: {images: copied}          | 1:22: recordings.images must be copy, link or none
            recordings: {systemEvents: on}        | 1:28: recordings.systemEvents must be true or false, not "on"
            recordings: {fileName: "a/{slug}"}    | 1:24: recordings.fileName: a file name is made of letters, digits
            recordings: {fileName: "../{slug}"}   | 1:24: recordings.fileName: a file name is made of letters, digits
            recordings: {fileName: "{slugg}"}     | 1:24: recordings.fileName: there is no placeholder {slugg}; did you mean {slug}?
            recordings: {fileName: "{slug"}       | 1:24: recordings.fileName: there is no placeholder {{slug}
            recordings: {directory: relative}     | 1:25: "relative" is a relative path
            recordings: {directory: /nowhere}     | 1:25: this directory does not exist: /nowhere; create it, or remove recordings.directory
            recordings: {directory: /usr}         | 1:25: recordings.directory is not inside a directory that may be written: /usr; run: kept allow /usr
            recordings: {keepSecretsIn: "/a/**"}  | 1:29: recordings.keepSecretsIn must be a list of patterns
            recordings: {keepSecretsIn: ["a/*"]}  | 1:30: "a/*" would match no destination; begin it with / or ~/
            recordings: {keepSecretsIn: ["/a/[b"]} | 1:30: "/a/[b" is not a pattern
            recordings: {thinkin: full}           | 1:14: unknown key recordings.thinkin; did you mean thinking?
            providers: {claude: {recordings: {thinking: some}}} | 1:45: providers.claude.recordings.thinking must be full, folded or none
            providers: {claude: {recordings: {user: x}}} | 1:35: unknown key providers.claude.recordings.user; known here: directory, fileName
            providers: {claude: {recordings: {directory: /usr}}} | 1:46: providers.claude.recordings.directory is not inside a directory
            tape: {fsync: sometimes}              | 1:15: tape.fsync must be group or never, not "sometimes"
            [1, 2]                                | 1:1: the file must hold keys and values, not a list
            maxSessions: [                        | 1:15: this is not YAML
            """)
    void whatIsNotUnderstoodIsRefusedWithItsPlaceAndRemedy(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(home.configFile() + ":" + message);
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        assertThatThrownBy(() -> read("maxSessions: 1\nsandbox: off\nmaxSessions: 2\n"))
                .hasMessageContaining(":3:1: the key maxSessions appears twice (first in line 1)");
    }

    @Test
    void aTabIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read("commands:\n\theadless: true\n"))
                .hasMessageContaining("config.yaml:2:1: this is not YAML");
    }

    @Test
    void whatIsNotUtf8IsRefused() throws Exception {
        Files.write(home.configFile(), new byte[] {'a', ':', ' ', (byte) 0xff});

        assertThatThrownBy(() -> ConfigReader.read(home, PROVIDERS)).hasMessageContaining("not UTF-8");
    }

    @Test
    void anEmptyFileMeansTheDefaults() throws Exception {
        assertThat(read("")).isEqualTo(KeptConfig.defaults());
        assertThat(read("# nothing\n")).isEqualTo(KeptConfig.defaults());
    }
}
