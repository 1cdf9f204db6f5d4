package dev.kept;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a document names as the proof of a promise is there. */
class PromisesTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST = Pattern.compile("(\\w+(?:Test|IT))(?:[.#](\\w+))?");
    private static final Pattern COMMAND = Pattern.compile("(benchmarks/[\\w-]+)(?: .*)?");

    /** The folder of the project: tests run in that of the module. */
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static Map<String, Path> testClasses() throws IOException {
        Map<String, Path> classes = new HashMap<>();
        for (String module : List.of("app", "benchmarks")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/test/java"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    classes.put(file.getFileName().toString().replace(".java", ""), file);
                }
            }
        }
        return classes;
    }

    /** What is named between backticks and is not there. */
    private static List<String> missing(String text, Map<String, Path> classes) throws IOException {
        List<String> missing = new ArrayList<>();
        Matcher codes = CODE.matcher(text);
        while (codes.find()) {
            String code = codes.group(1);
            Matcher test = TEST.matcher(code);
            Matcher command = COMMAND.matcher(code);
            if (test.matches()) {
                Path file = classes.get(test.group(1));
                boolean there = file != null
                        && (test.group(2) == null || Files.readString(file).contains("void " + test.group(2) + "("));
                if (!there) {
                    missing.add(code);
                }
            } else if (command.matches() && !Files.isExecutable(PROJECT.resolve(command.group(1)))) {
                missing.add(code);
            }
        }
        return missing;
    }

    /** The rows of the tables of promises. */
    private static List<List<String>> rows() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean promises = false;
        for (String line : Files.readAllLines(PROJECT.resolve("docs/promises.md"))) {
            if (line.equals("| promise | bound | proof |")) {
                promises = true;
            } else if (line.isEmpty()) {
                promises = false;
            } else if (promises && !line.startsWith("|--")) {
                rows.add(List.of(line.substring(2).split(" \\|(?: |$)", -1)));
            }
        }
        return rows;
    }

    @Test
    void everyPromiseHasABoundAndAProofThatIsThere() throws IOException {
        Map<String, Path> classes = testClasses();
        List<List<String>> rows = rows();
        assertThat(rows).hasSizeGreaterThan(30);
        for (List<String> row : rows) {
            assertThat(row).as("a row").hasSizeGreaterThanOrEqualTo(3);
            String proof = row.get(2);
            assertThat(row.get(1)).as("the bound of “%s”", row.get(0)).isNotBlank();
            assertThat(CODE.matcher(proof).results().map(match -> match.group(1)))
                    .as("the proof of “%s”", row.get(0))
                    .anySatisfy(code -> assertThat(TEST.matcher(code).matches()
                                    || COMMAND.matcher(code).matches())
                            .isTrue());
            assertThat(missing(proof, classes)).as("proofs of “%s”", row.get(0)).isEmpty();
        }
    }

    @Test
    void whatOtherDocumentsNameAsATestIsThere() throws IOException {
        Map<String, Path> classes = testClasses();
        for (String document : List.of("ARCHITECTURE.md", "SECURITY.md", "docs/mutation.md", "docs/memory.md")) {
            assertThat(missing(Files.readString(PROJECT.resolve(document)), classes))
                    .as(document)
                    .isEmpty();
        }
    }

    @Test
    void aProofThatIsNotThereIsNoticed() throws IOException {
        assertThat(missing(
                        "`PromisesTest`, `PromisesTest.aProofThatIsNotThereIsNoticed`, `PromisesTest.nothing`,"
                                + " `NobodyTest`, `benchmarks/run X`, `benchmarks/nothing`, `Daemon.start`",
                        testClasses()))
                .containsExactly("PromisesTest.nothing", "NobodyTest", "benchmarks/nothing");
    }
}
