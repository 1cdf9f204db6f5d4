package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Assignment;
import dev.kept.recording.secret.text.PlainValue;
import dev.kept.recording.secret.text.SecretNames;
import java.util.List;

/**
 * A rule for a password that is echoed into the program that reads it: {@code echo … | docker login --password-stdin}.
 */
record PipedRule() implements SecretRule {
    private static final int BEFORE = 256;
    private static final Alphabet END = Alphabet.of(" \t\"'\\");

    @Override
    public List<String> anchors() {
        return List.of("--password-stdin", "--passphrase-fd", "sudo -S", "chpasswd", "passwd --stdin", "--with-token");
    }

    @Override
    public boolean isGeneral() {
        return true;
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        int pipe = from;
        int least = Math.max(0, from - BEFORE);
        while (pipe > least && text.charAt(pipe - 1) != '|' && text.charAt(pipe - 1) != '\n') {
            pipe--;
        }
        if (pipe == least || text.charAt(pipe - 1) != '|') {
            return List.of();
        }
        int end = END.runBack(text, pipe - 1, 8);
        int start = end;
        while (start > least && " \t\n\"'".indexOf(text.charAt(start - 1)) < 0) {
            start--;
        }
        String said = text.subSequence(start, end).toString();
        int user = text.subSequence(from, to).toString().equals("chpasswd") ? said.indexOf(':') + 1 : 0;
        Assignment.Value value = new Assignment.Value(start + user, end, true, false, false);
        String password = said.substring(user);
        return !password.isEmpty() && PlainValue.isSecret(password, SecretNames.Strength.PASSWORD, value, "password")
                ? List.of(new SecretMatch(SecretKind.PASSWORD, start + user, end, password))
                : List.of();
    }
}
