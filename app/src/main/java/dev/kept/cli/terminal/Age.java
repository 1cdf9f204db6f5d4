package dev.kept.cli.terminal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A parser of times as people type them: {@code 90d}, {@code 12h}, {@code 2w}, or a day such as {@code 2026-01-31}. */
public final class Age {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})\\s*(m|min|h|d|w|y)");

    private Age() {}

    /** Returns the moment that long ago, or the beginning of that day in the local time zone. */
    public static Instant before(String typed, Instant now) throws UsageException {
        Matcher span = SPAN.matcher(typed.strip());
        if (span.matches()) {
            return now.minus(
                    Duration.ofMinutes(Math.multiplyExact(Long.parseLong(span.group(1)), minutes(span.group(2)))));
        }
        try {
            return LocalDate.parse(typed.strip())
                    .atStartOfDay(ZoneId.systemDefault())
                    .toInstant();
        } catch (DateTimeException noDay) {
            throw new UsageException(
                    "“" + typed + "” is no time; write 30m, 12h, 2d, 3w, 1y, or a day such as 2026-01-31");
        }
    }

    private static long minutes(String unit) {
        return switch (unit) {
            case "h" -> 60;
            case "d" -> 24 * 60;
            case "w" -> 7 * 24 * 60;
            case "y" -> 365 * 24 * 60;
            default -> 1;
        };
    }
}
