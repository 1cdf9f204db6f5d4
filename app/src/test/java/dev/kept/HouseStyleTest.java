package dev.kept;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess.AccessType;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The parts of the house style that a machine can check: first sentences, the width of lines, and queries that only
 * query.
 */
class HouseStyleTest {
    private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern MARGIN = Pattern.compile("\\s*\\n\\s*\\*\\s?");
    private static final Pattern QUESTION_WORD =
            Pattern.compile("(What|Which|Whether|Who|How|Where|When|Why)\\b.*", Pattern.DOTALL);
    private static final Pattern QUERY = Pattern.compile("(is|has)[A-Z].*");

    /** The share of first sentences that may begin with a question word: not every such sentence is a riddle. */
    private static final double MOST_QUESTION_WORDS = 0.04;

    private static final int COLUMNS = 120;

    /** String literals: they cannot be wrapped, and a message is easier to find in one piece. */
    private static final Pattern STRING = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"");

    /** The beginning or the end of a text block, or of a picture in a comment. */
    private static final Pattern VERBATIM = Pattern.compile("\"\"\"|</?pre>");

    private static List<Path> sources(String... roots) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String root : roots) {
            try (Stream<Path> all = Files.walk(Path.of("..", root))) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
            }
        }
        assertThat(found).hasSizeGreaterThan(50);
        return found;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void firstSentencesAreNoQuestions() throws IOException {
        int comments = 0;
        List<String> questions = new ArrayList<>();
        for (Path file : sources("app/src/main")) {
            Matcher matcher = COMMENT.matcher(text(file));
            while (matcher.find()) {
                String sentence =
                        MARGIN.matcher(matcher.group(1)).replaceAll(" ").strip();
                if (sentence.isEmpty() || sentence.startsWith("@")) {
                    continue;
                }
                comments++;
                if (QUESTION_WORD.matcher(sentence).matches()) {
                    questions.add(file.getFileName() + ": "
                            + sentence.lines().findFirst().orElseThrow());
                }
            }
        }
        assertThat(comments).isGreaterThan(3000);
        assertThat(questions.size() / (double) comments).as("%s", questions).isLessThanOrEqualTo(MOST_QUESTION_WORDS);
    }

    @Test
    void noLineOfCodeIsWiderThanAScreen() throws IOException {
        List<String> wide = new ArrayList<>();
        for (Path file : sources("app/src", "benchmarks/src")) {
            List<String> lines = text(file).lines().toList();
            boolean isVerbatim = false;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                boolean toggles = VERBATIM.matcher(line).results().count() % 2 == 1;
                String code = STRING.matcher(line).replaceAll("");
                if (!isVerbatim && !toggles && code.codePointCount(0, code.length()) > COLUMNS) {
                    wide.add(file.getFileName() + ":" + (i + 1));
                }
                isVerbatim ^= toggles;
            }
        }
        assertThat(wide).isEmpty();
    }

    @Test
    void aMethodThatIsNamedLikeAQueryAssignsNoField() {
        JavaClasses all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.kept");
        List<String> assigning = all.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> QUERY.matcher(method.getName()).matches())
                .filter(method ->
                        method.getFieldAccesses().stream().anyMatch(access -> access.getAccessType() == AccessType.SET))
                .map(JavaMethod::getFullName)
                .toList();
        assertThat(assigning).isEmpty();
    }
}
