package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Assignment;
import dev.kept.recording.secret.text.NearbyText;
import dev.kept.recording.secret.text.PlainValue;
import dev.kept.recording.secret.text.SecretNames;
import dev.kept.recording.secret.text.SecretNames.Strength;
import java.util.List;
import java.util.Optional;

/**
 * A rule for a value next to a name that says that it is secret: {@code DB_PASSWORD=…}, {@code "client_secret": "…"}.
 */
record NameRule() implements SecretRule {
    private static final Alphabet NAME = Alphabet.of("0-9A-Za-z_.-");
    private static final int LONGEST_NAME = 64;
    private static final List<String> SPOKEN = List.of(
            "api ", "access ", "secret ", "private ", "master ", "license ", "encryption ", "signing ", "auth ");

    @Override
    public List<String> anchors() {
        return List.of(
                "pass", "pwd", "_pw", "secret", "token", "key", "cred", "auth", "jwt", "_pat", "sig", "access", "api",
                "session", "bearer");
    }

    @Override
    public boolean anyCase() {
        return true;
    }

    @Override
    public boolean isGeneral() {
        return true;
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        int end = NAME.run(text, to, LONGEST_NAME);
        int start = NAME.runBack(text, from, LONGEST_NAME);
        if (end - start > LONGEST_NAME) {
            return List.of();
        }
        while (start < from && !Alphabet.ALNUM.has(text.charAt(start)) && text.charAt(start) != '_') {
            start++;
        }
        // The last letter of an escape, as in \nPASSWORD, is no part of the name.
        start += start < from && SecretRule.beginsWord(text, start + 1) && Alphabet.ALNUM.has(text.charAt(start))
                ? 1
                : 0;
        while (end > to && ".-".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        if (!SecretNames.mayBeOne(text, start, end)) {
            return List.of();
        }
        Optional<Assignment.Value> found = Assignment.of(text, start, end);
        if (found.isEmpty()) {
            return List.of();
        }
        Assignment.Value value = found.get();
        String name = text.subSequence(start, end).toString();
        Strength strength = strength(text, name, start);
        String last = name.substring(name.lastIndexOf('.') + 1);
        boolean bare = last.equalsIgnoreCase("pass") || last.equalsIgnoreCase("pwd");
        if (bare && (value.loose() || (value.code() && !value.quoted()))) {
            // The result of a test, a folder.
            return List.of();
        }
        if (strength == Strength.NONE || NearbyText.isInMarker(text, start)) {
            return List.of();
        }
        String said = text.subSequence(value.start(), value.end()).toString();
        boolean rest = cut && value.end() >= text.length() - 1 && said.length() > 5 && !PlainValue.isReference(said);
        if (!rest && !PlainValue.isSecret(said, strength, value, name)) {
            return List.of();
        }
        SecretKind kind = strength == Strength.PASSWORD ? SecretKind.PASSWORD : SecretKind.NAMED;
        return List.of(new SecretMatch(kind, value.start(), value.end(), said));
    }

    private static Strength strength(CharSequence text, String name, int start) {
        Strength strength = SecretNames.of(name);
        if (strength == Strength.TOKEN && name.equals("sig")) {
            boolean query = start > 0 && "?&;".indexOf(text.charAt(start - 1)) >= 0;
            return query ? strength : Strength.NONE;
        }
        if (strength == Strength.WEAK && name.equalsIgnoreCase("key")) {
            String before =
                    text.subSequence(Math.max(0, start - 11), start).toString().toLowerCase(java.util.Locale.ROOT);
            return SPOKEN.stream().anyMatch(before::endsWith) ? Strength.TOKEN : strength;
        }
        return strength;
    }
}
