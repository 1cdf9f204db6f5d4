package dev.kept.recording.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.RecordingSettings.Images;
import dev.kept.config.RecordingSettings.Thinking;
import dev.kept.config.RecordingSettings.Tools;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserDecision.Outcome;
import dev.kept.recording.secret.SecretRedactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MarkdownWriterTest {
    private static final Path GOLDEN = Path.of("src/test/resources/recording/conversation.md");

    static final MarkdownOptions OPTIONS = MarkdownOptions.defaults(ZoneId.of("Europe/Berlin"));

    static RecordingStyle style(MarkdownOptions options) {
        return new RecordingStyle(options, SubagentDetail.FOLD, SecretRedactor.VERBATIM);
    }

    static RecordingWriter writer(MarkdownOptions options) {
        return RecordingWriter.start(RecordingFormat.MARKDOWN, "login fix.md", "Claude Code", style(options));
    }

    static Rendered render(MarkdownOptions options, List<ConversationEvent> events) {
        RecordingWriter writer = writer(options);
        Rendered note = writer.begin(Events.heading("Fix: the \"login\" page"));
        for (ConversationEvent event : events) {
            note = note.plus(writer.append(event));
        }
        return note;
    }

    private static List<ConversationEvent> conversation() {
        Events e = new Events();
        return List.of(
                e.user(
                        "The login page shows this:\n\n```\nError: <nil>\n```\n\n::capture notes/login fix.md",
                        Events.image("a1")),
                e.thinking("Look at the page first."),
                e.agent("I'll look at it.\n\n- first the page,\n- then `<LoginForm>`."),
                e.call(
                        "c1",
                        "Bash",
                        "{\"command\":\"grep -rn login src\\nls\",\"description\":\"Find it\",\"timeout\":5000}"),
                e.call("c2", "Read", "{\"file_path\":\"/work/src/Login.tsx\"}"),
                e.result("c1", "src/Login.tsx:1:login\nsrc/a.md:3:```js\n", false),
                e.result("c2", "File does not exist.", true),
                e.call("c3", "Screenshot", "{}"),
                e.result("c3", "", false, Events.image("b2")),
                e.notByAPerson("<system-reminder>Be brief.</system-reminder>"),
                e.system("hidden by default"),
                e.raw(),
                e.asks("Shall I rewrite it?\n\n1. yes\n2. no"),
                e.decides(Outcome.ANSWERED, "yes, but keep `login()`"),
                e.call("c4", "Write", "{\"file_path\":\"a.md\",\"content\":\"# A\\n\\n```js\\nx\\n```\\n\"}"),
                e.result("c4", "x\n".repeat(30), false),
                e.agent("Done:\n\n```ts\nlogin()"),
                e.command("/compact", "keep the plan"),
                e.user("Thanks!"),
                e.user("One more: שלום <b>עולם</b>"),
                e.agent("Sure."));
    }

    @Test
    void outputsOfCodexStandWithoutTheirEnvelopeAndPatchesAsTheyWereWritten() {
        Events e = new Events();
        String head = "Chunk ID: 42b7c6\nWall time: 0.1 seconds\nProcess exited with code %d\nOutput:\n";
        String note = render(
                        OPTIONS,
                        List.of(
                                e.call("c1", "exec_command", "{\"cmd\":\"make\"}"),
                                e.result("c1", String.format(head, 2) + "one\ntwo\n", true),
                                e.result("c1", String.format(head, 0) + "fine\n", false),
                                e.result("c1", "Output:\nnot an envelope\n", false),
                                e.result("c1", "Wall time: I said so\n", false),
                                e.call(
                                        "c2",
                                        "apply_patch",
                                        "\"*** Begin Patch\\n*** Add File: a.py\\n+x\\n*** Add File: b.py\\n+\\\"y\\\"\\n*** End Patch\"")))
                .text();
        assertThat(note)
                .contains("<strong>error</strong>: exit code 2</summary>\n\n```\none\ntwo\n```\n")
                .contains("<p>↳ Result fine</p>")
                .contains("Output:\nnot an envelope")
                .contains("Wall time: I said so")
                .contains("<summary><code>apply_patch</code> a.py, b.py</summary>")
                .contains("```diff\n*** Begin Patch\n*** Add File: a.py\n+x\n*** Add File: b.py\n+\"y\"\n")
                .doesNotContain("Chunk ID");
    }

    @Test
    void whereAPersonWentBackIsSaidWhateverIsShown() {
        MarkdownOptions least =
                new MarkdownOptions("Mira", OPTIONS.zone(), Thinking.NONE, false, Tools.NONE, Images.NONE, 8_000);
        Events e = new Events();
        for (ConversationEvent back : List.of(
                e.info("rewind", "a1"), e.info("session.snapshot_rewind", "{}"), e.system("rolled_back", "1"))) {
            assertThat(render(least, List.of(back)).text())
                    .endsWith(
                            "page\n\n*⟲ Mira went back to an earlier point. What follows replaces what was said from there on.*\n");
        }
        assertThat(render(least, List.of(e.info("token_usage", "1"))).text()).endsWith("page\n");
    }

    @Test
    void theNoteIsAsPeopleKnowIt() throws IOException {
        Rendered note = render(OPTIONS, conversation());

        if (Boolean.getBoolean("kept.golden.write")) {
            Files.writeString(GOLDEN, note.text());
        }
        assertThat(note.text()).isEqualTo(Files.readString(GOLDEN));
        assertThat(note.assets())
                .extracting(Asset::relativePath)
                .containsExactly("login fix.assets/a1a1a1a1a1a1.png", "login fix.assets/b2b2b2b2b2b2.png");
    }

    @Test
    void theSameEventsGiveTheSameBytesHoweverOftenTheWriterIsMadeAnew() {
        Random random = new Random(20_260_102);
        for (RecordingFormat format : RecordingFormat.values()) {
            for (int round = 0; round < 300; round++) {
                List<ConversationEvent> events = new ArrayList<>(conversation());
                RecordingWriter whole = RecordingWriter.start(format, "n.md", "Claude Code", style(OPTIONS));
                RecordingWriter cut = RecordingWriter.start(format, "n.md", "Claude Code", style(OPTIONS));
                Rendered expected = Rendered.NOTHING;
                Rendered actual = Rendered.NOTHING;
                for (ConversationEvent event : events) {
                    if (random.nextInt(3) == 0) {
                        continue;
                    }
                    expected = expected.plus(whole.append(event));
                    if (random.nextInt(3) == 0) {
                        cut = RecordingWriter.resume(format, "n.md", "Claude Code", style(OPTIONS), cut.state());
                    }
                    actual = actual.plus(cut.append(event));
                    assertThat(cut.state()).isEqualTo(whole.state()).hasSizeLessThan(2_000);
                }
                assertThat(actual).isEqualTo(expected);
            }
        }
    }

    @Test
    void toolsAreShownAsTheOptionsSay() {
        assertThat(render(tools(Tools.NONE), conversation()).text()).doesNotContain("Bash", "Result");
        assertThat(render(tools(Tools.NAMES), conversation()).text())
                .contains("`Bash` grep -rn login src …", "<strong>error</strong>")
                .doesNotContain("30 lines");
        assertThat(render(tools(Tools.FULL), conversation()).text())
                .contains("<details open>\n<summary><code>Bash</code>");
    }

    private static MarkdownOptions tools(Tools tools) {
        return new MarkdownOptions("You", OPTIONS.zone(), Thinking.NONE, false, tools, Images.COPY, 8_000);
    }

    @Test
    void thinkingAndSystemEventsAreOptions() {
        String text = render(
                        new MarkdownOptions(
                                "Ada", OPTIONS.zone(), Thinking.FOLDED, true, Tools.FOLDED, Images.COPY, 8_000),
                        conversation())
                .text();

        assertThat(text).contains("<summary>Thinking</summary>", "System, reminder: hidden by default", "## Ada · ");
    }

    @Test
    void hugeOutputIsShortenedAndSaysByHowMuch() {
        Events e = new Events();
        Rendered note = render(tools(Tools.FOLDED), List.of(e.result("c", "line of output\n".repeat(100_000), false)));

        assertThat(note.text())
                .hasSizeLessThan(9_500)
                .containsPattern("… 1,49\\d,\\d{3} characters \\(99,4\\d\\d lines\\) left out …")
                .contains("100,000 lines")
                .contains("[The whole text, 1,500,000 characters](login%20fix.assets/");
        assertThat(note.assets()).hasSize(1);
        assertThat(note.assets().getFirst().content()).isEqualTo(new Asset.Inline("line of output\n".repeat(100_000)));
        assertThat(note.heldChars()).isGreaterThan(1_500_000);
    }

    @Test
    void nothingInATextReachesATerminal() {
        Events e = new Events();
        String text = render(
                        OPTIONS,
                        List.of(
                                e.user("a\u001b[31mred\u0007 \u009b31m \u202Etxt.exe \u0000 \ud800 b\rc\r\nd"),
                                e.user("\u001b[\n31m \u001b]0;never\nended \u001b \u0085"),
                                e.result("c", "\u001b]0;title\u0007", true)))
                .text();

        assertThat(text)
                .contains("ared␇  [U+202E]txt.exe ␀ \uFFFD b\nc\nd", "␛[\n31m ␛]0;never\nended ␛ [U+0085]")
                .doesNotContain("0;title");
        assertThat(text.chars().filter(c -> c < 0x20 && c != '\n')).isEmpty();
    }

    @Test
    void whatProgramsColourIsReadable() {
        Events e = new Events();
        String link = "\u001b]8;;https://example.org/a\u001b\\\\a.ts\u001b]8;;\u0007";
        String colours = "\u001b[32m✓\u001b[39m ok 12 \u001b[38;5;196mred\u001b[0m\u001b[K \u009b1mbold\u001b(B "
                + link.replace("\\\\", "\\") + " \u001bPq#0\u001b\\.";
        String call = "{\"command\":\"printf "
                + colours.replace("\\", "\\\\").replace("\u001b", "\\u001b").replace("\u0007", "\\u0007") + "\\nls\"}";
        String text = render(
                        OPTIONS,
                        List.of(
                                e.user(colours),
                                e.agent(colours),
                                e.call("c", "Bash", call),
                                e.result("c", "x\n" + colours, false)))
                .text();

        assertThat(text.split("✓ ok 12 red bold a\\.ts \\.", -1)).hasSize(6);
        assertThat(text).doesNotContain("␛", "[32m", "example.org");
    }

    @Test
    void anHourThatComesTwiceIsToldWithItsDistanceFromUtc() {
        MarkdownOptions berlin = MarkdownOptions.defaults(ZoneId.of("Europe/Berlin"));
        Events e = new Events();
        List<String> headings = Stream.of(
                        "2026-10-24T23:59:00Z",
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T01:00:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-03-29T01:00:00Z")
                .map(at -> writer(berlin)
                        .append(e.userAt("x", Instant.parse(at)))
                        .text()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow())
                .toList();

        assertThat(headings)
                .containsExactly(
                        "## You · 2026-10-25 01:59",
                        "## You · 2026-10-25 02:00 +02:00",
                        "## You · 2026-10-25 02:00 +01:00",
                        "## You · 2026-10-25 03:00",
                        "## You · 2026-03-29 03:00");
    }

    @Test
    void belowOtherTextThereIsNoFrontMatter() {
        RecordingHeader header = Events.heading("Title");
        Rendered begun = writer(OPTIONS)
                .begin(new RecordingHeader(
                        header.title(),
                        header.session(),
                        header.providerName(),
                        header.participants(),
                        header.created(),
                        RecordingHeader.Place.BELOW_OTHER_TEXT));

        assertThat(begun.text()).isEqualTo("\n\n# Title\n");
    }

    @Test
    void frontMatterHoldsAnyTitle() {
        Rendered begun = writer(OPTIONS).begin(Events.heading("a\n---\nb: \"c\\\" \u001b # [x](y)"));

        assertThat(begun.text())
                .startsWith("---\ntitle: \"a --- b: \\\"c\\\\\\\" ␛ # [x\\x5D(y)\"\nsession: \"claude/0b1c2d3e\"\n")
                .endsWith("\n---\n\n# a --- b: \"c\\\\\" ␛ \\# \\[x\\](y)\n");
    }
}
