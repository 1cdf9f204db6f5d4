package dev.kept.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Sizes, counts and times in words that people read at a glance. */
public final class HumanWords {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private HumanWords() {}

    /** A size such as {@code 812 B}, {@code 9.4 MiB} or {@code 128 MiB}. */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        boolean whole = unit == 0 || value >= 100 || value == Math.rint(value);
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    /** A count with its noun, e.g. {@code 1 session} or {@code 12,345 sessions}. */
    public static String count(long count, String singular) {
        return String.format(Locale.ROOT, "%,d %s%s", count, singular, count == 1 ? "" : "s");
    }

    /** How long ago a moment was: {@code just now}, {@code 3 min ago}, {@code 2 days ago}. */
    public static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        if (age.compareTo(Duration.ofSeconds(5)) < 0) {
            return "just now";
        }
        return lasting(age) + " ago";
    }

    /** A duration in its largest unit: {@code 42 s}, {@code 3 min}, {@code 5 h}, {@code 2 days}. */
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
}
