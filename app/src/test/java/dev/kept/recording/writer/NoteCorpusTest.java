package dev.kept.recording.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.config.RecordingSettings.Images;
import dev.kept.config.RecordingSettings.Thinking;
import dev.kept.config.RecordingSettings.Tools;
import dev.kept.model.ConversationEvent;
import dev.kept.provider.Corpus;
import dev.kept.provider.Readings;
import dev.kept.recording.secret.MarkerKeys;
import dev.kept.recording.secret.SecretCounts;
import dev.kept.recording.secret.SecretRedactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every real session file there is as a note, parsed back; says so where there are none. */
class NoteCorpusTest {
    private static final String TURN = "(Ada|Claude) · 20.*";
    private static final MarkdownOptions EVERYTHING =
            new MarkdownOptions("Ada", ZoneOffset.UTC, Thinking.FULL, true, Tools.FULL, Images.LINK, 8_000);

    @Test
    void everyTurnOfARealNoteIsAHeadingAndAllHtmlInItIsOurs(@TempDir Path scratch) throws Exception {
        Optional<Path> corpus = Corpus.unpacked("claude", scratch);
        if (corpus.isEmpty()) {
            return;
        }
        long characters = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(corpus.get())) {
            files = all.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            List<String> expected = new ArrayList<>();
            String note = note(file, expected);
            characters += note.length();
            List<String> headings = new ArrayList<>();
            List<String> foreign = new ArrayList<>();
            Parser.builder().build().parse(note).accept(reader(headings, foreign));

            assertThat(headings).as(file.toString()).isEqualTo(expected);
            assertThat(foreign.size()).as("foreign HTML in the note of " + file).isZero();
            assertThat(note.chars()
                            .filter(c -> c < ' ' && c != '\n' && c != '\t')
                            .count())
                    .as("control characters in the note of " + file)
                    .isZero();
        }
        System.out.printf("%d files, %,d characters of notes%n", files.size(), characters);
    }

    private static String note(Path file, List<String> headings) throws IOException {
        RecordingStyle style = new RecordingStyle(
                EVERYTHING, SubagentDetail.FOLD, SecretRedactor.of(MarkerKeys.ZERO, new SecretCounts()));
        RecordingWriter writer = RecordingWriter.start(RecordingFormat.MARKDOWN, "note.md", "Claude", style);
        StringBuilder note = new StringBuilder();
        for (ConversationEvent event :
                Readings.events(new Readings(new ClaudeProvider()).of(Readings.MAIN, Files.readAllBytes(file)))) {
            if (event.header().onMainLine()) {
                String part = writer.append(event).text();
                note.append(part);
                part.lines()
                        .filter(line -> line.matches("## " + TURN))
                        .forEach(line -> headings.add(line.substring(3)));
            }
        }
        return note.toString();
    }

    private static AbstractVisitor reader(List<String> headings, List<String> foreign) {
        return new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                StringBuilder text = new StringBuilder();
                heading.accept(new AbstractVisitor() {
                    @Override
                    public void visit(Text part) {
                        text.append(part.getLiteral());
                    }
                });
                if (text.toString().matches(TURN) && heading.getParent().getParent() == null) {
                    headings.add(text.toString());
                }
            }

            @Override
            public void visit(HtmlBlock block) {
                String html = block.getLiteral();
                boolean ours = html.startsWith("<details>\n")
                        || html.startsWith("<details open>\n")
                        || html.equals("</details>")
                        || (html.startsWith("<p>") && html.endsWith("</p>"));
                if (!ours) {
                    foreign.add(html);
                }
            }

            @Override
            public void visit(HtmlInline inline) {
                foreign.add(inline.getLiteral());
            }
        };
    }
}
