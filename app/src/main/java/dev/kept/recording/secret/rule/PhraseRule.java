package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Assignment;
import dev.kept.recording.secret.text.PlainValue;
import dev.kept.recording.secret.text.SecretNames;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A rule for a password after a fixed phrase: {@code IDENTIFIED BY '…'} in SQL, {@code pass:…} of openssl. */
record PhraseRule() implements SecretRule {
    @Override
    public List<String> anchors() {
        return List.of(
                "identified by ",
                "identified by password ",
                "with password ",
                "encrypted password ",
                "-passin pass:",
                "-passout pass:",
                "--passphrase ",
                "<secret>",
                "--docker-password=",
                "oracle:thin:",
                "sqlplus ");
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
        Optional<Assignment.Value> value = Assignment.there(text, to);
        if (value.isEmpty()) {
            return List.of();
        }
        int start = value.get().start();
        int end = value.get().end();
        String word = text.subSequence(from, to).toString().toLowerCase(Locale.ROOT);
        boolean login = word.equals("oracle:thin:") || word.equals("sqlplus ");
        if (login) {
            String all = text.subSequence(start, end).toString();
            int slash = all.indexOf('/');
            int host = all.indexOf('@', slash + 1);
            if (slash < 1 || host < slash + 2) {
                return List.of();
            }
            end = start + host;
            start += slash + 1;
        }
        Assignment.Value exact = new Assignment.Value(start, end, value.get().quoted() || login, false, false);
        String said = text.subSequence(start, end).toString();
        return PlainValue.isSecret(said, SecretNames.Strength.PASSWORD, exact, "password")
                ? List.of(new SecretMatch(SecretKind.PASSWORD, start, end, said))
                : List.of();
    }
}
