package dev.kept.recording.secret.text;

import dev.kept.recording.secret.text.SecretNames.Strength;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Tests that distinguish secret values from references, placeholders, types, words and hashes. */
public final class PlainValue {
    private static final int SHORTEST_PASSWORD = 6;
    private static final int SHORTEST_TOKEN = 10;
    private static final int SHORTEST_WEAK = 20;

    private static final List<String> REFERENCES = List.of(
            "${",
            "$(",
            "{{",
            "#{",
            "<%",
            "%{",
            "%(",
            "[secret:",
            "://",
            "ENC[",
            "arn:",
            "os.",
            "process.",
            "env.",
            "ENV[",
            "getenv",
            "@Microsoft",
            "!Ref",
            "!Sub",
            "!vault",
            "secrets.",
            "()",
            "{}",
            "{0}",
            "[0-9",
            "[a-z",
            "[A-Z",
            "\\w",
            "\\d",
            "\\S",
            "(?",
            "[^");

    private static final List<String> BEGINNINGS = List.of(
            "ssh-",
            "sha1-",
            "sha256-",
            "sha384-",
            "sha512-",
            "sha1:",
            "sha256:",
            "sha384:",
            "sha512:",
            "md5:",
            "urn:",
            "data:",
            "vault:",
            "ssm:",
            "kms:",
            "projects/",
            "-----",
            "--",
            "refs/",
            "@/",
            "@./",
            "@file",
            "$ANSIBLE",
            "oauth2:");

    private static final List<String> PLACEHOLDERS = List.of(
            "example",
            "placeholder",
            "changeme",
            "change_me",
            "change-me",
            "change_this",
            "change-this",
            "changethis",
            "changeit",
            "your_",
            "your-",
            "yourpass",
            "yoursecret",
            "yourtoken",
            "yourkey",
            "your ",
            "my_secret",
            "my-secret",
            "mysecret",
            "mytoken",
            "my-token",
            "my_token",
            "xxxx",
            "redacted",
            "dummy",
            "insert",
            "replace",
            "fixme",
            "todo",
            "sample",
            "fake",
            "foobar",
            "****",
            "....",
            "…",
            "•••",
            "<",
            "hidden",
            "masked",
            "removed",
            "notreal",
            "not-a-real",
            "not_a_real",
            "not-real",
            "00000000",
            "12345678",
            "abcdefgh",
            "deadbeef",
            "supersecret",
            "super-secret",
            "super_secret",
            "secret_here",
            "here>",
            "goes-here",
            "goes_here",
            "_here",
            "-here",
            "password",
            "passw0rd",
            "passwd");

    private static final Set<String> WORDS = Set.of(
            "secret",
            "token",
            "string",
            "null",
            "none",
            "true",
            "false",
            "undefined",
            "required",
            "optional",
            "admin",
            "postgres",
            "mysql",
            "redis",
            "default",
            "empty",
            "bytes",
            "object",
            "unknown",
            "prompt",
            "stdin",
            "guest",
            "rabbitmq",
            "mongodb",
            "minioadmin",
            "root123",
            "test123",
            "test1234",
            "admin123",
            "abc123",
            "letmein",
            "qwerty",
            "secret123",
            "guest1",
            "user123",
            "int32",
            "int64",
            "uint8",
            "uint64",
            "float64",
            "varchar",
            "base64",
            "sha256",
            "utf8mb4");

    private static final Pattern VARIABLE = Pattern.compile(
            "\\$[A-Za-z_][A-Za-z0-9_]*|\\$[0-9@*?]|%[A-Za-z_]+%|\\$env:\\w+|@[A-Za-z_]+@|%[0-9.]*[a-z]|:[a-z_]+|@[\\w.-]+\\.[a-z]{2,}(?:[/:].*)?|\\{[\\w.]*}|\\[[\\w -]*]");
    private static final Pattern PATH = Pattern.compile(
            "(?:[.~]{0,2}/|[A-Za-z]:\\\\+)[A-Za-z0-9._-]{2,}(?:[/\\\\]+[A-Za-z0-9._-]+)+|[A-Za-z0-9._/-]+/[A-Za-z0-9._-]+\\.[a-z][a-z0-9]{1,4}|#[0-9A-Fa-f]{3,8}");
    private static final Pattern APP_PASSWORD = Pattern.compile("[a-z]{4} [a-z]{4} [a-z]{4} [a-z]{4}");
    private static final Pattern UUID = Pattern.compile("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
    private static final Pattern EXPRESSION =
            Pattern.compile("[*&!]*[A-Za-z_$][\\w$]*(?:(?:\\.|->|::|\\?\\.)[A-Za-z_$][\\w$]*)*(?:[(\\[].*|\\.|!)?");

    private PlainValue() {}

    public static boolean isSecret(String said, Strength strength, Assignment.Value value, String name) {
        int least = strength == Strength.PASSWORD
                ? SHORTEST_PASSWORD
                : strength == Strength.WEAK ? SHORTEST_WEAK : SHORTEST_TOKEN;
        if (said.length() < least) {
            return false;
        }
        if (said.indexOf(' ') >= 0) {
            return strength == Strength.PASSWORD && APP_PASSWORD.matcher(said).matches();
        }
        if (isReference(said) || isPlaceholder(said) || PATH.matcher(said).matches()) {
            return isBase64Login(said);
        }
        if (UUID.matcher(said).matches()) {
            return strength.compareTo(Strength.TOKEN) >= 0 && !value.loose();
        }
        boolean hex = isHex(said);
        return switch (strength) {
            case NONE -> false;
            case WEAK ->
                isBase64Login(said)
                        || (!hex
                                && !value.loose()
                                && Randomness.isMixed(said, 0, said.length())
                                && RandomAppearance.has(said));
            case KEY -> !hex && RandomAppearance.has(said) && Randomness.isRandom(said, 0, said.length());
            case TOKEN -> isToken(said, hex, value);
            case PASSWORD -> isPassword(said, value, name);
        };
    }

    private static boolean isToken(String said, boolean hex, Assignment.Value value) {
        if (hex) {
            return said.length() >= 16 && Randomness.isLikely(said, 0, said.length());
        }
        return !isExpression(said, value) && RandomAppearance.has(said);
    }

    private static boolean isPassword(String said, Assignment.Value value, String name) {
        if (RandomAppearance.has(said)) {
            return !isExpression(said, value) || Randomness.isMixed(said, 0, said.length());
        }
        if (WORDS.contains(said.toLowerCase(Locale.ROOT)) || isExpression(said, value)) {
            return false;
        }
        boolean letter = said.chars().anyMatch(c -> Alphabet.LETTERS.has((char) c));
        boolean digit = said.chars().anyMatch(c -> c >= '0' && c <= '9');
        boolean symbol = said.chars().anyMatch(c -> "!@#$%^&*+=?~".indexOf(c) >= 0);
        boolean separated = said.chars().anyMatch(c -> "_.-/:".indexOf(c) >= 0);
        if (value.loose()) {
            return letter && digit && symbol && said.length() >= 8;
        }
        if (letter) {
            return symbol || (digit && !separated) || isNamedLoud(said, name, separated);
        }
        return digit && !separated && !value.code() && Randomness.isLikely(said, 0, said.length());
    }

    /** Reports whether a value is a long word to which an environment variable is set. */
    private static boolean isNamedLoud(String said, String name, boolean separated) {
        return !separated
                && said.length() >= 12
                && name.equals(name.toUpperCase(Locale.ROOT))
                && said.equals(said.toLowerCase(Locale.ROOT));
    }

    /** Reports whether a value may be a variable or a call in code instead. */
    private static boolean isExpression(String said, Assignment.Value value) {
        if (value.quoted() || !EXPRESSION.matcher(said).matches()) {
            return false;
        }
        boolean called = said.indexOf('(') > 0 || said.indexOf('[') > 0;
        if (!value.code() && !called && said.indexOf('.') < 0 && said.indexOf(':') < 0 && said.indexOf('>') < 0) {
            return false;
        }
        int digits = (int) said.chars().filter(c -> c >= '0' && c <= '9').count();
        boolean member = digits == 0 && (said.indexOf('.') > 0 || said.indexOf('>') > 0);
        return called
                || member
                || RandomAppearance.isWordy(said)
                || (value.code() && digits < 2 && !RandomAppearance.has(said));
    }

    /** Reports whether a value only says where the secret is. */
    public static boolean isReference(String said) {
        for (String part : REFERENCES) {
            if (said.contains(part)) {
                return true;
            }
        }
        for (String beginning : BEGINNINGS) {
            if (said.startsWith(beginning)) {
                return true;
            }
        }
        return VARIABLE.matcher(said).matches();
    }

    /** Reports whether a value is a placeholder for a secret. */
    public static boolean isPlaceholder(String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        for (String part : PLACEHOLDERS) {
            if (lower.contains(part)) {
                return !(part.startsWith("passw") && isStrengthened(lower));
            }
        }
        return said.chars().distinct().count() < 4;
    }

    /** Reports whether more than a few digits or a symbol are next to the word "password". */
    private static boolean isStrengthened(String lower) {
        String rest = lower.replaceFirst("passwords?|passwd|passw0rd", "");
        return rest.chars().anyMatch(c -> "!@#$%^&*+=?~".indexOf(c) >= 0) && rest.length() >= 2;
    }

    private static boolean isHex(String said) {
        int from = said.startsWith("0x") ? 2 : 0;
        return Alphabet.ANY_HEX.run(said, from, said.length()) == said.length()
                && said.chars().anyMatch(c -> c >= 'a' || c < 'A');
    }

    /**
     * Reports whether a value is a user and a password in base64, as in the configuration of Docker or a Basic header.
     */
    public static boolean isBase64Login(String said) {
        if (said.length() < 12 || Alphabet.BASE64_LOGIN.run(said, 0, said.length()) < said.length()) {
            return false;
        }
        try {
            String login = new String(Base64.getDecoder().decode(said), StandardCharsets.UTF_8);
            int colon = login.indexOf(':');
            String password = login.substring(colon + 1);
            return colon >= 0
                    && login.chars().allMatch(c -> c >= ' ' && c != 0xFFFD && c != 127)
                    && password.length() >= 4
                    && !isReference(password)
                    && !isPlaceholder(password);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
