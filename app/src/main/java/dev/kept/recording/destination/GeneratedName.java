package dev.kept.recording.destination;

import dev.kept.recording.writer.RecordingFormat;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What a file name is made of when a person named none: {@code {date}-{slug}-{shortId}}.
 *
 * @param date the day in the person's time zone
 * @param title the session's title, or its snippet; may be empty
 * @param shortId enough of the session's id to tell it from others
 */
public record GeneratedName(LocalDate date, String title, String shortId) {
    /** The longest slug. */
    public static final int MAX_SLUG = 60;

    /** Letters that Unicode does not take apart into an ASCII letter and a mark. */
    private static final Map<Integer, String> WITHOUT_DECOMPOSITION = Map.of(
            (int) 'ß', "ss", (int) 'æ', "ae", (int) 'œ', "oe", (int) 'ø', "o", (int) 'đ', "d", (int) 'ł', "l",
            (int) 'ð', "d", (int) 'þ', "th", (int) 'ı', "i");

    public GeneratedName {
        Objects.requireNonNull(date, "date");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(shortId, "shortId");
    }

    /** The file's name: ASCII letters, digits and {@code -}, then the format's suffix. */
    public String fileName(RecordingFormat format) {
        StringBuilder name = new StringBuilder(date.toString());
        for (String part : new String[] {slug(title), slug(shortId)}) {
            if (!part.isEmpty()) {
                name.append('-').append(part);
            }
        }
        return name.append(format.suffix()).toString();
    }

    /** A text as lower-case ASCII words with {@code -} between them, at most {@link #MAX_SLUG} characters; may be empty. */
    static String slug(String text) {
        StringBuilder slug = new StringBuilder();
        // A title is short; whatever is passed, only a beginning is needed.
        String start = text.substring(0, Math.min(text.length(), 4 * MAX_SLUG));
        String letters = Normalizer.normalize(start.toLowerCase(Locale.ROOT), Normalizer.Form.NFKD);
        letters.codePoints().forEach(c -> {
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                slug.append((char) c);
            } else if (WITHOUT_DECOMPOSITION.containsKey(c)) {
                slug.append(WITHOUT_DECOMPOSITION.get(c));
            } else if (Character.getType(c) != Character.NON_SPACING_MARK
                    && c != '\''
                    && c != '’'
                    && !slug.isEmpty()
                    && slug.charAt(slug.length() - 1) != '-') {
                slug.append('-');
            }
        });
        if (slug.length() > MAX_SLUG) {
            int lastWord = slug.lastIndexOf("-", MAX_SLUG);
            slug.setLength(lastWord > MAX_SLUG / 2 ? lastWord : MAX_SLUG);
        }
        while (!slug.isEmpty() && slug.charAt(slug.length() - 1) == '-') {
            slug.setLength(slug.length() - 1);
        }
        return slug.toString();
    }
}
