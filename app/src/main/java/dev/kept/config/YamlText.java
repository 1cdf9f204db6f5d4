package dev.kept.config;

import dev.kept.text.TerminalText;
import java.util.regex.Pattern;

/** Writes text so that YAML reads it back as the same text. */
final class YamlText {
    private static final Pattern PLAIN = Pattern.compile("[/~][\\p{IsAlphabetic}\\p{IsDigit}/._@+-]*");

    private YamlText() {}

    static String of(String text) {
        if (PLAIN.matcher(text).matches()) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (!Character.isSurrogate(c) && TerminalText.drives(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
