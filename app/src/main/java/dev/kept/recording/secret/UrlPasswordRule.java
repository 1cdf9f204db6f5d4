package dev.kept.recording.secret;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The password in {@code scheme://user:password@host}; the rest of the address stays. */
record UrlPasswordRule() implements SecretRule {
    private static final Alphabet NAME = Alphabet.of("0-9A-Za-z._~%!&*+,;-");
    private static final Alphabet PASSWORD = Alphabet.of("0-9A-Za-z._~%!&*+,;:=?^#()|-");
    private static final int LONGEST_NAME = 96;
    private static final int LONGEST_PASSWORD = 512;
    private static final int SHORTEST_PASSWORD = 5;

    /** What people write where the password goes. */
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
            "x-oauth-basic",
            "x-token-auth");

    @Override
    public List<String> anchors() {
        return List.of("://");
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        int colon = NAME.run(text, to, LONGEST_NAME);
        if (colon >= text.length()
                || text.charAt(colon) != ':'
                || from == 0
                || !Alphabet.ALNUM.has(text.charAt(from - 1))) {
            return List.of();
        }
        int start = colon + 1;
        int end = PASSWORD.run(text, start, LONGEST_PASSWORD);
        boolean host = end + 1 < text.length()
                && text.charAt(end) == '@'
                && (Alphabet.ALNUM.has(text.charAt(end + 1)) || "[${<".indexOf(text.charAt(end + 1)) >= 0);
        if (cut && end == text.length() && Alphabet.DIGITS.run(text, start, LONGEST_PASSWORD) < end) {
            return List.of(SecretMatch.of(SecretKind.URL_PASSWORD, text, start, end));
        }
        if (!host || end - start < SHORTEST_PASSWORD) {
            return List.of();
        }
        SecretMatch match = SecretMatch.of(SecretKind.URL_PASSWORD, text, start, end);
        String name = text.subSequence(to, colon).toString();
        return isPlaceholder(match.secret(), name) ? List.of() : List.of(match);
    }

    private static boolean isPlaceholder(String password, String name) {
        String lower = password.toLowerCase(Locale.ROOT);
        return PLACEHOLDERS.contains(lower)
                || password.equals(name)
                || password.chars().distinct().count() < 3
                || lower.contains("example")
                || lower.contains("...")
                || lower.startsWith("%s");
    }
}
