package dev.kept.recording.secret.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Ratings of names by how likely their values are secrets, in any naming style, by the words at the end. */
public final class SecretNames {
    /** The condition that a value next to a name must meet to count as a secret. */
    public enum Strength {
        /** No value is a secret. */
        NONE,
        /** Mixed characters, long, and no hash. */
        WEAK,
        /** Random, and no hash. */
        KEY,
        /** Random. */
        TOKEN,
        /** Nearly any value that is not known to be something else. */
        PASSWORD
    }

    private static final int LETTERS = 26;

    /** The bit that makes an upper-case letter a lower-case one. */
    private static final int SMALL = 0x20;

    /** Words that may follow without changing the meaning. */
    private static final Set<String> QUALIFIERS =
            set("prod production dev development test testing live staging stage sandbox qa local value "
                    + "val string str text plain plaintext raw cleartext clear old new current previous primary "
                    + "secondary default main env b base hex v us eu literal const");

    private static final Set<String> NO_PASSWORDS =
            Set.of("bypass", "compass", "trespass", "surpass", "encompass", "overpass", "underpass", "multipass");

    private static final Set<String> NO_TOKENS =
            set("next page continuation continue cancellation cancel pagination eos bos pad unk cls sep "
                    + "mask stop start end special csrf xsrf design color last first per each input output max "
                    + "min total lexer parser image skip marker cursor word sub reserved usage");

    private static final Set<String> STRONG_KEYS =
            set("api apis secret access auth private priv encryption encrypt decryption signing sign "
                    + "signature master license licence account storage subscription consumer app application "
                    + "service shared integration role hmac crypto cipher aes jwt deploy admin webhook ingest "
                    + "ingestion write server session security fernet rest sdk unseal recovery root bot user "
                    + "developer dev agent stream preshared psk channel wallet validation authorization "
                    + "functions tenant");

    private static final Set<String> NO_KEYS =
            set("public pub primary foreign partition sort cache idempotency row hot unique natural "
                    + "composite object i18n translation map dict publishable site react group lookup index "
                    + "range hash shard routing json column field state query item tab menu section node data "
                    + "record issue host known label message event dedup deduplication lock bucket registry mon "
                    + "tur don whis hoc joc short arrow on parent property config setting meta metadata tag "
                    + "attribute param parameter dictionary build commit content fingerprint checksum digest "
                    + "gpg pgp s file path block span trace request metric");

    /** The endings of the last words of names of secrets. */
    private static final List<String> ENDINGS =
            list("word wd cred phrase code signature wort pass pw token secret credential credentials "
                    + "creds pat key auth access api bearer session jwt sig");

    /** The endings, with what may follow them, by their last letter. */
    private static final String[][] BY_LETTER = byLetter();

    private SecretNames() {}

    private static List<String> list(String words) {
        return List.of(words.split(" "));
    }

    private static Set<String> set(String words) {
        return Set.copyOf(list(words));
    }

    private static String[][] byLetter() {
        List<List<String>> lists = new ArrayList<>();
        for (int i = 0; i < LETTERS; i++) {
            lists.add(new ArrayList<>());
        }
        Stream.concat(ENDINGS.stream(), QUALIFIERS.stream().sorted())
                .forEach(word -> lists.get(word.charAt(word.length() - 1) - 'a').add(word));
        return lists.stream().map(list -> list.toArray(String[]::new)).toArray(String[][]::new);
    }

    /**
     * Reports whether {@link #of} may give a strength; false for most names of which it gives none. A check that
     * allocates nothing.
     */
    public static boolean mayBeOne(CharSequence text, int start, int end) {
        int last = end;
        while (last > start && !Alphabet.LETTERS.has(text.charAt(last - 1))) {
            last--;
        }
        if (last == start) {
            return false;
        }
        for (String ending : BY_LETTER[(text.charAt(last - 1) | SMALL) - 'a']) {
            if (endsWith(text, start, last, ending)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWith(CharSequence text, int start, int end, String word) {
        int length = word.length();
        if (end - start < length) {
            return false;
        }
        for (int i = 1; i <= length; i++) {
            if ((text.charAt(end - i) | SMALL) != word.charAt(length - i)) {
                return false;
            }
        }
        return true;
    }

    public static Strength of(String name) {
        List<String> words = words(name);
        while (!words.isEmpty() && QUALIFIERS.contains(words.getLast())) {
            words.removeLast();
        }
        if (words.isEmpty()) {
            return Strength.NONE;
        }
        String last = words.getLast();
        String before = words.size() > 1 ? words.get(words.size() - 2) : "";
        if (last.equals("phrase") || last.equals("word") || last.equals("code")) {
            return before.equals("pass") ? Strength.PASSWORD : Strength.NONE;
        }
        if (isPassword(last)) {
            return Strength.PASSWORD;
        }
        if (last.endsWith("token")) {
            String of = last.equals("token") ? before : last.substring(0, last.length() - 5);
            return NO_TOKENS.contains(of) ? Strength.NONE : Strength.TOKEN;
        }
        if (last.endsWith("secret")
                || last.endsWith("credential")
                || last.endsWith("credentials")
                || last.equals("creds")
                || last.equals("cred")
                || (last.equals("pat") && isUpper(name))) {
            return Strength.TOKEN;
        }
        if (last.endsWith("key")) {
            return ofKey(last.equals("key") ? before : last.substring(0, last.length() - 3), name);
        }
        return switch (last) {
            case "auth", "access", "api", "bearer", "session", "jwt" -> Strength.WEAK;
            case "sig", "signature" -> name.startsWith("X-Amz") || last.equals("sig") ? Strength.TOKEN : Strength.NONE;
            default -> Strength.NONE;
        };
    }

    private static boolean isPassword(String last) {
        return last.endsWith("password")
                || last.endsWith("passwd")
                || last.endsWith("passphrase")
                || last.endsWith("passwort")
                || last.endsWith("passcode")
                || last.endsWith("pwd")
                || last.equals("pw")
                || last.equals("pswd")
                || (last.endsWith("pass") && last.length() <= 12 && !NO_PASSWORDS.contains(last));
    }

    private static Strength ofKey(String of, String name) {
        if (of.isEmpty()) {
            return Strength.WEAK;
        }
        if (NO_KEYS.contains(of)) {
            return Strength.NONE;
        }
        boolean strong =
                STRONG_KEYS.contains(of) || of.endsWith("api") || of.endsWith("secret") || of.endsWith("access");
        return strong || isUpper(name) ? Strength.TOKEN : Strength.KEY;
    }

    private static boolean isUpper(String name) {
        return name.equals(name.toUpperCase(Locale.ROOT));
    }

    /** Returns the words of a name in lower case, divided at separators, numbers and capitals. */
    private static List<String> words(String name) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            boolean letter = i < name.length() && Alphabet.LETTERS.has(name.charAt(i));
            boolean hump = letter
                    && i > start
                    && isBig(name.charAt(i))
                    && (!isBig(name.charAt(i - 1))
                            || (i + 1 < name.length()
                                    && Alphabet.LETTERS.has(name.charAt(i + 1))
                                    && !isBig(name.charAt(i + 1))));
            if (!letter || hump) {
                if (i > start) {
                    words.add(name.substring(start, i).toLowerCase(Locale.ROOT));
                }
                start = hump ? i : i + 1;
            }
        }
        return words;
    }

    private static boolean isBig(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
