package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.rule.TokenRule.Check;
import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Lengths;
import dev.kept.recording.secret.text.RandomAppearance;
import dev.kept.recording.secret.text.Randomness;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The table {@code forms.tsv}: forms of secrets as data, each with its source. Seven columns: kind, way, words,
 * characters, lengths, check, source.
 *
 * <p>The way is {@code begins} (the secret begins with one of the words), {@code beside} (a name with one of the words
 * in it is set to the secret) or {@code around} (the word is in its middle; characters and lengths are those before it
 * and those after it, with {@code |} between).
 */
final class FormTable {
    private static final String RESOURCE = "forms.tsv";
    private static final int COLUMNS = 7;

    private static final Check DRAWN =
            (text, from, to) -> Randomness.isRandom(text, from, to) && isNoWord(text, from, to);
    private static final Check MIXED =
            (text, from, to) -> Randomness.isMixed(text, from, to) && isNoWord(text, from, to);

    /** Check of Slack tokens: user, bot and app tokens begin with their numbers. */
    private static final Check SLACK = (text, from, to) -> Alphabet.DIGITS.run(text, from, 20) - from >= 8
            || Randomness.isMixed(text, from, to)
            || (to - from > 60 && Randomness.isRandom(text, from, to));

    /** The middle of every key of OpenAI: "OpenAI" in base64. */
    private static final Check OPENAI =
            (text, from, to) -> text.subSequence(from, to).toString().contains("T3BlbkFJ");

    private static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("any", (_, _, _) -> true),
            Map.entry("likely", Randomness::isLikely),
            Map.entry("mixed", MIXED),
            Map.entry("drawn", DRAWN),
            Map.entry(
                    "letters-and-digits",
                    (text, from, to) -> Randomness.isRandom(text, from, to) && Randomness.isLikely(text, from, to)),
            Map.entry("slack", SLACK),
            Map.entry("slack-hook", (text, from, to) -> text.charAt(from) == 'T' && MIXED.holds(text, from, to)),
            Map.entry("openai", OPENAI),
            Map.entry("airtable", (text, from, to) -> hasDots(text, from, to, 14) && DRAWN.holds(text, from, to)),
            Map.entry("authress", (text, from, to) -> has(text, from, to, ".acc") && DRAWN.holds(text, from, to)),
            Map.entry("discord", (text, from, to) -> dots(text, from, to) == 2 && MIXED.holds(text, from, to)),
            Map.entry("freemius", (text, from, to) -> !has(text, from, to, "_") && MIXED.holds(text, from, to)),
            Map.entry("lob", (text, from, to) -> (to - from == 35 || to - from == 31) && DRAWN.holds(text, from, to)),
            Map.entry("mapbox", (text, from, to) -> dots(text, from, to) == 1 && DRAWN.holds(text, from, to)),
            Map.entry("resend", MIXED),
            Map.entry("sumo", (text, from, to) -> text.charAt(from) == 's' && text.charAt(from + 1) == 'u'),
            Map.entry("twitter", (text, from, to) -> has(text, from, to, "AAAAAAAAAAAAAAAAAAAAAA")),
            Map.entry("yandex", (text, from, to) -> text.charAt(from) == 'Y' && text.charAt(from + 1) == 'C'),
            Map.entry("uuid", (text, from, to) -> isUuid(text, from, to) || isHex(text, from, to, 40)),
            Map.entry(
                    "azure",
                    (text, from, to) ->
                            Alphabet.DIGITS.has(text.charAt(from + 3)) && Randomness.isMixed(text, from, to)),
            Map.entry("around", Randomness::isLikely),
            Map.entry("around-mixed", MIXED));

    private FormTable() {}

    /** Returns the rules of the table, in its order; all forms beside a name are one rule. */
    static List<SecretRule> read() {
        List<SecretRule> rules = new ArrayList<>();
        List<NamedForm> named = new ArrayList<>();
        try (InputStream in = FormTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not beside the scanner");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    read(line, rules, named);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rules.add(new NamedFormRule(named));
        return List.copyOf(rules);
    }

    private static void read(String line, List<SecretRule> rules, List<NamedForm> named) {
        String[] columns = line.split("\t", -1);
        Check check = columns.length == COLUMNS ? CHECKS.get(columns[5]) : null;
        if (check == null) {
            throw new IllegalStateException(RESOURCE + ": not understood: " + line);
        }
        SecretKind kind = new SecretKind(columns[0]);
        List<String> words = List.of(columns[2].split(" ", -1));
        String[] lengths = columns[4].split("\\|", -1);
        switch (columns[1]) {
            case "begins" ->
                rules.add(new TokenRule(
                        kind,
                        words,
                        Alphabet.of(columns[3]),
                        Lengths.of(lengths[0]).least(),
                        Lengths.of(lengths[0]).most(),
                        check));
            case "beside" ->
                named.add(new NamedForm(kind, words, Alphabet.of(columns[3]), Lengths.of(lengths[0]), check));
            case "around" -> {
                String[] characters = columns[3].split("\\|", -1);
                rules.add(new InfixRule(
                        kind,
                        words,
                        Alphabet.of(characters[0]),
                        Lengths.of(lengths[0]),
                        Alphabet.of(characters[1]),
                        Lengths.of(lengths[1]),
                        check));
            }
            default -> throw new IllegalStateException(RESOURCE + ": unknown way: " + columns[1]);
        }
    }

    private static boolean isNoWord(CharSequence text, int from, int to) {
        return Randomness.isLikely(text, from, to)
                && !RandomAppearance.isWordy(text.subSequence(from, to).toString());
    }

    private static boolean has(CharSequence text, int from, int to, String part) {
        return text.subSequence(from, to).toString().contains(part);
    }

    private static int dots(CharSequence text, int from, int to) {
        int dots = 0;
        for (int i = from; i < to; i++) {
            dots += text.charAt(i) == '.' ? 1 : 0;
        }
        return dots;
    }

    /** Reports whether there is exactly one dot, at that place. */
    private static boolean hasDots(CharSequence text, int from, int to, int place) {
        return dots(text, from, to) == 1 && text.charAt(from + place) == '.';
    }

    private static boolean isHex(CharSequence text, int from, int to, int length) {
        return to - from == length && Alphabet.ANY_HEX.run(text, from, length) >= to;
    }

    private static boolean isUuid(CharSequence text, int from, int to) {
        return to - from == 36
                && text.charAt(from + 8) == '-'
                && text.charAt(from + 13) == '-'
                && text.charAt(from + 18) == '-'
                && text.charAt(from + 23) == '-';
    }
}
