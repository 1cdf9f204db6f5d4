package dev.kept.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.command.CommandGrammar;
import dev.kept.command.CommandLine;
import java.nio.charset.StandardCharsets;

/** A command stands on a line that begins with its mark; what is fenced or quoted orders nothing. */
public final class CommandFuzz {
    private CommandFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        for (CommandLine line : CommandGrammar.parse(text).all()) {
            assertThat(line.line()).isNotNegative();
            assertThat(text).contains("::");
        }
        String fence = "`".repeat(Math.max(3, longestRun(text) + 1));
        assertThat(CommandGrammar.parse(fence + "\n" + text + "\n" + fence).isEmpty())
                .as("fenced")
                .isTrue();
        assertThat(CommandGrammar.parse(text.lines().map(line -> "> " + line).reduce("said:\n", (a, b) -> a + b + "\n"))
                        .isEmpty())
                .as("quoted")
                .isTrue();
    }

    private static int longestRun(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
