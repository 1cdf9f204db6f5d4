package dev.kept.recording.destination;

import dev.kept.config.FileNameTemplate;
import dev.kept.config.FileNameTemplate.Placeholder;
import dev.kept.config.RecordingSettings;
import dev.kept.model.SessionKey;
import dev.kept.recording.writer.RecordingFormat;
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
 * The file that is meant when a person named none.
 *
 * @param template how it is named
 * @param directory where it goes if the person named no directory either; empty for the usual one
 * @param values what the template's placeholders stand for: ASCII letters, digits and {@code -}
 */
public record GeneratedName(FileNameTemplate template, Optional<Path> directory, Map<Placeholder, String> values) {
    private static final int SHORT_ID = 8;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmm", Locale.ROOT);

    /** The longest slug. */
    public static final int MAX_SLUG = 60;

    /** Letters that Unicode does not take apart into an ASCII letter and a mark. */
    private static final Map<Integer, String> WITHOUT_DECOMPOSITION = Map.of(
            (int) 'ß', "ss", (int) 'æ', "ae", (int) 'œ', "oe", (int) 'ø', "o", (int) 'đ', "d", (int) 'ł', "l",
            (int) 'ð', "d", (int) 'þ', "th", (int) 'ı', "i");

    public GeneratedName {
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(directory, "directory");
        values = Map.copyOf(values);
    }

    /**
     * The file for a session.
     *
     * @param begun when the conversation began
     * @param title the session's title, or its snippet; may be empty
     * @param workingDirectory where it works, where that is known
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

    /** The file's name. */
    public String fileName(RecordingFormat format) {
        return template.fill(values) + format.suffix();
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
