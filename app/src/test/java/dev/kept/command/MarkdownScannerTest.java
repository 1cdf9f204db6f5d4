package dev.kept.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.command.MarkdownScanner.Line;
import dev.kept.testing.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.SourceSpan;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;

/** The scanner sees the blocks that another implementation of CommonMark sees. */
class MarkdownScannerTest {
    private static final Parser PARSER =
            Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS).build();

    private static final List<String> BEGINNINGS = List.of(
            "",
            "",
            "",
            " ",
            "  ",
            "   ",
            "    ",
            "      ",
            "\t",
            " \t",
            "- ",
            "* ",
            "+ ",
            "-",
            "-\t",
            "1. ",
            "2) ",
            "10. ",
            "1234567890. ",
            "> ",
            ">",
            ">  ",
            ">\t",
            "-     ",
            "1.");
    private static final List<String> CONTENTS = List.of(
            "word",
            "word",
            "::stop",
            "",
            "```",
            "````",
            "``` java",
            "```x`",
            "~~~",
            "~~~~ `a`",
            "# title",
            "#",
            "#no",
            "####### seven",
            "***",
            "* * *",
            "---",
            "--",
            "- - x",
            "___",
            "_ _",
            "===",
            "=",
            "= =",
            "[a]: /b",
            "[a]: /b \"c\"",
            "a",
            "`");

    private static List<Line> scanned(List<String> lines) {
        MarkdownScanner scanner = new MarkdownScanner();
        return lines.stream().map(scanner::next).toList();
    }

    /**
     * For lines that are not blank; those that only continue a quote's paragraph are text.
     *
     * @param undecided takes the lines of which the spans do not tell that
     */
    private static List<Line> parsed(List<String> lines, Set<Integer> undecided) {
        Line[] kinds = new Line[lines.size()];
        Arrays.fill(kinds, Line.TEXT);
        PARSER.parse(String.join("\n", lines)).accept(new AbstractVisitor() {
            private boolean quoted;

            @Override
            public void visit(BlockQuote quote) {
                boolean before = quoted;
                boolean first = true;
                for (SourceSpan span : quote.getSourceSpans()) {
                    // A line that has no mark of its own is lazy; the first has one.
                    String rest = lines.get(span.getLineIndex()).substring(span.getColumnIndex());
                    if (first || rest.matches(" {0,3}>.*")) {
                        kinds[span.getLineIndex()] = Line.QUOTE;
                    } else if (rest.stripLeading().startsWith(">")) {
                        undecided.add(span.getLineIndex());
                    }
                    first = false;
                }
                quoted = true;
                visitChildren(quote);
                quoted = before;
            }

            @Override
            public void visit(FencedCodeBlock code) {
                code.getSourceSpans().forEach(span -> kinds[span.getLineIndex()] = Line.FENCE);
            }

            @Override
            public void visit(IndentedCodeBlock code) {
                if (!quoted) {
                    for (SourceSpan span : code.getSourceSpans()) {
                        // Behind a list item's own mark the line is the item's.
                        if (lines.get(span.getLineIndex())
                                .substring(0, span.getColumnIndex())
                                .isBlank()) {
                            kinds[span.getLineIndex()] = Line.CODE;
                        }
                    }
                }
            }
        });
        return Arrays.asList(kinds);
    }

    @Test
    void anyMixOfBlocksIsReadAsTheOtherImplementationReadsIt() {
        Generator.forSeeds(8_000, random -> {
            List<String> lines = new ArrayList<>();
            int count = random.between(2, 7);
            for (int i = 0; i < count; i++) {
                StringBuilder line = new StringBuilder(random.oneOf(BEGINNINGS));
                if (random.oneIn(3)) {
                    line.append(random.oneOf(BEGINNINGS));
                }
                lines.add(line + random.oneOf(CONTENTS));
            }
            List<Line> scanned = scanned(lines);
            Set<Integer> undecided = new HashSet<>();
            List<Line> parsed = parsed(lines, undecided);
            for (int i = 0; i < lines.size(); i++) {
                // A quoted line with nothing on it has no place of its own in the other's blocks.
                if (!lines.get(i).matches("[> \t]*") && !undecided.contains(i)) {
                    assertThat(scanned.get(i))
                            .as("line %s of %s, read as %s and %s", i, lines, scanned, parsed)
                            .isEqualTo(parsed.get(i));
                }
            }
        });
    }

    @Test
    void theLineThatClosesTheOpenFenceClosesIt() {
        for (String opening : List.of("```", "  ~~~~ x", "- `````", "1. ~~~")) {
            MarkdownScanner scanner = new MarkdownScanner();
            assertThat(scanner.closingFence()).isEmpty();
            scanner.next(opening);
            String closing = scanner.closingFence().orElseThrow();
            assertThat(scanner.next("text")).isIn(Line.FENCE, Line.TEXT);
            MarkdownScanner again = new MarkdownScanner();
            again.next(opening);
            assertThat(again.next(closing)).isEqualTo(Line.FENCE);
            assertThat(again.closingFence()).isEmpty();
            assertThat(again.next("text")).isEqualTo(Line.TEXT);
        }
    }
}
