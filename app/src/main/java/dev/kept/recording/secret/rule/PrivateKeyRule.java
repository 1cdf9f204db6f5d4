package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Randomness;
import java.util.List;

/**
 * A rule for a private key in PEM armour, also with its line ends written as {@code \n}, after line numbers, quote
 * marks or the signs of a diff, and also without its end.
 */
record PrivateKeyRule() implements SecretRule {
    private static final String BEGIN = "-----BEGIN ";
    private static final String SSH2 = "---- BEGIN ";
    private static final String DASHES = "-----";
    private static final Alphabet LABEL = Alphabet.of("A-Z0-9a-z _-");
    private static final Alphabet BODY = Alphabet.of("0-9A-Za-z+/= \t\r\n\\>|:,.()_-");
    private static final int LONGEST_LABEL = 40;
    private static final int SHORTEST_BODY = 40;

    @Override
    public List<String> anchors() {
        return List.of(BEGIN, SSH2);
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        int label = LABEL.run(text, to, LONGEST_LABEL);
        while (label > to && " -".indexOf(text.charAt(label - 1)) >= 0) {
            label--;
        }
        String name = text.subSequence(to, label).toString();
        boolean secret = name.endsWith("PRIVATE KEY") || name.equals("PGP PRIVATE KEY BLOCK");
        if (secret && startsWith(text, label, " ----") && !startsWith(text, from - 1, DASHES)) {
            return armoured(text, from, label + 5, "----", cut);
        }
        return secret && startsWith(text, label, DASHES) && to - from == BEGIN.length()
                ? armoured(text, from, label + DASHES.length(), DASHES, cut)
                : List.of();
    }

    private static List<SecretMatch> armoured(CharSequence text, int from, int start, String dashes, boolean cut) {
        int most = Math.min(text.length(), from + LONGEST);
        int end = start;
        while (end < most && isBody(text.charAt(end)) && !startsWith(text, end, dashes)) {
            end++;
        }
        String body = key(text, start, end);
        if (body.length() < SHORTEST_BODY && !(cut && SecretRule.isCut(text, end))) {
            // "-----BEGIN PRIVATE KEY-----" in a sentence or in code that looks for keys.
            return List.of();
        }
        int close = startsWith(text, end, "-----END ")
                ? LABEL.run(text, end + 9, LONGEST_LABEL)
                : startsWith(text, end, "---- END ") ? LABEL.run(text, end + 9, LONGEST_LABEL) : -1;
        while (close > end && " -".indexOf(text.charAt(close - 1)) >= 0) {
            close--;
        }
        close += close > 0 && startsWith(text, close, " ") && dashes.length() == 4 ? 1 : 0;
        boolean closed = close > end && startsWith(text, close, dashes);
        if (!closed && !Randomness.isMixed(body, 0, body.length()) && !cut) {
            return List.of();
        }
        int behind = closed ? close + dashes.length() : lastOfKey(text, start, end);
        return List.of(new SecretMatch(SecretKind.PRIVATE_KEY, from, behind, body));
    }

    private static boolean isBody(char c) {
        return BODY.has(c) || c == '→' || c == '│';
    }

    private static boolean startsWith(CharSequence text, int at, String what) {
        return at >= 0
                && at + what.length() <= text.length()
                && what.contentEquals(text.subSequence(at, at + what.length()));
    }

    /** Returns the index after the last base64 character, so that text after a key without an end stays. */
    private static int lastOfKey(CharSequence text, int start, int end) {
        int last = end;
        while (last > start && !Alphabet.BASE64.has(text.charAt(last - 1)) && text.charAt(last - 1) != '=') {
            last--;
        }
        return Math.max(last, start);
    }

    /** Returns only the base64. */
    private static String key(CharSequence text, int from, int to) {
        StringBuilder key = new StringBuilder(to - from);
        int line = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\\' && i + 1 < to && text.charAt(i + 1) == 'n')) {
                i += c == '\\' ? 1 : 0;
                line = key.length();
            } else if (c == '\\' && i + 1 < to && "rt".indexOf(text.charAt(i + 1)) >= 0) {
                i++;
            } else if (c == '→') {
                // The text before it on its line was the line number.
                key.setLength(line);
            } else if (Alphabet.BASE64.has(c)) {
                key.append(c);
            }
        }
        return key.toString();
    }
}
