package dev.kept.status;

import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.text.TerminalText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Formatting of sizes, counts and times for people. */
public final class HumanReadable {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private HumanReadable() {}

    /** Returns a size such as {@code 812 B}, {@code 9.4 MiB} or {@code 128 MiB}. */
    public static String bytes(long bytes) {
        long unit = 1;
        int name = 0;
        while (bytes / unit >= 1024 && name < UNITS.length - 1) {
            unit *= 1024;
            name++;
        }
        // Tenths, rounded half up. Computed by hand, because a format string costs the quick commands milliseconds.
        long tenths = (bytes / unit) * 10 + ((bytes % unit) * 10 + unit / 2) / unit;
        boolean whole = tenths >= 1000 || tenths % 10 == 0;
        String number = whole ? grouped((tenths + 5) / 10) : tenths / 10 + "." + tenths % 10;
        return number + " " + UNITS[name];
    }

    /** Returns a number with commas between thousands. */
    public static String grouped(long number) {
        StringBuilder text = new StringBuilder(Long.toString(number));
        for (int i = text.length() - 3; i > (number < 0 ? 1 : 0); i -= 3) {
            text.insert(i, ',');
        }
        return text.toString();
    }

    /** Returns a count with its noun, e.g. {@code 1 session} or {@code 12,345 sessions}. */
    public static String count(long count, String singular) {
        return grouped(count) + " " + singular + (count == 1 ? "" : "s");
    }

    /** Returns the age of a moment: {@code just now}, {@code 3 min ago}, {@code 2 days ago}. */
    public static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        if (age.compareTo(Duration.ofSeconds(5)) < 0) {
            return "just now";
        }
        return lasting(age) + " ago";
    }

    /** Returns a duration in its largest unit: {@code 42 s}, {@code 3 min}, {@code 5 h}, {@code 2 days}. */
    public static String lasting(Duration duration) {
        if (duration.toMinutes() < 1) {
            return Math.max(0, duration.toSeconds()) + " s";
        }
        if (duration.toHours() < 1) {
            return duration.toMinutes() + " min";
        }
        if (duration.toDays() < 1) {
            return duration.toHours() + " h";
        }
        return count(duration.toDays(), "day");
    }

    /** Returns the origin of a title, for people; empty if the title is what they typed first. */
    public static String titled(Optional<Origin> source) {
        return switch (source.orElse(Origin.WORDS)) {
            case PERSON -> "named by you";
            case AGENT -> "named by the agent";
            case PLAN -> "the plan’s heading";
            case COMMAND -> "the first command";
            case WORDS -> "";
        };
    }

    /** Returns foreign text made safe for a terminal: characters that would control the terminal become U+FFFD. */
    public static String harmless(String text) {
        return TerminalText.line(text);
    }
}
