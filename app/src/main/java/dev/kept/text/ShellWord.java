package dev.kept.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A word of a command that a person may paste into a shell. All commands that Kept prints with a name in them use it. A
 * plain word is left unchanged; any other is put in single quotes, with backslashes and single quotes outside of them.
 * So bash, zsh and fish read the same word and evaluate nothing in it. A word with unprintable characters is written as
 * {@code $'…'}, which fish does not support. Pure.
 */
public final class ShellWord {
    private ShellWord() {}

    /** Returns a word that a shell reads as this text. */
    public static String of(String text) {
        if (isPlain(text)) {
            return text;
        }
        return TerminalText.isHarmless(text) ? quoted(text) : escaped(text);
    }

    /** Returns a word that a shell reads as this path, and that no program reads as an option. */
    public static String of(Path path) {
        String text = path.toString();
        return of(text.startsWith("-") ? "./" + text : text);
    }

    /** Returns the word for a path: {@code ~/…} if it is below the home directory and plain. */
    public static String of(Path path, Path home) {
        if (path.startsWith(home) && !path.equals(home)) {
            String below = home.relativize(path).toString();
            if (isPlain(below)) {
                return "~/" + below;
            }
        }
        return of(path);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "/._-+@:,".indexOf(c) >= 0;
            if (!plain) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static String quoted(String text) {
        StringBuilder word = new StringBuilder(text.length() + 2);
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean bare = c == '\'' || c == '\\';
            if (inside == bare) {
                word.append('\'');
                inside = !inside;
            }
            word.append(bare ? "\\" : "").append(c);
        }
        return word.append(inside || text.isEmpty() ? "'" : "")
                .insert(0, text.isEmpty() ? "'" : "")
                .toString();
    }

    /**
     * Returns a text with everything but printable ASCII as octal UTF-8 bytes, which do not depend on the shell's
     * locale.
     */
    private static String escaped(String text) {
        StringBuilder word = new StringBuilder("$'");
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            int b = each & 0xFF;
            if (b < 0x20 || b >= 0x7F) {
                word.append(String.format(Locale.ROOT, "\\%03o", b));
            } else {
                word.append(b == '\'' || b == '\\' ? "\\" : "").append((char) b);
            }
        }
        return word.append('\'').toString();
    }
}
