package dev.kept.recording.destination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptConfig;
import dev.kept.model.SessionKey;
import dev.kept.recording.destination.DestinationResolver.Resolved;
import dev.kept.recording.destination.DestinationResolver.Unresolved;
import dev.kept.recording.destination.Refusal.Code;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.testing.TestStyles;
import dev.kept.text.Graphemes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationResolverTest {
    private static final Path HOME = Path.of("/home/ada");
    private static final GeneratedName NAME = GeneratedName.of(
            KeptConfig.defaults().recordings(),
            Instant.parse("2026-03-01T12:00:00Z"),
            "Fix the login",
            new SessionKey("claude", "0b1c2d3e-0000"),
            Optional.empty());
    private final DestinationResolver resolver = new DestinationResolver(HOME, HOME.resolve(".kept/recordings"));

    private DestinationResolver.Resolution resolve(String argument) {
        return resolver.resolve(Optional.of(argument), Optional.of(Path.of("/work/project")), NAME);
    }

    @ParameterizedTest
    @CsvSource({
        "notes/a.md, /work/project/notes/a.md",
        "a, /work/project/a.md",
        "../a.jsonl, /work/a.jsonl",
        "/x/a.MD, /x/a.MD",
        "~/a.md, /home/ada/a.md",
        "~/notes/, /home/ada/notes/2026-03-01-fix-the-login-0b1c2d3e.md",
        "~, /home/ada/2026-03-01-fix-the-login-0b1c2d3e.md",
        "., /work/project/2026-03-01-fix-the-login-0b1c2d3e.md",
        ".notes, /work/project/.notes.md",
        "my notes.md, /work/project/my notes.md"
    })
    void pathsMeanFiles(String argument, Path file) {
        assertThat(resolve(argument))
                .isInstanceOfSatisfying(
                        Resolved.class, it -> assertThat(it.file()).isEqualTo(file));
    }

    @ParameterizedTest
    @CsvSource({"a.txt, WRONG_SUFFIX", "v1.2, WRONG_SUFFIX", "~bob/a.md, UNCLEAR_PATH", "' ', UNCLEAR_PATH"})
    void otherPathsAreRefused(String argument, Code code) {
        assertThat(resolve(argument))
                .isInstanceOfSatisfying(
                        Unresolved.class, it -> assertThat(it.refusal().code()).isEqualTo(code));
    }

    @Test
    void theSuffixSelectsTheFormat() {
        assertThat(resolve("a.jsonl")).isEqualTo(new Resolved(Path.of("/work/project/a.jsonl"), RecordingFormat.JSONL));
    }

    @Test
    void withoutAPathANameIsGeneratedInTheDefaultDirectory() {
        assertThat(resolver.resolve(Optional.empty(), Optional.empty(), NAME))
                .isEqualTo(new Resolved(
                        HOME.resolve(".kept/recordings/2026-03-01-fix-the-login-0b1c2d3e.md"),
                        RecordingFormat.MARKDOWN));
    }

    @Test
    void aRelativePathNeedsAWorkingDirectory() {
        assertThat(resolver.resolve(Optional.of("a.md"), Optional.empty(), NAME))
                .isInstanceOfSatisfying(
                        Unresolved.class, it -> assertThat(it.refusal().code()).isEqualTo(Code.NO_WORKING_DIRECTORY));
    }

    @Test
    void anExistingFolderGetsAGeneratedName(@TempDir Path folder) throws IOException {
        Path notes = Files.createDirectories(folder.resolve("notes.v2"));

        assertThat(resolve(notes.toString()))
                .isEqualTo(
                        new Resolved(notes.resolve("2026-03-01-fix-the-login-0b1c2d3e.md"), RecordingFormat.MARKDOWN));
    }

    @ParameterizedTest
    @CsvSource({
        "Größe & Öl – naïve Ærø, grosse-ol-naive-aero",
        "don't panic!, dont-panic",
        "日本語のタイトルを直す, 日本語のタイトルを直す",
        "が ﾊﾝｶｸ ＡＢＣ, が-ハンカク-abc",
        "한국어 제목, 한국어-제목",
        "Починить ёлку!, починить-ёлку",
        "हिन्दी में लिखो, हिन्दी-में-लिखो",
        "كيف أصلح هذا؟, كيف-أصلح-هذا",
        "می\u200Cخواهم, میخواهم",
        "Sửa lỗi đăng nhập, sua-loi-dang-nhap",
        "a\u200bb\u202ec \u3164x\uFE0F, a-b-c-x",
        "\uD83D\uDE80\uD83D\uDE80, ''",
        "../../etc/passwd, etc-passwd",
        "'', ''"
    })
    void slugsAreWordsOfAnyScript(String title, String slug) {
        assertThat(GeneratedName.slug(title)).isEqualTo(slug);
    }

    @Test
    void aNameOfAnyScriptHasAtMost120BytesAndKeepsItsId() {
        for (String title :
                List.of("日本語のタイトル".repeat(40), "नि".repeat(100), "x".repeat(500), "\uD840\uDC00".repeat(99))) {
            GeneratedName name = GeneratedName.of(
                    TestStyles.settings(),
                    Instant.parse("2026-03-01T09:00:00Z"),
                    title,
                    new SessionKey("claude", "0b1c2d3e-1111"),
                    Optional.empty());
            String stem = name.fileName(RecordingFormat.MARKDOWN).replaceAll("\\.md$", "");

            assertThat(Graphemes.bytes(stem + ".assets")).isLessThanOrEqualTo(120);
            assertThat(stem).startsWith("2026-03-01-").endsWith("-0b1c2d3e").doesNotContain("\uFFFD");
            assertThat(Normalizer.isNormalized(stem, Normalizer.Form.NFC)).isTrue();
            // Every letter has its mark: of what is repeated nothing is cut in half.
            assertThat(stem.chars().filter(c -> c == '\u093F').count())
                    .isEqualTo(stem.chars().filter(c -> c == '\u0928').count());
        }
    }

    @Test
    void slugsEndAtAWord() {
        assertThat(GeneratedName.slug("seven letters ".repeat(20)))
                .hasSizeLessThanOrEqualTo(GeneratedName.MAX_SLUG)
                .endsWith("letters");
    }
}
