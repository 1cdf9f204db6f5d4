package dev.kept;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every collection that lives as long as the daemon has a row in {@code docs/memory.md}, and what the rows name is
 * there.
 */
class MemoryBoundsTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern FIELD = Pattern.compile("([A-Z]\\w+)\\.([a-z]\\w*)");
    private static final Pattern TEST = Pattern.compile("(\\w+(?:Test|IT))(?:[.#](\\w+))?");
    private static final String COLLECTIONS = "## Every collection that lives as long as the daemon";
    private static final String SHORT_LIVED = "Not in the table, because they end with";

    /** What belongs to the daemon, and what it keeps of each session and source. */
    private static final List<String> OWNERS = List.of(
            "dev.kept.daemon",
            "dev.kept.control",
            "dev.kept.ingest",
            "dev.kept.recording",
            "dev.kept.replay",
            "dev.kept.session",
            "dev.kept.agents",
            "dev.kept.provider");

    private static String section() throws IOException {
        String all = Files.readString(PROJECT.resolve("docs/memory.md"));
        int start = all.indexOf(COLLECTIONS);
        assertThat(start).as("the section “%s”", COLLECTIONS).isNotNegative();
        int end = all.indexOf("\n## ", start + 1);
        return all.substring(start, end < 0 ? all.length() : end);
    }

    private static List<List<String>> rows() throws IOException {
        return section()
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> List.of(line.substring(1, line.length() - 1).split("\\|")))
                .toList();
    }

    private static Set<String> codes(String text, Pattern form) {
        Set<String> found = new TreeSet<>();
        Matcher codes = CODE.matcher(text);
        while (codes.find()) {
            if (form.matcher(codes.group(1)).matches()) {
                found.add(codes.group(1));
            }
        }
        return found;
    }

    private static Set<String> listed() throws IOException {
        return rows().stream()
                .flatMap(row -> codes(row.getFirst(), FIELD).stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> shortLived() throws IOException {
        String section = section();
        int at = section.indexOf(SHORT_LIVED);
        assertThat(at).isNotNegative();
        return codes(section.substring(at), Pattern.compile("[A-Z]\\w+"));
    }

    /** Non-static collection fields of the owners' classes, but for records: those are values. */
    private static Set<String> collections() throws IOException {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(OWNERS);
        Set<String> passing = shortLived();
        Set<String> fields = new TreeSet<>();
        for (JavaClass type : classes) {
            if (!type.isRecord() && !type.isEnum() && !passing.contains(outermost(type))) {
                for (JavaField field : type.getFields()) {
                    if (!field.getModifiers().contains(JavaModifier.STATIC)
                            && !field.getName().contains("$")
                            && isCollection(field.getRawType())) {
                        fields.add(outermost(type) + "." + field.getName());
                    }
                }
            }
        }
        return fields;
    }

    private static boolean isCollection(JavaClass type) {
        return type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(MemoryBoundsTest::outermost).orElse(type.getSimpleName());
    }

    @Test
    void everyCollectionThatLivesAsLongAsTheDaemonIsListed() throws IOException {
        Set<String> unlisted = collections();
        unlisted.removeAll(listed());
        assertThat(unlisted).as("fields without a row in docs/memory.md").isEmpty();
    }

    @Test
    void everyFieldThatIsListedIsThere() throws IOException {
        Set<String> gone = new TreeSet<>(listed());
        gone.removeAll(collections());
        assertThat(gone).as("rows of docs/memory.md without a field").isEmpty();
        assertThat(listed()).hasSizeGreaterThan(50);
    }

    @Test
    void everyRowNamesItsBoundAndEveryTestThatIsNamedIsThere() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (String module : List.of("app", "benchmarks")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    tests.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
        for (List<String> row : rows()) {
            assertThat(row).as("cells of %s", row).hasSize(3);
            assertThat(row.get(1)).as("the bound of %s", row.getFirst()).isNotBlank();
            Set<String> named = codes(row.get(2), TEST);
            assertThat(named.isEmpty() && row.get(2).contains("`"))
                    .as("the last cell of %s names tests alone", row.getFirst())
                    .isFalse();
            for (String test : named) {
                Matcher parts = TEST.matcher(test);
                assertThat(parts.matches()).isTrue();
                assertThat(tests).as("test class of %s", row.getFirst()).containsKey(parts.group(1));
                if (parts.group(2) != null) {
                    assertThat(tests.get(parts.group(1))).as(test).contains("void " + parts.group(2) + "(");
                }
            }
        }
    }
}
