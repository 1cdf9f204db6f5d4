package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import java.util.List;

/** A rule for private keys without PEM armour: the lines of PuTTY's files, and the secret part of a JSON Web Key. */
record KeyFileRule() implements SecretRule {
    private static final Alphabet LINES = Alphabet.of("0-9A-Za-z+/= \t\r\n\\");
    private static final int SHORTEST = 40;
    private static final int AROUND = 600;

    @Override
    public List<String> anchors() {
        return List.of("Private-Lines: ", "\"d\":", "\"d\" :", "\\\"d\\\":", "<D>", "<P>");
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        if (text.charAt(from) == 'P') {
            int start = Alphabet.DIGITS.run(text, to, 4);
            return found(text, start, LINES.run(text, start, LONGEST - 64), 10);
        }
        int start = to;
        while (start < text.length() && start < to + 8 && " \\\"".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        boolean xml = text.charAt(from) == '<';
        String around = text.subSequence(Math.max(0, from - AROUND), Math.min(text.length(), to + AROUND))
                .toString();
        if (!xml && !around.contains("\"kty")) {
            return List.of();
        }
        Alphabet body = xml ? Alphabet.BASE64_LOGIN : Alphabet.BASE64_URL;
        return found(text, start, body.run(text, start, 4096), SHORTEST);
    }

    /** Returns the text between the armour, without characters at its ends that are not base64. */
    private static List<SecretMatch> found(CharSequence text, int from, int to, int least) {
        int start = from;
        while (start < to && "\r\n \\".indexOf(text.charAt(start)) >= 0) {
            start += text.charAt(start) == '\\' && start + 1 < to ? 2 : 1;
        }
        int end = to;
        // The last line is "Private-MAC", of which the part before the dash looks like base64.
        while (end > start
                && text.charAt(end - 1) != '\n'
                && end < text.length()
                && text.charAt(end) == '-'
                && end > to - 16) {
            end--;
        }
        while (end > start && "\r\n \\".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return end - start >= least ? List.of(SecretMatch.of(SecretKind.PRIVATE_KEY, text, start, end)) : List.of();
    }
}
