package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.PlainValue;
import dev.kept.recording.secret.text.RandomAppearance;
import dev.kept.recording.secret.text.Randomness;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A rule for the password in {@code scheme://user:password@host}; the rest of the address stays. */
record UrlPasswordRule() implements SecretRule {
    private static final Alphabet NAME = Alphabet.of("0-9A-Za-z._~%!&*+,;-");
    private static final Alphabet PASSWORD = Alphabet.of("0-9A-Za-z._~%!&*+,;:=?^#()|$-");
    private static final Alphabet SLASHED = Alphabet.of("0-9A-Za-z._~%!&*+,;:=?^#()|$/@-");
    private static final int LONGEST_NAME = 96;
    private static final int LONGEST_PASSWORD = 512;
    private static final int SHORTEST_PASSWORD = 5;

    /** Placeholders that people write instead of the password. */
    private static final Set<String> PLACEHOLDERS = Set.of(
            "password",
            "passwd",
            "passw0rd",
            "pass",
            "secret",
            "token",
            "changeme",
            "postgres",
            "mysql",
            "redis",
            "mongo",
            "rabbitmq",
            "admin",
            "guest",
            "user",
            "username",
            "test",
            "testing",
            "example",
            "dbpass",
            "my-password",
            "mypassword",
            "your-password",
            "yourpassword",
            "your_password",
            "changeit",
            "letmein",
            "sa",
            "root",
            "default",
            "minioadmin",
            "foobar",
            "x-oauth-basic",
            "x-token-auth");

    @Override
    public List<String> anchors() {
        return List.of("://");
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        int colon = NAME.run(text, to, LONGEST_NAME);
        if (colon >= text.length() || from == 0 || !Alphabet.ALNUM.has(text.charAt(from - 1))) {
            return List.of();
        }
        if (text.charAt(colon) == '@') {
            return tokenAlone(text, to, colon);
        }
        if (text.charAt(colon) != ':') {
            return List.of();
        }
        int start = colon + 1;
        int end = PASSWORD.run(text, start, LONGEST_PASSWORD);
        if (end < text.length() && (text.charAt(end) == '/' || text.charAt(end) == '@')) {
            end = lastAt(text, start, end);
        }
        boolean host = isHost(text, end);
        if (cut && end == text.length() && Alphabet.DIGITS.run(text, start, LONGEST_PASSWORD) < end) {
            return List.of(SecretMatch.of(SecretKind.URL_PASSWORD, text, start, end));
        }
        if (!host || end - start < SHORTEST_PASSWORD || end - start > LONGEST_PASSWORD) {
            return List.of();
        }
        SecretMatch match = SecretMatch.of(SecretKind.URL_PASSWORD, text, start, end);
        String name = text.subSequence(to, colon).toString();
        return isPlaceholder(match.secret(), name) ? List.of() : List.of(match);
    }

    private static boolean isHost(CharSequence text, int at) {
        return at + 1 < text.length()
                && text.charAt(at) == '@'
                && (Alphabet.ALNUM.has(text.charAt(at + 1)) || "[${<".indexOf(text.charAt(at + 1)) >= 0);
    }

    /**
     * Returns the index of the last {@code @} with a host after it, for a password that contains slashes or {@code @};
     * the given end if the first part is a port or no further {@code @} follows.
     */
    private static int lastAt(CharSequence text, int start, int end) {
        if (Alphabet.DIGITS.run(text, start, 6) == end) {
            return end;
        }
        int most = SLASHED.run(text, start, LONGEST_PASSWORD);
        boolean path = false;
        int last = end;
        for (int i = end; i < most; i++) {
            path |= last != end && text.charAt(i) == '/';
            if (text.charAt(i) == '@' && !path && isHost(text, i)) {
                last = i;
            }
            if (text.charAt(i) == '@' && text.charAt(end) == '@') {
                // A path after the host belongs to the address.
                last = isHostOnly(text, end + 1, i) ? last : end;
            }
        }
        return last;
    }

    /** Reports whether no slash lies between, so that the first {@code @} belongs to the password. */
    private static boolean isHostOnly(CharSequence text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '/') {
                return false;
            }
        }
        return true;
    }

    /** Returns a token in the place of the user name: {@code https://…@host}. */
    private static List<SecretMatch> tokenAlone(CharSequence text, int from, int to) {
        boolean likely = to - from >= 20 && isHost(text, to);
        if (!likely || Alphabet.HEX.run(text, from, LONGEST_NAME) == to) {
            return List.of();
        }
        String said = text.subSequence(from, to).toString();
        return RandomAppearance.has(said) && Randomness.isRandom(said, 0, said.length())
                ? List.of(new SecretMatch(SecretKind.URL_PASSWORD, from, to, said))
                : List.of();
    }

    private static boolean isPlaceholder(String password, String name) {
        String lower = password.toLowerCase(Locale.ROOT);
        return PLACEHOLDERS.contains(lower)
                || password.equals(name)
                || password.chars().distinct().count() < 3
                || PlainValue.isReference(password)
                || lower.contains("example")
                || lower.contains("your_")
                || lower.contains("your-")
                || lower.contains("changeme")
                || lower.contains("xxxx")
                || lower.contains("****")
                || lower.contains("...")
                || lower.startsWith("%s");
    }
}
