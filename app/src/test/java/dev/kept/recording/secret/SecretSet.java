package dev.kept.recording.secret;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws invented secrets, and texts that only look like them, from {@code planted.txt} and {@code alike.txt}. Shares
 * nothing with the scanner, so that what it draws can judge it.
 */
public final class SecretSet {
    private static final String SMALL = "abcdefghijklmnopqrstuvwxyz";
    private static final String BIG = SMALL.toUpperCase(Locale.ROOT);
    private static final String DIGITS = "0123456789";
    private static final Pattern PART = Pattern.compile("\\{([a-zA-Z0-9]+)(?::([^{}]+))?}");

    private final Random random;

    /** A set of its own for each seed. */
    public SecretSet(long seed) {
        random = new Random(seed);
    }

    /** A secret and the text in which it stands. */
    public record Planted(String name, String secret, String text) {
        /** A part that must not be left: of a key of several lines one of them. */
        public String core() {
            List<String> lines = secret.lines().toList();
            String line = lines.size() > 3 ? lines.get(2) : secret;
            int escaped = line.indexOf("\\n");
            return escaped < 0 ? line : line.substring(escaped + 2, escaped + 60);
        }
    }

    /** The secrets, each in its text. */
    public List<Planted> planted() {
        List<Planted> all = new ArrayList<>();
        for (String line : lines("planted.txt")) {
            String[] columns = line.split(" \\| ", 3);
            String secret = drawn(columns[1]);
            String text = columns.length < 3 ? "{}" : columns[2];
            String before = text.substring(0, text.indexOf("{}"));
            String behind = text.substring(text.indexOf("{}") + 2);
            all.add(new Planted(columns[0], secret, drawn(before) + secret + drawn(behind)));
        }
        return all;
    }

    /** The texts in which nothing is a secret. */
    public List<String> lookAlikes() {
        return lines("alike.txt").stream().map(this::drawn).toList();
    }

    private static List<String> lines(String resource) {
        try (InputStream in =
                        Objects.requireNonNull(SecretSet.class.getResourceAsStream("/recording/secret/" + resource));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String drawn(String pattern) {
        Matcher parts = PART.matcher(pattern.replace('⏎', '\n').replace('⌁', '\u001b'));
        StringBuilder out = new StringBuilder();
        while (parts.find()) {
            String argument = parts.group(2) == null ? "" : parts.group(2);
            parts.appendReplacement(out, Matcher.quoteReplacement(part(parts.group(1), argument, parts.group())));
        }
        parts.appendTail(out);
        return out.toString();
    }

    private String part(String sort, String argument, String as) {
        return switch (sort) {
            case "uuid" -> new UUID(random.nextLong(), random.nextLong()).toString();
            case "login" -> base64("robot:" + mixed(SMALL + BIG + DIGITS, 18));
            case "jwt" -> jwt();
            case "jwt64" -> base64(jwt());
            case "b64pem" -> base64(pem("EC PRIVATE KEY"));
            case "b64cert" -> base64(pem("CERTIFICATE"));
            case "pem" -> pem(argument);
            case "pemn" -> pem(argument).replace("\n", "\\n");
            default ->
                argument.matches("[0-9]+") && sort.length() == 1
                        ? characters(sort.charAt(0), Integer.parseInt(argument))
                        : as;
        };
    }

    private String characters(char sort, int length) {
        return switch (sort) {
            case 'n' -> of("123456789", 1) + of(DIGITS, length - 1);
            case 'h' -> of(DIGITS + "abcdef", length);
            case 'H' -> of(DIGITS + "ABCDEF", length);
            case 'a' -> mixed(SMALL + DIGITS, length);
            case 'A' -> of(BIG + DIGITS, length);
            case 'B' -> of(BIG + "234567", length);
            case 'Z' -> of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", length);
            case 'm' -> mixed(SMALL + BIG + DIGITS, length);
            case 'u' -> mixed(SMALL + BIG + DIGITS + "-_", length);
            case 'b' -> mixed(SMALL + BIG + DIGITS + "+/", length);
            case 'l' -> of(SMALL + BIG, length);
            case 'z' -> of(SMALL, length);
            case 'p' -> mixed(SMALL + BIG + DIGITS + "!%^*#@+", length);
            default -> throw new IllegalArgumentException("no characters are called " + sort);
        };
    }

    private String of(String alphabet, int length) {
        StringBuilder out = new StringBuilder();
        while (out.length() < length) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    /** With each sort of letters and a digit, where it is long enough for all. */
    private String mixed(String alphabet, int length) {
        String drawn = of(alphabet, length);
        boolean all = drawn.chars().anyMatch(Character::isDigit)
                && drawn.chars().anyMatch(Character::isLowerCase)
                && (!alphabet.contains(BIG) || drawn.chars().anyMatch(Character::isUpperCase));
        boolean edge = "+-_/".indexOf(drawn.charAt(0)) >= 0 || "+-_/!*".indexOf(drawn.charAt(length - 1)) >= 0;
        return (all && !edge) || length < 8 ? drawn : mixed(alphabet, length);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String jwt() {
        String header = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}").replace("=", "");
        String payload = base64("{\"sub\":\"" + mixed(SMALL + BIG + DIGITS, 12) + "\",\"iat\":1700000000}")
                .replace("=", "");
        return header + "." + payload + "." + mixed(SMALL + BIG + DIGITS + "-_", 43);
    }

    private String pem(String label) {
        StringBuilder out = new StringBuilder("-----BEGIN " + label + "-----\n");
        for (int i = 0; i < 8; i++) {
            out.append(of(SMALL + BIG + DIGITS + "+/", 64)).append('\n');
        }
        return out + "-----END " + label + "-----";
    }
}
