package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Assignment;
import dev.kept.recording.secret.text.PlainValue;
import dev.kept.recording.secret.text.Randomness;
import dev.kept.recording.secret.text.SecretNames;
import java.util.List;
import java.util.Optional;

/**
 * A rule for a password among the arguments of a program: {@code curl -u user:…}, {@code mysql -p…}.
 *
 * @param anchors the programs
 * @param options the options before the password
 * @param form the form of the password after the option
 */
record CommandRule(List<String> anchors, List<String> options, Form form) implements SecretRule {
    private static final int LONGEST_LINE = 512;

    /** Forms of a password after its option. */
    enum Form {
        /** As a word of its own, or after {@code =}. */
        WORD,
        /** Directly after the option. */
        GLUED,
        /** After a user and a colon. */
        USER_COLON,
        /** After a user and a percent sign. */
        USER_PERCENT
    }

    /** The known programs; the options are those of their manuals. */
    static final List<SecretRule> ALL = List.of(
            new CommandRule(
                    List.of("curl ", "wget ", "httpie ", "http ", "xh ", "lftp ", "aria2c ", "curl.exe "),
                    List.of(
                            "-u",
                            "--user",
                            "--proxy-user",
                            "-U",
                            "-a",
                            "--auth",
                            "-sSu",
                            "-su",
                            "-ku",
                            "-sku",
                            "-fsSLu"),
                    Form.USER_COLON),
            new CommandRule(
                    List.of(
                            "mysql ",
                            "mysqldump ",
                            "mysqladmin ",
                            "mysqlimport ",
                            "mysqlshow ",
                            "mariadb ",
                            "mariadb-dump ",
                            "mysqlcheck ",
                            "mycli ",
                            "xtrabackup ",
                            "7z ",
                            "7za ",
                            "sshpass ",
                            "rar ",
                            "unrar "),
                    List.of("-p"),
                    Form.GLUED),
            new CommandRule(
                    List.of(
                            "sshpass ",
                            "login ",
                            "mongo ",
                            "mongosh ",
                            "mongodump ",
                            "mongorestore ",
                            "mongoexport ",
                            "mongoimport ",
                            "rdesktop "),
                    List.of("-p"),
                    Form.WORD),
            new CommandRule(
                    List.of("redis-cli ", "snmpwalk ", "snmpget "), List.of("-a", "--pass", "-A", "-X"), Form.WORD),
            new CommandRule(
                    List.of("ldapsearch ", "ldapadd ", "ldapmodify ", "ldapwhoami ", "ldapdelete ", "ldappasswd "),
                    List.of("-w", "-s"),
                    Form.WORD),
            new CommandRule(
                    List.of("sqlcmd ", "bcp ", "osql ", "zip ", "unzip ", "ipmitool ", "isql "),
                    List.of("-P"),
                    Form.WORD),
            new CommandRule(List.of("sqlcmd ", "unzip ", "zip "), List.of("-P"), Form.GLUED),
            new CommandRule(
                    List.of("smbclient ", "rpcclient ", "net rpc ", "smbget "),
                    List.of("-U", "--user"),
                    Form.USER_PERCENT),
            new CommandRule(List.of("xfreerdp ", "wfreerdp "), List.of("/p:"), Form.GLUED),
            new CommandRule(
                    List.of("openssl ", "keytool ", "jarsigner ", "pkcs12 ", "genrsa "),
                    List.of("pass:", "-storepass", "-keypass", "-srcstorepass", "-deststorepass", "-k"),
                    Form.WORD));

    CommandRule {
        anchors = List.copyOf(anchors);
        options = List.copyOf(options);
    }

    @Override
    public boolean isGeneral() {
        return true;
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        if (!SecretRule.beginsWord(text, from) || (from > 0 && "_-.".indexOf(text.charAt(from - 1)) >= 0)) {
            return List.of();
        }
        int most = Math.min(text.length(), from + LONGEST_LINE);
        for (int i = to; i < most; i++) {
            char c = text.charAt(i);
            char before = text.charAt(i - 1);
            if ((c == '\n' && before != '\\') || c == '|' || (c == 'n' && before == '\\')) {
                return List.of();
            }
            if ((c == '-' || c == '/' || c == 'p') && (before == ' ' || before == '\n' || before == '\t')) {
                List<SecretMatch> found = argument(text, i);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return List.of();
    }

    private List<SecretMatch> argument(CharSequence text, int at) {
        for (String option : options) {
            int end = at + option.length();
            if (end < text.length() && option.contentEquals(text.subSequence(at, end))) {
                char next = text.charAt(end);
                boolean glued = form == Form.GLUED || option.endsWith(":");
                boolean apart = next == ' ' || next == '=';
                if (glued ? !apart : apart || (form == Form.USER_COLON && next == '\'')) {
                    List<SecretMatch> found = value(text, end + (apart ? 1 : 0));
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
        }
        return List.of();
    }

    private List<SecretMatch> value(CharSequence text, int at) {
        Optional<Assignment.Value> value = Assignment.there(text, at);
        if (value.isEmpty()) {
            return List.of();
        }
        int start = value.get().start();
        int end = value.get().end();
        String all = text.subSequence(start, end).toString();
        int user = switch (form) {
            case WORD, GLUED -> -1;
            case USER_COLON -> all.indexOf(':');
            case USER_PERCENT -> all.indexOf('%');
        };
        boolean withUser = form == Form.USER_COLON || form == Form.USER_PERCENT;
        String said = all.substring(user + 1);
        if ((withUser && user < 0) || said.length() < 4 || (all.startsWith("$") && user < 0)) {
            return List.of();
        }
        Assignment.Value exact =
                new Assignment.Value(start + user + 1, end, value.get().quoted(), false, false);
        boolean secret = said.length() < 6
                ? Randomness.isRandom(said, 0, said.length()) && !PlainValue.isPlaceholder(said)
                : PlainValue.isSecret(said, SecretNames.Strength.PASSWORD, exact, "password")
                        || PlainValue.isSecret(said, SecretNames.Strength.TOKEN, exact, "token");
        return secret ? List.of(SecretMatch.of(SecretKind.PASSWORD, text, exact.start(), exact.end())) : List.of();
    }
}
