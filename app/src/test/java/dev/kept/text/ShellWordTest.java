package dev.kept.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.testing.RealShells;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "a b",
            "$(touch pwned)",
            "`touch pwned`",
            "${HOME}",
            "$HOME",
            "a;touch pwned",
            "a|b&c>d<e(f)g{h,i}j[k]*?",
            "it's",
            "'",
            "''",
            "\"",
            "\\",
            "a\\",
            "\\\\'\\n",
            "!!",
            "#",
            "~",
            "~root",
            "=ls",
            "%1",
            "^a^b",
            "-rf",
            "日本 é",
            "👩\u200D👧");

    /** These are no words that fish can be told in the form that the other shells understand. */
    private static final List<String> UNPRINTABLE =
            List.of("a\nb", "\u001b[31m", "a\tb", "\r", "\u202E", "\u009B", "it's\n\\", "\u007F", "$(touch pwned)\n");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"a", "/home/mira/notes", "7d3f-1", "a.b_c@d:e,f+g"})
    void aPlainWordStandsAsItIs(String word) {
        assertThat(ShellWord.of(word)).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"a b, 'a b'", "$(id), '$(id)'", "it's, 'it'\\''s'", "\\, \\\\", "~x, '~x'"})
    void anyOtherIsQuoted(String text, String word) {
        assertThat(ShellWord.of(text)).isEqualTo(word);
    }

    @Test
    void aPathBelowHomeIsShortWhereItIsPlain() {
        Path home = Path.of("/home/mira");
        assertThat(ShellWord.of(home.resolve("a/b"), home)).isEqualTo("~/a/b");
        assertThat(ShellWord.of(home.resolve("a b"), home)).isEqualTo("'/home/mira/a b'");
        assertThat(ShellWord.of(home, home)).isEqualTo("/home/mira");
        assertThat(ShellWord.of(Path.of("-rf"))).isEqualTo("./-rf");
    }

    @Test
    void noWordHasAnythingThatDrivesATerminal() {
        Stream.concat(HOSTILE.stream(), UNPRINTABLE.stream())
                .forEach(text -> assertThat(TerminalText.isHarmless(ShellWord.of(text)))
                        .as(text)
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void aShellReadsTheWordAndEvaluatesNothing(String shell) throws Exception {
        for (String text : HOSTILE) {
            assertThat(read(shell, text)).as(shell + " " + ShellWord.of(text)).isEqualTo(text);
        }
        if (!shell.equals("fish")) {
            for (String text : UNPRINTABLE) {
                assertThat(read(shell, text))
                        .as(shell + " " + ShellWord.of(text))
                        .isEqualTo(text);
            }
        }
        try (Stream<Path> made = Files.list(folder)) {
            assertThat(made.filter(file -> !file.endsWith("in")
                            && !file.getFileName().toString().startsWith(".")))
                    .isEmpty();
        }
    }

    /** The word comes on the standard input, as what is pasted does. */
    private String read(String shell, String text) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("in"), "printf '%s' " + ShellWord.of(text) + "\n");
        Process process = RealShells.start(shell, folder, in, Map.of());
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }
}
