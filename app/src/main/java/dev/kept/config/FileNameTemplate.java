package dev.kept.config;

import dev.kept.text.Graphemes;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A template for the names of generated files: text with placeholders, e.g. {@code {date}-{slug}}. It can only name one
 * file directly in the directory that it is used for: it contains no separator, and does not begin with a dot.
 *
 * @param text as written, without the suffix
 */
public record FileNameTemplate(String text) {
    /** The default template. */
    public static final FileNameTemplate STANDARD = new FileNameTemplate("{date}-{slug}-{id}");

    /** The longest name that is generated, in bytes, without its suffix: with {@code .assets} behind it, it has 120. */
    public static final int MAX_NAME = 113;

    private static final int MAX_TEMPLATE = 80;

    /** A name that may appear in braces. */
    public enum Placeholder {
        /** The day the conversation began, {@code 2026-03-01}. */
        DATE,
        /** The time of day it began, {@code 1542}. */
        TIME,
        /** The title or the first words as {@code lower-case-words}. */
        SLUG,
        /** The beginning of the session's id. */
        ID,
        /** The agent's short name. */
        PROVIDER,
        /** The last folder of the session's working directory. */
        PROJECT;

        private final String written = "{" + name().toLowerCase(Locale.ROOT) + "}";
    }

    /** @throws IllegalArgumentException with the fault of the template and, after a semicolon, its remedy */
    public FileNameTemplate {
        if (text.isBlank() || text.length() > MAX_TEMPLATE) {
            throw new IllegalArgumentException("a file name has 1 to " + MAX_TEMPLATE + " characters; shorten it");
        }
        String rest = text;
        for (Placeholder placeholder : Placeholder.values()) {
            rest = rest.replace(placeholder.written, "");
        }
        int open = rest.indexOf('{');
        if (open >= 0 || rest.indexOf('}') >= 0) {
            int close = open < 0 ? -1 : rest.indexOf('}', open);
            String unknown = open < 0 || close < 0 ? rest : rest.substring(open + 1, close);
            List<String> known = Arrays.stream(Placeholder.values())
                    .map(each -> each.name().toLowerCase(Locale.ROOT))
                    .toList();
            throw new IllegalArgumentException("there is no placeholder {" + unknown + "}; "
                    + Nearest.to(unknown, known)
                            .map(meant -> "did you mean {" + meant + "}?")
                            .orElse("there are "
                                    + known.stream()
                                            .map(each -> "{" + each + "}")
                                            .collect(Collectors.joining(", "))));
        }
        if (!rest.chars().allMatch(FileNameTemplate::isHarmless) || text.startsWith(".") || text.startsWith("-")) {
            throw new IllegalArgumentException(
                    "a file name is made of letters, digits, blanks and _ - . + , ( ) beside its placeholders, and begins"
                            + " with neither . nor -; the directory is a key of its own: recordings.directory");
        }
    }

    private static boolean isHarmless(int c) {
        return Character.isLetterOrDigit(c) || " _-.+,()".indexOf(c) >= 0;
    }

    /**
     * Returns the name without its suffix. Values are expected to be safe; if one is empty, the separator before it is
     * dropped too. A name that would be too long loses the end of its slug, then its own end, never part of a grapheme.
     */
    public String fill(Map<Placeholder, String> values) {
        String name = filled(values);
        String slug = values.getOrDefault(Placeholder.SLUG, "");
        int excess = Graphemes.bytes(name) - MAX_NAME;
        if (excess > 0 && !slug.isEmpty()) {
            Map<Placeholder, String> shorter = new EnumMap<>(values);
            shorter.put(Placeholder.SLUG, withoutEnd(Graphemes.beginning(slug, Graphemes.bytes(slug) - excess)));
            name = filled(shorter);
        }
        name = withoutEnd(Graphemes.beginning(name, MAX_NAME));
        return name.isEmpty() ? values.getOrDefault(Placeholder.ID, "recording") : name;
    }

    private String filled(Map<Placeholder, String> values) {
        String name = text;
        for (Placeholder placeholder : Placeholder.values()) {
            String value = values.getOrDefault(placeholder, "");
            if (value.isEmpty()) {
                name = name.replaceAll("[ _-]?" + java.util.regex.Pattern.quote(placeholder.written), "");
            } else {
                name = name.replace(placeholder.written, value);
            }
        }
        return withoutEnd(name.replaceAll("^[ ._-]+", "").strip());
    }

    private static String withoutEnd(String name) {
        return name.replaceAll("[ ._-]+$", "");
    }
}
