package dev.kept.recording.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.provider.Corpus;
import dev.kept.recording.secret.rule.SecretMatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts what is taken for a secret in every real session file there is; says so where there are none. Prints counts
 * and never a match. docs/secrets.md has the counts and what stands behind them.
 */
class SecretCorpusTest {
    /** One is a password that was made up for a test; a new one needs a look and a judgement in docs/secrets.md. */
    private static final int EXPECTED_DISTINCT_AT_MOST = 1;

    @Test
    void fewTextsAreTakenForSecrets(@TempDir Path scratch) throws IOException, InterruptedException {
        Optional<Path> found = Corpus.unpacked("", scratch);
        if (found.isEmpty()) {
            return;
        }
        Map<String, Integer> matches = new TreeMap<>();
        Map<String, Set<String>> distinct = new TreeMap<>();
        long characters = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(found.get())) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            CharsetDecoder lenient = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);
            try (BufferedReader lines =
                    new BufferedReader(new java.io.InputStreamReader(Files.newInputStream(file), lenient))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    characters += line.length();
                    for (SecretMatch match : SecretScanner.find(line)) {
                        matches.merge(match.kind().publicName(), 1, Integer::sum);
                        distinct.computeIfAbsent(match.kind().publicName(), _ -> new TreeSet<>())
                                .add(match.secret());
                    }
                }
            }
        }
        System.out.printf("%d files, %,d characters%n", files.size(), characters);
        matches.forEach((kind, count) -> System.out.printf(
                "%7d matches, %4d different  %s%n",
                count, distinct.getOrDefault(kind, Set.of()).size(), kind));
        int all = distinct.values().stream().mapToInt(Set::size).sum();
        assertThat(all).isLessThanOrEqualTo(EXPECTED_DISTINCT_AT_MOST);
    }
}
