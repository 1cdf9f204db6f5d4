package dev.kept.recording.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.RecordingSettings.Images;
import dev.kept.config.RecordingSettings.RemoteImages;
import dev.kept.config.RecordingSettings.Thinking;
import dev.kept.config.RecordingSettings.Tools;
import dev.kept.model.ConversationEvent;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * To open a note fetches nothing and runs nothing, and its links lead to the web: parsed back with another
 * implementation.
 */
class MarkdownLinksTest {
    private static final MarkdownOptions LINK = new MarkdownOptions(
            "Ada", MarkdownWriterTest.OPTIONS.zone(), Thinking.FULL, true, Tools.FULL, Images.NONE, 100_000);
    private static final MarkdownOptions KEEP = new MarkdownOptions(
            "Ada",
            MarkdownWriterTest.OPTIONS.zone(),
            Thinking.FOLDED,
            true,
            Tools.FOLDED,
            Images.NONE,
            RemoteImages.KEEP,
            100_000);

    /** What a note leads to: of links and images the destinations, of fences the names. */
    private record Found(List<String> links, List<String> images, List<String> fences) {}

    private static Found parsed(String note) {
        Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Parser.builder().build().parse(note).accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                found.links.add(link.getDestination());
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                found.images.add(image.getDestination());
                visitChildren(image);
            }

            @Override
            public void visit(FencedCodeBlock fence) {
                found.fences.add(fence.getInfo());
            }
        });
        return found;
    }

    private static String note(MarkdownOptions options, String message) {
        RecordingWriter writer = MarkdownWriterTest.writer(options);
        Events e = new Events();
        StringBuilder note = new StringBuilder(
                writer.begin(Events.heading(message.isBlank() ? "x" : message)).text());
        for (ConversationEvent event : List.of(
                e.user(message),
                e.agent(message),
                e.thinking(message),
                e.asks(message),
                e.call("c", message, message),
                e.result("c", message, true),
                e.notByAPerson(message),
                e.system(message),
                e.command(message, message),
                // What another message defined may be used here.
                e.agent("![r] [r] ![x][r] [r][] ![1] [1] [x]"))) {
            note.append(writer.append(event).text());
        }
        return note.toString();
    }

    private static String said(String message) {
        String text = MarkdownText.message(message, RemoteImages.LINK);
        return text.isEmpty() ? "" : text.substring(0, text.length() - 1);
    }

    /** As a viewer may read it that decodes more than it should, and drops what browsers drop. */
    private static boolean isHarmless(String destination) {
        String read = destination;
        for (int i = 0; i < 3; i++) {
            try {
                read = URLDecoder.decode(read.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException noPercents) {
                break;
            }
        }
        String plain = read.replaceAll("[\\p{Cntrl}\\p{Z}]+", "").toLowerCase(Locale.ROOT);
        boolean web = plain.startsWith("https://") || plain.startsWith("http://") || plain.startsWith("mailto:");
        return web || !(plain.contains(":") || plain.startsWith("/") || plain.contains("\\") || plain.contains(".."));
    }

    private static void assertHarmless(String message) {
        for (MarkdownOptions options : List.of(LINK, KEEP)) {
            String note = note(options, message);
            Found found = parsed(note);

            assertThat(found.links).as("links of: %s\n%s", message, note).allMatch(MarkdownLinksTest::isHarmless);
            assertThat(found.images).as("images of: %s\n%s", message, note).allMatch(MarkdownLinksTest::isHarmless);
            assertThat(found.fences)
                    .as("fences of: %s\n%s", message, note)
                    .allMatch(name -> ExecutedFences.neutral(name).equals(name));
            if (options.remoteImages() == RemoteImages.LINK) {
                assertThat(found.images)
                        .as("images of: %s\n%s", message, note)
                        .noneMatch(image -> image.matches("(?i)[a-z]+:.*|//.*"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[x](javascript:alert(1))",
                "[x](JaVaScRiPt:alert(1))",
                "[x](<javascript:alert(1)>)",
                "[x]( \tjavascript:alert(1) 'title')",
                "[x](\njavascript:alert(1))",
                "[x](&#106;avascript:alert(1))",
                "[x](javascript&colon;alert(1))",
                "[x](javascript&#x3a;alert(1))",
                "[x](java\\script\\:alert(1))",
                "[x](javascript%3Aalert(1))",
                "[x](javascript%253Aalert(1))",
                "[x](java&Tab;script:alert(1))",
                "[x](\u0001javascript:alert(1))",
                "[x](\u00a0javascript:alert(1))",
                "[x](data:text/html;base64,PHNjcmlwdD4=)",
                "[x](vbscript:msgbox)",
                "[x](file:///etc/passwd)",
                "[x](obsidian://open?vault=v)",
                "[x](vscode://file/x)",
                "[x](ms-msdt:/id)",
                "[x](smb://host/share)",
                "[x](//host/share)",
                "[x](\\\\\\\\host\\\\share)",
                "[x](/Applications/Calculator.app)",
                "[x](../../.ssh/id_ed25519)",
                "[a\nb](javascript:alert(1))",
                "[a [b] ![c](d)](javascript:alert(1))",
                "[`](javascript:alert(1)) `",
                "![x](https://example.org/p.png)",
                "![x](<https://example.org/p.png>)",
                "![](https://example.org/p.png)",
                "![x](//example.org/p.png)",
                "!![x](https://example.org/p.png)",
                "\\!![x](https://example.org/p.png)",
                "!\\![x](https://example.org/p.png)",
                "![x](\nhttps://example.org/p.png)",
                "![a\nb](https://example.org/p.png)",
                "![x](p.png 'never closed\n\n[x]: https://example.org/p.png",
                "![a `b` c](https://example.org/p.png)",
                "[![x](https://example.org/p.png)](https://example.org)",
                "![x](data:image/svg+xml;base64,PHN2Zz4=)",
                "![x][r]\n\n[r]: https://example.org/p.png",
                "![r][]\n\n[r]:\nhttps://example.org/p.png",
                "![r]\n\n> - [r]: <https://example.org/p.png>",
                "[x][r]\n\n[r]: javascript:alert(1)",
                "[r]\n\n[r]:javascript:alert(1)",
                "[r]\n\n[r]:\n  javascript:alert(1)\n  'title'",
                "[`r]\n\n[`r]: javascript:alert(1) '`'",
                "[`r\ns]\n\n[`r\ns]: javascript:alert(1) '`'",
                "[r\\]]\n\n[r\\]]: javascript:alert(1)",
                "[x]\n\n1. [x]: file:///etc/passwd",
                "# t\n[x]: vbscript:x\n\n[x]",
                "[a]: /url\n[x]: data:x\n\n[x]",
                "<javascript:alert(1)>",
                "<JAVASCRIPT:alert(1)>",
                "<file:///etc/passwd>",
                "<data:text/html,x>",
                "<x+y.z-1:anything>",
                "<a href=\"javascript:alert(1)\">x</a>",
                "<img src=https://example.org/p.png>",
                "<IMG\nSRC='https://example.org/p.png'>",
                "<svg><image href='https://example.org/p.png'/></svg>",
                "` open\n[x](javascript:alert(1)) `y` ![z](https://example.org/q.png)",
                "`` a\n` [x](javascript:alert(1)) `",
                "~~~mermaid\nclick A href \"javascript:alert(1)\"\n~~~",
                "```  Mermaid title\nx\n```",
                "```m&#101;rmaid\nx\n```",
                "```{python}\nx\n```",
                "> 1. ```dot\n>    x\n>    ```",
                "-\t~~~ \tplantuml\n\tx"
            })
    void leadsNowhere(String message) {
        assertHarmless(message);
    }

    @Test
    void noMessageMakesARemoteImageOrALinkOfAnotherScheme() {
        List<String> pieces = List.of(
                "[",
                "]",
                "(",
                ")",
                "![",
                "](",
                "]:",
                "[r]",
                "[r]:",
                "![r]",
                "[x](",
                "![x](",
                "<",
                ">",
                "!",
                "\\",
                "`",
                "``",
                "'",
                "\"",
                "javascript:x",
                "JAVASCRIPT&colon;x",
                "file:///x",
                "https://e.org/p.png",
                "mailto:a@e.org",
                "data:,x",
                "a.png",
                "//e.org/p.png",
                "&#106;s:x",
                "%3A",
                "text",
                " ",
                "  ",
                "\n",
                "\n",
                "\n\n",
                "> ",
                "- ",
                "1. ",
                "    ",
                "\t",
                "# ",
                "---",
                "===",
                "| ",
                "|---|",
                "```",
                "~~~",
                "mermaid",
                "```dot",
                "[r]: javascript:x",
                "[r]: https://e.org/q.png",
                "[1]: file:x",
                "![x](https://e.org/p.png)",
                "[x](javascript:x)",
                "<b>",
                "<!--");
        Random random = new Random(20_261_018);
        for (int round = 0; round < 12_000; round++) {
            StringBuilder message = new StringBuilder();
            for (int i = 1 + random.nextInt(14); i > 0; i--) {
                message.append(pieces.get(random.nextInt(pieces.size())));
            }
            assertHarmless(message.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "see [docs](https://example.org/a_(b)#c 'title') | see [docs](https://example.org/a_(b)#c 'title')",
                "[m](mailto:mira@example.org) <https://example.org> | [m](mailto:mira@example.org) <https://example.org>",
                "[f](src/a-b.ts) [s](#part) [d](my%20notes/a.md) | [f](src/a-b.ts) [s](#part) [d](my%20notes/a.md)",
                "![chart](img/chart.png) | ![chart](img/chart.png)",
                "![chart](https://example.org/c.png) | [chart](https://example.org/c.png)",
                "![](https://example.org/c.png) | [image](https://example.org/c.png)",
                "![x][1] vec![1] | \\![x][1] vec\\![1]",
                "![[secret note]] [[note]] | \\![[secret note]] [[note]]",
                "`[x](javascript:y)` `![z](u:v)` `{ [k: string]: T }` | `[x](javascript:y)` `![z](u:v)` `{ [k: string]: T }`",
                "a[0]: b | a[0]: b",
                "[x](javascript:y) | [x]\\(javascript:y)",
                "[x]: file:///y | [x]\\: file:///y",
                "[x]: https://example.org 'y' | [x]: https://example.org 'y'",
                "$\\href{javascript:y}{x}$ C:\\url | $\\\\href{javascript:y}{x}$ C:\\\\url",
                "<file:///x> <me@example.org> | \\<file:///x> \\<me@example.org>"
            })
    void isShownAs(String message, String shown) {
        assertThat(said(message)).isEqualTo(shown);
    }

    @Test
    void aCodeSpanThatATableCutsHidesNothing() {
        assertThat(said("| a | b |\n|---|---|\n| `x | [y](javascript:z) <b> ` |"))
                .endsWith("| `x | [y]\\(javascript:z) \\<b> ` |");
        assertThat(said("| `a | <b> ` |\n|---|---|")).startsWith("| `a | \\<b> ` |");
        assertThat(said("run `cat <file> | grep [x](y:z)`")).isEqualTo("run `cat <file> | grep [x](y:z)`");
    }

    @Test
    void imagesFromElsewhereStayForThoseWhoWantThem() {
        String images =
                "![x](https://example.org/p.png) ![y](//example.org/q.png)\n\n![z][r]\n\n[r]: https://example.org/r.png";

        assertThat(parsed(note(KEEP, images)).images())
                .contains("https://example.org/p.png", "https://example.org/r.png")
                .doesNotContain("//example.org/q.png");
        assertThat(parsed(note(LINK, images)).images()).isEmpty();
        assertThat(parsed(note(LINK, images)).links())
                .contains("https://example.org/p.png", "https://example.org/r.png");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "mermaid, text",
                "Mermaid title=x, text",
                "vega-lite, text",
                "ad-note, text",
                "js live, text",
                "js-engine, text",
                "run-python, text",
                "DOT, text",
                "ｍermaid, text",
                "python {cmd=true}, text",
                "mer\\maid, text",
                "python, python",
                "c++, c++",
                "objective-c, objective-c",
                "ts title=\"src/a.ts\", ts title=\"src/a.ts\"",
                "12:40:src/main.rs, 12:40:src/main.rs"
            })
    void fencesThatAreExecutedHaveANeutralName(String name, String shown) {
        assertThat(ExecutedFences.neutral(name)).isEqualTo(shown);
        assertThat(said("```" + name + "\nx\n```")).isEqualTo("```" + shown + "\nx\n```");
        assertThat(said("> ~~~ " + name + "\n> x"))
                .startsWith("> ~~~" + (shown.equals(name) ? " " : "") + shown + "\n");
    }

    @Test
    void aFileThatWasWrittenHasNoFenceThatIsExecuted() {
        Events e = new Events();
        String call = "{\"file_path\":\"a.puml\",\"content\":\"x\\ny\"}";

        assertThat(MarkdownWriterTest.writer(LINK)
                        .append(e.call("c", "Write", call))
                        .text())
                .contains("```text\nx\n");
    }

    @Test
    void linksOfOurOwnHaveNoScheme() {
        assertThat(MarkdownText.linkTarget("javascript:x.assets/a.png")).isEqualTo("javascript%3Ax.assets/a.png");
    }

    @Test
    void theDocumentationNamesEveryFenceThatIsExecuted() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "recordings.md"));

        for (ExecutedFences.Group group : ExecutedFences.GROUPS) {
            assertThat(page)
                    .contains("| " + group.reason() + " | "
                            + String.join(
                                    " ",
                                    group.names().stream()
                                            .map(name -> "`" + name + "`")
                                            .toList()) + " |");
        }
    }
}
