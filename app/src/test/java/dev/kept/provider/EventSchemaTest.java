package dev.kept.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/events.schema.json says what a JSONL recording is; every golden event of every provider is held to it. */
class EventSchemaTest {
    private static final Path SCHEMA = Path.of("../docs/events.schema.json");
    private static final String VALID = """
            {"kind":"tool.result","eventId":"r/0","timestamp":"2026-01-05T10:25:37.001Z","line":"main","authorship":"none",\
            "source":{"recordType":"user","generation":1,"offset":0,"length":10,"index":0},"callId":"c","error":false,"text":""}""";

    static List<Path> goldens() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources"))) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(".golden.jsonl") || name.equals("events.jsonl");
                    })
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void everyGoldenEventIsValid(Path golden) throws Exception {
        JsonSchema schema = JsonSchema.read(SCHEMA);
        List<String> problems = new ArrayList<>();
        for (String line : Files.readAllLines(golden)) {
            // In goldens of providers, lines that begin so say which records become nothing.
            if (!line.startsWith("//")) {
                schema.problems(JsonReader.parse(line)).forEach(problem -> problems.add(problem + "\nin " + line));
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void theGoldensHaveEventsOfEveryKind() throws IOException {
        Set<String> kinds = new HashSet<>();
        for (Path golden : goldens()) {
            for (String line : Files.readAllLines(golden)) {
                if (line.startsWith("{\"kind\":\"")) {
                    kinds.add(line.substring(9, line.indexOf('"', 9)));
                }
            }
        }
        assertThat(kinds).hasSize(11);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"kind\":\"tool.result\" -> \"kind\":\"tool.results\"",
                "\"kind\":\"tool.result\" -> \"kind\":\"tool.call\"",
                "\"eventId\":\"r/0\", -> ",
                "\"error\":false -> \"error\":\"no\"",
                "\"error\":false -> \"errors\":false",
                "\"offset\":0 -> \"offset\":-1",
                "\"offset\":0 -> \"offset\":0.5",
                "\"generation\":1 -> \"generation\":0",
                "T10:25:37.001Z -> 10:25",
                "\"callId\":\"c\" -> \"callId\":\"c\",\"references\":[]",
                "\"callId\":\"c\" -> \"callId\":\"c\",\"references\":[{\"mediaType\":\"a/b\"}]",
                "\"authorship\":\"none\" -> \"authorship\":\"robot\"",
            })
    void whatIsNotAnEventIsNotValid(String change) throws Exception {
        JsonSchema schema = JsonSchema.read(SCHEMA);
        int arrow = change.indexOf(" -> ");
        String changed = VALID.replace(change.substring(0, arrow), change.substring(arrow + 4));

        assertThat(schema.problems(JsonReader.parse(VALID))).isEmpty();
        assertThat(changed).isNotEqualTo(VALID);
        assertThat(schema.problems(JsonReader.parse(changed))).isNotEmpty();
    }
}
