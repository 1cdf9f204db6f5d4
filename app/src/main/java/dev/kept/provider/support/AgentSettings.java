package dev.kept.provider.support;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A reader of the settings of agents. The files belong to others and may hold anything. Stateless and thread-safe. */
public final class AgentSettings {
    /** The longest retention time that is reported; a longer one counts as never, since no file is that old. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    private static final int MAX_BYTES = 1024 * 1024;
    private static final int SECONDS_A_DAY = 86_400;

    private AgentSettings() {}

    /**
     * Reads a JSON object, with or without comments and a byte order mark; empty if the file does not exist, is not a
     * regular file, cannot be read, is larger than a mebibyte, or holds anything else.
     */
    public static Optional<JsonObject> read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
            return bytes.length <= MAX_BYTES && JsonReader.parse(withoutComments(bytes)) instanceof JsonObject settings
                    ? Optional.of(settings)
                    : Optional.empty();
        } catch (IOException | MalformedJsonException unreadable) {
            return Optional.empty();
        }
    }

    private static String withoutComments(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        StringBuilder kept = new StringBuilder(text.length());
        boolean quoted = false;
        int at = text.startsWith("\uFEFF") ? 1 : 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!quoted && (text.startsWith("//", at) || text.startsWith("/*", at))) {
                at = endOfComment(text, at);
                kept.append(' ');
                continue;
            }
            if (quoted && c == '\\' && at + 1 < text.length()) {
                kept.append(c);
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            }
            kept.append(text.charAt(at++));
        }
        return kept.toString();
    }

    private static int endOfComment(String text, int start) {
        boolean line = text.charAt(start + 1) == '/';
        int end = text.indexOf(line ? "\n" : "*/", start + 2);
        return end < 0 ? text.length() : end + (line ? 0 : 2);
    }

    /**
     * Returns the time for which an agent keeps a session, from a member that counts days, fractions included; empty
     * for more than {@link #LONGEST}. If the member is missing, negative or not a number, {@code usual} days are used.
     */
    public static Optional<Duration> days(JsonObject settings, String name, long usual) {
        double days = usual;
        if (settings.members().get(name) instanceof JsonNumber number) {
            double value = Double.parseDouble(number.literal());
            days = value >= 0 ? value : usual;
        }
        return days > LONGEST.toDays()
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds((long) (days * SECONDS_A_DAY)));
    }

    /** Returns the given time; empty if it is longer than {@link #LONGEST}. */
    public static Optional<Duration> bounded(Duration time) {
        return time.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(time);
    }
}
