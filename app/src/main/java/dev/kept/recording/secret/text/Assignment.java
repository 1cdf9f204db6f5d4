package dev.kept.recording.secret.text;

import java.util.Optional;

/**
 * Parser for the value that a name is set to: in code of many languages, in configuration, on a command line, in an
 * address, in a table. Inspects a bounded part of the text after the name.
 *
 * <p>One type although it is long: it parses from left to right, in steps that share the position and what was seen on
 * the way. Each step knows one way to write the same thing.
 */
public final class Assignment {
    /** The longest value, in characters. */
    public static final int LONGEST = 2048;

    private static final int LONGEST_GAP = 40;
    private static final Alphabet GAP = Alphabet.of(" \t");
    private static final Alphabet WORD = Alphabet.of("0-9A-Za-z_");
    private static final Alphabet TYPE = Alphabet.of("0-9A-Za-z_&<>[]?.|*, '");
    private static final Alphabet WRAPPER = Alphabet.of("A-Za-z_:. ");
    private static final Alphabet SET = Alphabet.of("=!@#$%^&*+");
    private static final String FOLLOWING = "-=:!+?|<>,(\n\r\\\"'`]*)&%\u001b$@#^~";
    private static final String QUOTES = "\"'`";

    private final CharSequence text;
    private final int nameStart;
    private int at;
    private boolean named;
    private boolean loose;
    private boolean code;
    private boolean quotedOnly;

    private Assignment(CharSequence text, int nameStart, int nameEnd) {
        this.text = text;
        this.nameStart = nameStart;
        this.at = nameEnd;
    }

    /**
     * A value.
     *
     * @param quoted whether it is in quotes
     * @param loose whether there is little evidence that it is a value at all
     * @param code whether it may just as well be an expression of a language
     */
    public record Value(int start, int end, boolean quoted, boolean loose, boolean code) {}

    /** Returns the value of the name between two indexes. */
    public static Optional<Value> of(CharSequence text, int nameStart, int nameEnd) {
        boolean partOfName = nameStart > 1
                && text.charAt(nameStart - 1) == ':'
                && nameEnd < text.length()
                && text.charAt(nameEnd) == ':'
                && Alphabet.ALNUM.has(text.charAt(nameStart - 2));
        if (partOfName || !mayFollow(text, nameEnd)) {
            return Optional.empty();
        }
        Assignment assignment = new Assignment(text, nameStart, nameEnd);
        return assignment.skipOperator() ? assignment.value() : Optional.empty();
    }

    /**
     * Reports whether a value may follow; false for what follows names in sentences. A check that allocates nothing.
     */
    private static boolean mayFollow(CharSequence text, int nameEnd) {
        int at = Math.min(GAP.run(text, nameEnd, LONGEST_GAP), nameEnd + LONGEST_GAP);
        if (at >= text.length()) {
            return false;
        }
        if (at == nameEnd || !WORD.has(text.charAt(at))) {
            return FOLLOWING.indexOf(text.charAt(at)) >= 0;
        }
        int word = WORD.run(text, at, LONGEST_GAP);
        if (SET.has(text.charAt(Math.min(word, text.length() - 1)))) {
            return true;
        }
        boolean spoken = (word - at == 2 && text.charAt(at) == 'i') || (word - at == 3 && text.charAt(at) == 'w');
        boolean typed = word + 1 < text.length() && text.charAt(word) == ' ' && text.charAt(word + 1) == '=';
        return spoken || typed || hasDigit(text, at);
    }

    /** Reports whether there is a digit among the next characters that are no gap. */
    private static boolean hasDigit(CharSequence text, int from) {
        for (int i = from; i < Math.min(text.length(), from + 64) && text.charAt(i) > ' '; i++) {
            if (Alphabet.DIGITS.has(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** Reads the value at this position, in quotes or not. */
    public static Optional<Value> there(CharSequence text, int at) {
        return new Assignment(text, at, GAP.run(text, at, LONGEST_GAP)).value();
    }

    private char peek(int ahead) {
        int index = at + ahead;
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private boolean skip(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (peek(i) != word.charAt(i)) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    private boolean skipGap() {
        int before = at;
        at = Math.min(GAP.run(text, at, LONGEST_GAP), at + LONGEST_GAP);
        return at > before;
    }

    private void skipColours() {
        while (peek(0) == '\u001b' && peek(1) == '[') {
            int end = at + 2;
            while (end < text.length() && end < at + 20 && "0123456789;".indexOf(text.charAt(end)) >= 0) {
                end++;
            }
            at = Math.min(text.length(), end + 1);
        }
    }

    /** Moves past one quote, with the backslashes before it; returns false if there is none. */
    private boolean skipQuote() {
        int end = at;
        while (end < text.length() && end < at + 8 && text.charAt(end) == '\\') {
            end++;
        }
        if (end < text.length() && QUOTES.indexOf(text.charAt(end)) >= 0) {
            at = end + 1;
            return true;
        }
        return skip("&quot;") || skip("&#34;") || skip("%22");
    }

    private void skipEndOfName() {
        for (int i = 0; i < 6; i++) {
            skipColours();
            if (skipQuote()) {
                named = true;
            } else if (peek(0) == ']' || peek(0) == '*' || peek(0) == '?' || (named && peek(0) == ')')) {
                at++;
            } else {
                return;
            }
        }
    }

    private boolean skipOperator() {
        skipEndOfName();
        boolean gap = skipGap();
        skipColours();
        char c = peek(0);
        if (skip("%3D") || skip("%3d") || skip("\\u003d") || skip("&#61;")) {
            return true;
        }
        return switch (c) {
            case '=' -> skipEquals(gap);
            case ':' -> skipColon(gap);
            case '!', '+', '?', '|' -> skipRareOperator();
            case '<' -> !named && skip("</key>") && skipTo("<string>");
            case '>' -> skipEndOfTag();
            case ',' -> skipComma();
            case '(' -> skipParenthesis();
            case '\n', '\r', '\\' -> skipLineEnd();
            default -> gap && skipSpace();
        };
    }

    private boolean skipEquals(boolean gap) {
        code = gap;
        while (peek(0) == '=' || peek(0) == '>' || peek(0) == '~') {
            at++;
        }
        return true;
    }

    private boolean skipEndOfTag() {
        at++;
        return peek(0) != '@' && (named || (nameStart > 0 && "<:".indexOf(text.charAt(nameStart - 1)) >= 0));
    }

    private boolean skipParenthesis() {
        at++;
        quotedOnly = true;
        return true;
    }

    private boolean skipColon(boolean gap) {
        at++;
        if (peek(0) == ':') {
            return false;
        }
        code = gap || GAP.has(peek(0));
        if (peek(0) == '=' || peek(0) == '-') {
            at++;
            return true;
        }
        int back = at;
        int type = TYPE.run(text, at, LONGEST_GAP);
        if (type > at && type < text.length() && text.charAt(type) == '=' && type - at <= LONGEST_GAP) {
            at = type + 1;
            skipGap();
            int literal = at;
            if (skipPrefix() && skipQuote()) {
                at = literal;
                return true;
            }
        }
        at = back;
        return true;
    }

    private boolean skipRareOperator() {
        for (String operator : new String[] {"||=", "||", "??=", "??", "?=", "?:", "+=", "!==", "!="}) {
            if (skip(operator)) {
                loose = true;
                code = true;
                quotedOnly = !operator.endsWith("=");
                return true;
            }
        }
        if (peek(0) == '|') {
            // A cell of a table.
            at++;
            loose = true;
            return true;
        }
        return false;
    }

    private boolean skipComma() {
        at++;
        if (!named) {
            return false;
        }
        skipGap();
        int back = at;
        if (skipQuote() && skip("value") && skipQuote()) {
            skipGap();
            if (peek(0) == ':') {
                at++;
                return true;
            }
        }
        at = back;
        loose = true;
        quotedOnly = true;
        return true;
    }

    /** Reads a value on the next line: of a form, or of a list of names and values. */
    private boolean skipLineEnd() {
        int lines = 0;
        while (skip("\n") || skip("\r\n") || skip("\\n") || skip("\\r\\n")) {
            lines++;
        }
        if (lines == 2 && named) {
            return true;
        }
        skipGap();
        return lines == 1 && (skip("value:") || skip("<string>") || skip("<value>"));
    }

    private boolean skipTo(String word) {
        while (peek(0) == '\n' || GAP.has(peek(0))) {
            at++;
        }
        return skip(word);
    }

    private boolean skipSpace() {
        if (skip("value=") || skip("content=")) {
            return true;
        }
        if (QUOTES.indexOf(peek(0)) >= 0 && !named) {
            loose = true;
            return true;
        }
        if (skip("is ") || skip("was ") || skip("is: ") || skip("is now ")) {
            loose = true;
            return true;
        }
        if (NearbyText.isOption(text, nameStart) || NearbyText.isSetByWords(text, nameStart)) {
            loose = !NearbyText.isLogin(text, nameStart) && !skip("--body ") && !skip("--value ") && !skip("-b ");
            return true;
        }
        // A type between the name and the sign, as in Go.
        int word = WORD.run(text, at, LONGEST_GAP);
        int back = at;
        at = word;
        if (word > back && skipGap() && peek(0) == '=') {
            at++;
            quotedOnly = true;
            return true;
        }
        return false;
    }

    /**
     * Moves past the prefix letter of a string, as in {@code b"…"} or {@code @"…"}; returns whether a quote may follow.
     */
    private boolean skipPrefix() {
        for (int length = 0; length <= 2; length++) {
            int end = at + length;
            if (end < text.length() && (QUOTES.indexOf(text.charAt(end)) >= 0 || text.charAt(end) == '\\')) {
                at = end;
                return true;
            }
            if (end >= text.length()
                    || !(Alphabet.ALNUM.has(text.charAt(end)) || "@$".indexOf(text.charAt(end)) >= 0)) {
                return false;
            }
        }
        return false;
    }

    private Optional<Value> value() {
        skipGap();
        skipColours();
        while (peek(0) == '*' && peek(1) == '*') {
            at += 2;
            skipGap();
        }
        if (!quotedOnly && (peek(0) == '|' || peek(0) == '>') && skipBlock()) {
            return unquoted();
        }
        int back = at;
        if (skipPrefix() && skipQuote()) {
            Optional<Value> quoted = quoted(back);
            return quoted.isPresent() || quotedOnly ? quoted : unquoted();
        }
        at = back;
        if (skipQuote()) {
            return unquoted();
        }
        int call = WRAPPER.run(text, at, LONGEST_GAP);
        if (call > at
                && call + 1 < text.length()
                && text.charAt(call) == '('
                && QUOTES.indexOf(text.charAt(call + 1)) >= 0) {
            at = call + 1;
            loose = true;
            skipQuote();
            return quoted(call + 1);
        }
        return quotedOnly ? Optional.empty() : unquoted();
    }

    /** Moves past the sign of a YAML block and the end of its line. */
    private boolean skipBlock() {
        int back = at;
        at++;
        if (peek(0) == '-' || peek(0) == '+') {
            at++;
        }
        if (skip("\n") || skip("\r\n") || skip("\\n")) {
            skipGap();
            return true;
        }
        at = back;
        return false;
    }

    /** Reads up to the same quote with as many backslashes. */
    private Optional<Value> quoted(int open) {
        int start = at;
        char quote = text.charAt(start - 1);
        int backslashes = 0;
        for (int i = start - 2; i >= open && text.charAt(i) == '\\'; i--) {
            backslashes++;
        }
        if (QUOTES.indexOf(quote) < 0) {
            return Optional.empty();
        }
        int run = 0;
        int most = Math.min(text.length(), start + LONGEST);
        for (int i = start; i < most; i++) {
            char c = text.charAt(i);
            if (c == quote && run <= backslashes && (run == backslashes || run % 2 == 0)) {
                int end = i - run;
                return end > start ? Optional.of(new Value(start, end, true, loose, false)) : Optional.empty();
            }
            if (c == '\n') {
                return Optional.empty();
            }
            run = c == '\\' ? run + 1 : 0;
        }
        return Optional.empty();
    }

    private Optional<Value> unquoted() {
        int start = at;
        int most = Math.min(text.length(), start + LONGEST);
        int open = 0;
        int end = start;
        for (; end < most; end++) {
            char c = text.charAt(end);
            if (c <= ' ' || c == '"' || c == '\'' || c == '`' || c == '<' || c == '>' || c == ';' || c == '│') {
                break;
            }
            if ((c == ',' || c == '|' || c == ':')
                    && (end + 1 == most || text.charAt(end + 1) <= ' ' || endsItem(end + 1))) {
                break;
            }
            if (c == '&' && endsItem(end + 1)) {
                break;
            }
            if (c == '\\' && end + 1 < text.length() && "nrtu\"'\\".indexOf(text.charAt(end + 1)) >= 0) {
                break;
            }
            open += "([{".indexOf(c) >= 0 ? 1 : 0;
            if (")]}".indexOf(c) >= 0 && --open < 0) {
                break;
            }
        }
        while (end > start && ".,*".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return end > start ? Optional.of(new Value(start, end, false, loose, code)) : Optional.empty();
    }

    /** Reports whether the next pair of name and value, or an entity, begins at the index. */
    private boolean endsItem(int from) {
        int end = Alphabet.BASE64_URL.run(text, from, 32);
        return end > from && end < text.length() && "=;".indexOf(text.charAt(end)) >= 0;
    }
}
