package dev.kept.recording.destination;

import dev.kept.config.FileNameTemplate;
import dev.kept.config.FileNameTemplate.Placeholder;
import dev.kept.config.RecordingSettings;
import dev.kept.model.SessionKey;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.text.Graphemes;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The name of the file when a person named none.
 *
 * @param template the pattern of the name
 * @param directory its folder if the person named no directory either; empty for the usual one
 * @param values the values of the template's placeholders: letters and digits of any script, and {@code -}
 */
public record GeneratedName(FileNameTemplate template, Optional<Path> directory, Map<Placeholder, String> values) {
    private static final int SHORT_ID = 8;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmm", Locale.ROOT);

    /** The longest slug, in characters. */
    public static final int MAX_SLUG = 60;

    /** Invisible letters and marks: fillers and variation selectors. Format characters are not among them. */
    private static final String INVISIBLE =
            "[\\x{34F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}\\x{FE00}-\\x{FE0F}\\x{E0100}-\\x{E01EF}]";

    /** Characters between letters that separate no words: joiners, soft hyphens, apostrophes. */
    private static final String NO_BREAK = "\u00AD\u200C\u200D\u2060'’";

    /** Letters that Unicode does not decompose into an ASCII letter and a mark. */
    private static final Map<Integer, String> WITHOUT_DECOMPOSITION = Map.of(
            (int) 'ß', "ss", (int) 'æ', "ae", (int) 'œ', "oe", (int) 'ø', "o", (int) 'đ', "d", (int) 'ł', "l",
            (int) 'ð', "d", (int) 'þ', "th", (int) 'ı', "i");

    public GeneratedName {
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(directory, "directory");
        values = Map.copyOf(values);
    }

    /**
     * Returns the name for a session.
     *
     * @param begun the beginning of the conversation
     * @param title the session's title, or its snippet; may be empty
     * @param workingDirectory that of the session, if it is known
     */
    public static GeneratedName of(
            RecordingSettings settings,
            Instant begun,
            String title,
            SessionKey session,
            Optional<Path> workingDirectory) {
        ZonedDateTime at = begun.atZone(settings.timeZone());
        String id = session.sessionId();
        Map<Placeholder, String> values = new EnumMap<>(Placeholder.class);
        values.put(Placeholder.DATE, at.toLocalDate().toString());
        values.put(Placeholder.TIME, TIME.format(at));
        values.put(Placeholder.SLUG, slug(title));
        values.put(Placeholder.ID, slug(id.substring(0, Math.min(SHORT_ID, id.length()))));
        values.put(Placeholder.PROVIDER, slug(session.provider()));
        values.put(
                Placeholder.PROJECT,
                slug(workingDirectory.map(RecordingFormat::fileName).orElse("")));
        return new GeneratedName(settings.fileName(), settings.directory(), values);
    }

    /** Returns the file's name. */
    public String fileName(RecordingFormat format) {
        return template.fill(values) + format.suffix();
    }

    /**
     * Returns a text as lower-case words with {@code -} between them, at most {@link #MAX_SLUG} characters, in NFC; may
     * be empty. Latin letters lose their accents; the letters of other scripts stay as they are.
     */
    static String slug(String text) {
        StringBuilder slug = new StringBuilder();
        // A title is short; of anything else only the beginning is needed.
        String start = text.substring(0, Math.min(text.length(), 4 * MAX_SLUG));
        String letters = Normalizer.normalize(start, Normalizer.Form.NFKC)
                .replaceAll(INVISIBLE, "")
                .toLowerCase(Locale.ROOT);
        letters.codePoints().forEach(c -> addTo(slug, c));
        String words = shortened(Normalizer.normalize(slug, Normalizer.Form.NFC));
        return words.endsWith("-") ? words.substring(0, words.length() - 1) : words;
    }

    private static void addTo(StringBuilder slug, int c) {
        if (WITHOUT_DECOMPOSITION.containsKey(c)) {
            slug.append(WITHOUT_DECOMPOSITION.get(c));
        } else if (Character.isLetterOrDigit(c)) {
            int base = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD)
                    .codePointAt(0);
            slug.appendCodePoint(isAscii(base) ? base : c);
        } else if (isMark(c)) {
            // The accents left of a Latin letter go; a mark of another script is half of its letter.
            boolean belongs = !slug.isEmpty() && !isAscii(slug.codePointBefore(slug.length()));
            slug.append(belongs ? Character.toString(c) : "");
        } else if (NO_BREAK.indexOf(c) < 0 && !slug.isEmpty() && slug.charAt(slug.length() - 1) != '-') {
            slug.append('-');
        }
    }

    private static boolean isAscii(int c) {
        return c < 0x80;
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static String shortened(String slug) {
        if (slug.length() <= MAX_SLUG) {
            return slug;
        }
        int lastWord = slug.lastIndexOf("-", MAX_SLUG);
        if (lastWord > MAX_SLUG / 2) {
            return slug.substring(0, lastWord);
        }
        String cut = Graphemes.beginning(slug, 4 * MAX_SLUG);
        while (cut.length() > MAX_SLUG) {
            cut = Graphemes.beginning(cut, Graphemes.bytes(cut) - 1);
        }
        return cut;
    }
}
