package dev.kept.benchmarks;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.kept.recording.secret.SecretScanner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What the scanner for secrets finds, takes and costs, beside RE2/J with the same table of forms, written as gitleaks
 * writes its rules: a word as a filter, then a regular expression. The set is the one that {@code SecretSetTest} draws.
 */
public final class Secrets {
    private static final int MEBIBYTE = 1 << 20;
    private static final int COLUMNS = 3;
    private static final String END = "(?:[\\x60'\"\\s;]|\\\\[nr]|$)";
    private static final String GENERAL =
            "(?i)[\\w.-]{0,50}?(?:access|auth|api|credential|creds|key|passw(?:or)?d|secret|"
                    + "token)(?:[ \\t\\w.-]{0,20})[\\s'\"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60'\"\\s=]{0,5}"
                    + "([\\w.=-]{10,150}|[a-z0-9][a-z0-9+/]{11,}={0,3})";

    private Secrets() {}

    private record Rule(List<String> words, Pattern pattern) {
        boolean finds(String text, String lower) {
            if (words.stream().noneMatch(lower::contains)) {
                return false;
            }
            Matcher matcher = pattern.matcher(text);
            return matcher.find();
        }
    }

    /**
     * {@code --mb N}: how much text the speed is measured on. The set is read from {@code app/target/secret-set.tsv}.
     */
    public static void main(String[] arguments) throws IOException {
        Path set =
                Path.of(Objects.requireNonNull(System.getProperty("kept.jar"))).resolveSibling("secret-set.tsv");
        if (!Files.exists(set)) {
            System.err.println(set + " is missing; mvn -o test -pl app -Dtest=SecretSetTest writes it");
            System.exit(1);
        }
        List<String[]> texts = Files.readAllLines(set).stream()
                .map(line -> line.split("\t", COLUMNS))
                .toList();
        String plain = plain(Options.number(arguments, "--mb", 8) * MEBIBYTE);
        long before = System.nanoTime();
        SecretScanner.find("");
        double start = (System.nanoTime() - before) / 1e6;
        long used = heapInUse();
        before = System.nanoTime();
        List<Rule> rules = rules();
        double compiled = (System.nanoTime() - before) / 1e6;
        long heap = heapInUse() - used;
        System.out.printf(Locale.ROOT, "%-10s %12s %12s %10s %12s%n", "", "planted", "look-alikes", "MB/s", "start");
        row("own", texts, plain, start, text -> !SecretScanner.find(text).isEmpty());
        row("RE2/J", texts, plain, compiled, text -> {
            String lower = text.toLowerCase(Locale.ROOT);
            boolean found = false;
            for (Rule rule : rules) {
                found |= rule.finds(text, lower);
            }
            return found;
        });
        System.out.printf(Locale.ROOT, "RE2/J holds %,d rules in %,d KiB%n", rules.size(), heap / 1024);
    }

    private static long heapInUse() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void row(String name, List<String[]> texts, String plain, double start, Predicate<String> finds) {
        int[] planted = new int[2];
        int[] alike = new int[2];
        for (String[] columns : texts) {
            int[] counts = columns[0].equals("planted") ? planted : alike;
            counts[0]++;
            counts[1] += finds.test(columns[2].replace("\\x0a", "\n")) ? 1 : 0;
        }
        int lines = 0;
        for (int i = 0; i < 2; i++) {
            long before = System.nanoTime();
            for (String line : plain.split("\n", -1)) {
                lines += finds.test(line) ? 1 : 0;
            }
            double speed = plain.length() / ((System.nanoTime() - before) / 1e3);
            if (i == 1) {
                System.out.printf(
                        Locale.ROOT,
                        "%-10s %5d/%6d %5d/%6d %10.1f %9.0f ms  (%d lines of plain text)%n",
                        name,
                        planted[1],
                        planted[0],
                        alike[1],
                        alike[0],
                        speed,
                        start,
                        lines / 2);
            }
        }
    }

    /** Lines of a generated session. */
    private static String plain(int characters) {
        StringBuilder text = new StringBuilder();
        SessionLines session = SessionLines.of(WorkloadShape.of(1, 2 * characters / 2048 + 64, 2048))[0];
        while (text.length() < characters) {
            text.append(new String(session.next(), StandardCharsets.UTF_8)).append('\n');
        }
        return text.toString();
    }

    /** The table of forms as rules of gitleaks, and its general rule. */
    private static List<Rule> rules() throws IOException {
        List<Rule> rules = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SecretScanner.class.getResourceAsStream("forms.tsv")),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    String[] columns = line.split("\t", -1);
                    rules.add(rule(columns));
                }
            }
        }
        rules.add(new Rule(
                List.of("access", "api", "auth", "key", "credential", "creds", "passwd", "password", "secret", "token"),
                Pattern.compile(GENERAL + END)));
        rules.add(new Rule(
                List.of("-----begin"),
                Pattern.compile("(?i)-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----[\\s\\S]{64,}?KEY")));
        rules.add(new Rule(
                List.of("ey"), Pattern.compile("\\bey[a-zA-Z0-9]{17,}\\.ey[a-zA-Z0-9/_-]{17,}\\.[a-zA-Z0-9/_-]{10,}")));
        return rules;
    }

    private static Rule rule(String[] columns) {
        List<String> words = List.of(columns[2].split(" ", -1));
        String any = String.join("|", words.stream().map(Pattern::quote).toList());
        String lengths = repeat(columns[4].split("\\|", -1)[0]);
        String characters = columns[3].split("\\|", -1)[0];
        String pattern = switch (columns[1]) {
            case "begins" -> "\\b((?:" + any + ")[" + characters + "]{" + lengths + "})" + END;
            case "beside" ->
                "(?i)[\\w.-]{0,50}?(?:" + any + ")(?:[ \\t\\w.-]{0,20})[\\s'\"]{0,3}"
                        + "(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60'\"\\s=]{0,5}((?-i:[" + characters + "]{" + lengths
                        + "}))" + END;
            default ->
                "\\b([" + characters + "]{" + lengths + "}(?:" + any + ")["
                        + columns[3].split("\\|", -1)[1] + "]{"
                        + repeat(columns[4].split("\\|", -1)[1]) + "})" + END;
        };
        List<String> filter =
                words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
        try {
            return new Rule(filter, Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            throw new IllegalStateException(pattern, e);
        }
    }

    /** RE2 repeats a thousand times at most. */
    private static String repeat(String lengths) {
        String[] bounds = lengths.split("-", -1);
        int most = Integer.parseInt(bounds[bounds.length - 1]);
        return bounds[0] + "," + (most > 300 ? "" : Integer.toString(most));
    }
}
