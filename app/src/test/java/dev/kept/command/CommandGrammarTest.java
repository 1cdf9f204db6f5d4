package dev.kept.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.command.CommandLine.NearMiss;
import dev.kept.command.CommandLine.Order;
import dev.kept.command.InChatCommand.Capture;
import dev.kept.command.InChatCommand.Export;
import dev.kept.command.InChatCommand.Initialize;
import dev.kept.command.InChatCommand.StartRecording;
import dev.kept.command.InChatCommand.Stop;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandGrammarTest {
    private static Order capture(int line, String path) {
        return new Order(line, new Capture(Optional.of(path)));
    }

    @Test
    void everyVerbIsUnderstood() {
        ParsedMessage parsed = CommandGrammar.parse(
                "::init a.md\n::init\n::record\n::capture b.md\n::capture\n::export c.jsonl\n::stop");

        assertThat(parsed.first())
                .containsExactly(
                        new Order(0, new Initialize(Optional.of("a.md"))),
                        new Order(1, new Initialize(Optional.empty())),
                        new Order(2, new StartRecording()),
                        capture(3, "b.md"),
                        new Order(4, new Capture(Optional.empty())),
                        new Order(5, new Export("c.jsonl")),
                        new Order(6, new Stop()));
        assertThat(parsed.last()).isEmpty();
    }

    @Test
    void firstAndLastBlockAreToldApart() {
        ParsedMessage parsed = CommandGrammar.parse(
                "\n\n::stop\n\nPlease fix it.\n::record\nThanks.\n\n::capture notes/auth.md\n::stop\n\n");

        assertThat(parsed.first()).containsExactly(new Order(2, new Stop()));
        assertThat(parsed.last()).containsExactly(capture(8, "notes/auth.md"), new Order(9, new Stop()));
    }

    @Test
    void blankLinesDoNotEndABlock() {
        assertThat(CommandGrammar.parse("::init a.md\n\n::record\n \n::stop").first())
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text\n::stop\ntext",
                "text ::stop",
                "```\n::stop\n```",
                "text\n```\n::stop",
                "text\n~~~~ md\n```\n::stop",
                "text\n```\nx\n  ````\n```\n::stop",
                "- item\n  ```\n  ::stop",
                "1. ```\n   ::stop",
                "> ::stop",
                "text\n\n    ::stop",
                "text\n\t::stop",
                "::note the text",
                "::not-a-command",
                "::std::vector<int> x;",
                "::record(x)",
                "::stop::all",
                "`::stop`",
                "\\::stop",
                ":::record",
                "- ::stop",
                "::recorder of deeds",
                "\"::stop\"",
                "::",
                ""
            })
    void isText(String message) {
        assertThat(CommandGrammar.parse(message)).isEqualTo(ParsedMessage.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text\n```\ncode\n```\n::stop",
                "text\n```a`b\n::stop",
                "> quoted\n::stop",
                "> ```\n> code\n\n::stop",
                "- item\n::stop",
                "text\r\n::stop\r\n",
                "text\n   ::stop   ",
                "- ```\n  code\nout of the item\n::stop",
                "text\n::stop\""
            })
    void ordersToStopAtTheEnd(String message) {
        assertThat(CommandGrammar.parse(message).last())
                .extracting(line -> ((Order) line).command())
                .containsExactly((InChatCommand) new Stop());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "notes/auth.md | notes/auth.md",
                "my notes/auth flow.md | my notes/auth flow.md",
                "\"my notes/a.md\" | my notes/a.md",
                "'my notes/a.md' | my notes/a.md",
                "`my notes/a.md` | my notes/a.md",
                "@notes/a.md | notes/a.md",
                "@\"my notes/a.md\" | my notes/a.md",
                "\"@literal.md\" | @literal.md",
                "[a](notes/a.md) | notes/a.md",
                "[a](<my notes/a.md>) | my notes/a.md",
                "[a](my%20notes/a+b.md) | my notes/a+b.md",
                "~/notes/ | ~/notes/",
                "/abs/a.md | /abs/a.md",
                "it's here.md | it's here.md",
                "a.md\" | a.md",
                "\"a b.md\"\" | a b.md"
            })
    void pathForms(String written, String meant) {
        assertThat(CommandGrammar.parse("text\n::capture " + written).last()).containsExactly(capture(1, meant));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "::recrod | ::recrod is not a command of Kept. Write ::record alone on its line.",
                "::Capture x | ::Capture is not a command of Kept. Write ::capture or ::capture notes/name.md alone on its line.",
                "::stopa | ::stopa is not a command of Kept. Write ::stop alone on its line.",
                "::stopz | ::stopz is not a command of Kept. Write ::stop alone on its line.",
                "::stopA | ::stopA is not a command of Kept. Write ::stop alone on its line.",
                "::stopZ | ::stopZ is not a command of Kept. Write ::stop alone on its line.",
                "::stop now | ::stop takes nothing after it. Write ::stop alone on its line.",
                "::export | ::export needs a path. Write ::export notes/name.md alone on its line.",
                "::stop. | after ::stop a blank or the end of the line is expected. Write ::stop alone on its line.",
                ":: stop | between :: and stop there must be no blank. Write ::stop alone on its line.",
                "::export \"a.md\" b | There is text behind the path's closing \". Write ::export notes/name.md alone on its line.",
                "::export 'a.md | The path begins with ' and does not end with it. Write ::export notes/name.md alone on its line.",
                "::export [[note]] | A wiki link is not a path. Write ::export notes/name.md alone on its line.",
                "::export [x](a.md) now | There is text behind the link. Write ::export notes/name.md alone on its line.",
                "::export https://example.org/a.md | An address is not a path. Write ::export notes/name.md alone on its line.",
                "::export '' | The path is empty. Write ::export notes/name.md alone on its line."
            })
    void nearMissesAreReportedAndNeverGuessed(String line, String message) {
        assertThat(CommandGrammar.parse(line + "\ntext").first()).containsExactly(new NearMiss(0, line, message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"::capture a.md\"",
                "\"::capture a.md\nPlease fix it\"",
                "\"\n::capture a.md\n\nPlease \\\"fix\\\" it\n\"\n",
                "\"::capture \\\"a.md\\\"\""
            })
    void theQuotesThatAShellsPromptIsPutBetweenAreNoneOfIts(String message) {
        assertThat(CommandGrammar.parse(message).first())
                .extracting(line -> ((Order) line).command())
                .containsExactly((InChatCommand) new Capture(Optional.of("a.md")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"::stop\"",
                "\"::stop\" said \"she\"",
                "\"::capture a.md\" is what I typed",
                "“::stop now”",
                "'::capture a.md'"
            })
    void whatAPersonQuotesIsText(String message) {
        assertThat(CommandGrammar.parse(message).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"    ", "\t", "  \t", "     "})
    void aLineThatIsIndentedLikeCodeGivesNoOrderAlsoWhereItGoesOnWithAParagraph(String indent) {
        assertThat(CommandGrammar.parse("::stop\n" + indent + "::record\ntext").first())
                .containsExactly(new Order(0, new Stop()));
    }

    @Test
    void aLineThatIsIndentedByThreeBlanksGivesOrders() {
        assertThat(CommandGrammar.parse("::stop\n   ::record\ntext").first())
                .containsExactly(new Order(0, new Stop()), new Order(1, new StartRecording()));
    }

    @Test
    void nearMissDoesNotEndTheBlock() {
        assertThat(CommandGrammar.parse("::recrod\n::stop\ntext").first()).hasSize(2);
    }

    /** Orders stand only where no text, fence or quote is around them: whatever the rest of the message looks like. */
    @Test
    void nothingInsideAMessageEverGivesAnOrder() {
        Random random = new Random(20_260_101);
        List<String> any = List.of(
                "text",
                "",
                "# heading",
                "> quote",
                "- item",
                "  - inner",
                "1. one",
                "::capture x.md",
                "::stop",
                "`code`",
                "    indented",
                "***",
                "<div>",
                "::note");
        for (int round = 0; round < 20_000; round++) {
            String inside = some(random, any);
            String fence = (random.nextBoolean() ? "`" : "~").repeat(3 + random.nextInt(3));

            assertThat(CommandGrammar.parse("text\n" + inside + "\ntext").isEmpty())
                    .as("in the middle: %s", inside)
                    .isTrue();
            assertThat(CommandGrammar.parse(fence + "\n" + inside + "\n" + fence)
                            .isEmpty())
                    .as("in a fence: %s", inside)
                    .isTrue();
            assertThat(CommandGrammar.parse("text\n" + fence + "md\n" + inside).isEmpty())
                    .as("in an open fence: %s", inside)
                    .isTrue();
            assertThat(CommandGrammar.parse(inside.indent(1).replaceAll("(?m)^", ">"))
                            .isEmpty())
                    .as("in a quote: %s", inside)
                    .isTrue();
            assertThat(CommandGrammar.parse(inside.replace("::", ":")).isEmpty())
                    .as("without a mark: %s", inside)
                    .isTrue();
        }
    }

    private static String some(Random random, List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            text.append(lines.get(random.nextInt(lines.size()))).append(i == 1 ? "" : "\n");
        }
        return text.toString();
    }

    @Test
    void ofThousandsOfCommandsOnlyThatTheyAreTooManyIsKept() {
        String many = "::capture notes/a.md\n".repeat(5_000);
        ParsedMessage first = CommandGrammar.parse(many + "text");
        assertThat(first.hasTooMany()).isTrue();
        assertThat(first.first()).hasSize(33);
        ParsedMessage last = CommandGrammar.parse("text\n" + many);
        assertThat(last.hasTooMany()).isTrue();
        assertThat(last.last()).hasSize(33);
        assertThat(CommandGrammar.parse("::stop\n".repeat(32)).hasTooMany()).isFalse();
        // Text behind them makes them the middle of the message.
        assertThat(CommandGrammar.parse("text\n" + many + "text").isEmpty()).isTrue();
    }

    @Test
    void marksThatAreNestedTenThousandTimesAreRead() {
        assertThat(CommandGrammar.parse(">".repeat(10_000) + " a\n\n::stop").last())
                .hasSize(1);
        assertThat(CommandGrammar.parse("- ".repeat(10_000) + " a\n\n::stop").last())
                .hasSize(1);
    }

    @Test
    void aPathThatIsTooLongIsNoOrderAndIsShownShortened() {
        ParsedMessage parsed = CommandGrammar.parse("::capture " + "x".repeat(100_000) + ".md");
        assertThat(parsed.first()).singleElement().isInstanceOfSatisfying(CommandLine.NearMiss.class, miss -> {
            assertThat(miss.text()).hasSize(256);
            assertThat(miss.message()).startsWith("The path has more than 1024 characters.");
        });
    }
}
