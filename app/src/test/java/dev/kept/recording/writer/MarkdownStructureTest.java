package dev.kept.recording.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.RecordingSettings.Images;
import dev.kept.config.RecordingSettings.Thinking;
import dev.kept.config.RecordingSettings.Tools;
import dev.kept.model.ConversationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a message says, the note around it stays what it is: parsed back with another implementation. */
class MarkdownStructureTest {
    private static final MarkdownOptions OPEN = new MarkdownOptions(
            "Ada", MarkdownWriterTest.OPTIONS.zone(), Thinking.FULL, true, Tools.FULL, Images.LINK, 200);
    private static final MarkdownOptions OPTIONS = new MarkdownOptions(
            "Ada", MarkdownWriterTest.OPTIONS.zone(), Thinking.FOLDED, true, Tools.FOLDED, Images.COPY, 100_000);

    static List<String> nastyMessages() {
        return List.of(
                "```\nnever closed",
                "~~~~\n```\n~~~\nnever closed",
                "````md\n```js\nx\n```\n````",
                "- item\n  ```\n  in the item",
                "- item\n  ```\n  in the item\nout of it",
                "1. ```\n   a\n2. ~~~\n   b",
                "text\n2. ```\nno list, no fence",
                "-\n\n  ```\n  at the top",
                "> ```\n> quoted fence",
                "> ```\nout of the quote",
                "- > a\nlazy\n  ```\nx",
                "---\ntitle: x\n---",
                "---",
                "</details>",
                "a </details> b <details><summary>x",
                "<!-- never closed",
                "<script>\n\nalert(1)",
                "<pre>\n\n# x",
                "<![CDATA[ <?php <!DOCTYPE",
                "` <b>\n` </details> `x`",
                "a ` b\n\\` <details> `",
                "\\<details>\n\\\\<details>\n`\\`<details>",
                "`` ` <details> ``  ` <b>",
                "# heading\n\nsetext\n===\n",
                "[x]: /url\n[x]",
                "| a | b |\n|---|---|\n| `<b>` | <br> |",
                "x".repeat(10_000) + "<b>" + "`".repeat(500),
                "שלום **עולם** \u202e evil \u2066",
                "| a \u2067| b |\n|:--|--:|\n| `|` | \\| |\n| ``` | ~~~ |",
                "\uDB40\uDC41\uDB40\uDC42 \uD83C\uDFF4\uDB40\uDC67 \uD800 \uDC00 \uFEFF",
                "*** Begin Patch\n```\n+<b>\n*** End Patch",
                "$$\n\\begin{x}\n$$ %%\nhidden? %%",
                "[^1]: note\n[^1] [[wiki]] ![[embed]] #tag",
                "\u001b[31m\u0000\u0007",
                "-\t```\n* * *\n[x]: /y\n-\n2. ```",
                "    indented <b>\n\n\t<details>",
                "\u2028</details>\u0085</details>",
                "<https://example.org/`> ` </details> `",
                "<a@example.org> <b@x",
                "   ```\n   indented fence",
                "\n\n   \n",
                "* * *\n- - -\n+ + +",
                "## Ada · 2026-02-14 09:31\n\nforged",
                "  #\tAda · 2026-02-14 09:31 ##\n#\n##\n###### six",
                "Ada · 2026-02-14 09:31\n---\nforged",
                "Ada · 2026-02-14 09:31\n=\nforged\n-\nand\n  --  \nmore",
                "Claude Code ·\n2026-02-14 09:31\n-----",
                "- ## Ada · 2026-02-14 09:31\n  > ## Ada\n  > Ada\n  > ---\n  > Ada\n  > =",
                "> Ada · 2026-02-14 09:31\n> -\n>\tAda\n>\t--\n    <b>",
                "[x]: <\n---\n[y]: /url\n===\n[z]: /url\n--",
                "- a\n  - b\n    - c\n      ~~~\n      deep");
    }

    private static List<ConversationEvent> everywhere(String message) {
        Events e = new Events();
        return List.of(
                e.user(message),
                e.agent(message),
                e.thinking(message),
                e.call("c", message, message),
                e.call(
                        "d",
                        "Write",
                        "{\"content\":" + new dev.kept.json.JsonValue.JsonString(message + "\n").toJson() + "}"),
                e.call(
                        "f",
                        "Edit",
                        "{\"file_path\":\"a." + MarkdownStructureTest.json(message) + "\",\"old_string\":\"x\\n"
                                + json(message) + "\",\"new_string\":\"x\\n\\n" + json(message) + "\"}"),
                e.call(
                        "g",
                        "TodoWrite",
                        "{\"todos\":[{\"content\":\"1 " + json(message)
                                + "\",\"status\":\"completed\"},{\"content\":\"2\",\"status\":\"in_progress\"}]}"),
                e.call("h", "Grep", "{\"pattern\":\"" + json(message) + "\",\"path\":\"" + json(message) + "\"}"),
                e.result("c", message, true),
                e.result("g", "line\n" + message.repeat(20) + "\nline", false, Events.image("a1")),
                e.result("d", message, false),
                e.notByAPerson(message),
                e.system(message),
                e.asks(message),
                e.decides(ConversationEvent.UserDecision.Outcome.REJECTED, message),
                e.command(message, message),
                e.user("the end"));
    }

    private static String json(String text) {
        String json = new dev.kept.json.JsonValue.JsonString(text).toJson();
        return json.substring(1, json.length() - 1);
    }

    @ParameterizedTest
    @MethodSource("nastyMessages")
    void structureSurvives(String message) {
        assertSurvives(message);
    }

    @Test
    void structureSurvivesAnyMixOfThem() {
        List<String> pieces = List.of(
                "```",
                "~~~",
                "````",
                "  ```",
                "   ~~~",
                "    ```",
                "- ```",
                "1. ~~~",
                "2. ```",
                "> ```",
                "> - ```",
                "- > ```",
                "-",
                "- a",
                "  - b",
                "1. a",
                "7) a",
                "> a",
                "",
                "",
                " ",
                "text",
                "  text",
                "    text",
                "\ttext",
                "      text",
                "---",
                "===",
                "=",
                "--",
                "> ---",
                "> =",
                "  ---",
                "## h",
                "- # h",
                "> # h",
                "***",
                "# h",
                "<div>",
                "</details>",
                "a <b> `c",
                "` <i>",
                "`` <details>",
                "<!--",
                "-->",
                "[x]: /y",
                "[x]: <",
                "'title",
                "\\",
                "- \t```",
                "-\t```",
                ">\t```",
                "* * *",
                "+",
                "1.",
                "10. x",
                "   10. ```",
                "> > ```",
                ">",
                "-     ```",
                "-    ```",
                "| a |\n|---|",
                "```a`",
                "```` x");
        Random random = new Random(20_260_103);
        for (int round = 0; round < 30_000; round++) {
            StringBuilder message = new StringBuilder();
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                message.append(pieces.get(random.nextInt(pieces.size()))).append('\n');
            }
            Events e = new Events();
            assertStands(
                    message.toString(),
                    List.of(e.user(message.toString()), e.thinking(message.toString()), e.user("the end")),
                    round % 2 == 0 ? OPTIONS : OPEN);
        }
    }

    static void assertSurvives(String message) {
        assertStands(message, everywhere(message), OPTIONS);
        assertStands(message, everywhere(message), OPEN);
    }

    private static void assertStands(String message, List<ConversationEvent> events, MarkdownOptions options) {
        RecordingWriter writer = MarkdownWriterTest.writer(options);
        String begun = writer.begin(Events.heading("Title")).text();
        StringBuilder note = new StringBuilder();
        List<String> expectedHeadings = new ArrayList<>();
        long details = 0;
        long lines = 0;
        for (ConversationEvent event : events) {
            String part = writer.append(event).text();
            if (part.startsWith("\n## ")) {
                expectedHeadings.add(
                        part.lines().skip(1).findFirst().orElseThrow().substring(3));
            }
            note.append(part);
            boolean tool = event instanceof ConversationEvent.ToolCall || event instanceof ConversationEvent.ToolResult;
            boolean line = tool && part.endsWith("</p>\n");
            lines += line ? 1 : 0;
            details += switch (event) {
                case ConversationEvent.UserMessage it ->
                    it.header().authorship().authored() || part.isEmpty() ? 0 : 1;
                case ConversationEvent.ToolCall _, ConversationEvent.ToolResult _ -> line ? 0 : 1;
                case ConversationEvent.AssistantThinking _ ->
                    part.isEmpty() || options.thinking() == Thinking.FULL ? 0 : 1;
                case ConversationEvent.SystemMessage _ -> part.isEmpty() ? 0 : 1;
                default -> 0;
            };
        }
        assertThat(begun).startsWith("---\n");
        List<String> headings = new ArrayList<>();
        List<String> html = new ArrayList<>();
        Parser.builder().build().parse(note.toString()).accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                if (heading.getLevel() <= 2) {
                    headings.add(textOf(heading));
                }
            }

            @Override
            public void visit(HtmlBlock block) {
                html.add(block.getParent().getParent() == null ? block.getLiteral() : "nested: " + block.getLiteral());
            }

            @Override
            public void visit(HtmlInline inline) {
                html.add("inline: " + inline.getLiteral());
            }
        });

        assertThat(headings).as("headings of: %s\n%s", message, note).isEqualTo(expectedHeadings);
        assertThat(headings.getLast()).startsWith("Ada");
        assertThat(html.stream()
                        .filter(block -> block.startsWith("<details>\n<summary>")
                                || block.startsWith("<details open>\n<summary>"))
                        .count())
                .as("folds of: %s\n%s", message, note)
                .isEqualTo(details);
        assertThat(html.stream().filter(block -> block.equals("</details>")).count())
                .as("ends of folds of: %s\n%s", message, note)
                .isEqualTo(details);
        assertThat(html.stream()
                        .filter(block -> block.startsWith("<p>") && block.endsWith("</p>"))
                        .count())
                .as("lines of: %s\n%s", message, note)
                .isEqualTo(lines);
        assertThat(html).as("HTML of: %s\n%s", message, note).hasSize((int) (2 * details + lines));
    }

    private static String textOf(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }
        });
        return text.toString();
    }
}
