package dev.kept.provider.support;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A parser of the timestamps that agents write. Nearly all are UTC with a fraction ({@code 2026-03-01T09:00:00.123Z})
 * and are parsed directly, since {@link Instant#parse} took an eighth of the time of reading a session. It parses all
 * other texts.
 */
public final class RecordTime {
    private static final int SECONDS_END = 19;
    private static final int MAX_FRACTION = 9;
    private static final long SECONDS_A_DAY = 24L * 60 * 60;

    private RecordTime() {}

    /** Returns the time of a timestamp; empty if the text is not one. */
    public static Optional<Instant> of(String text) {
        try {
            return Optional.of(isUsual(text) ? usual(text) : Instant.parse(text));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    private static boolean isUsual(String text) {
        int length = text.length();
        if (length < SECONDS_END + 1 || length > SECONDS_END + 2 + MAX_FRACTION || text.charAt(length - 1) != 'Z') {
            return false;
        }
        for (int i = 0; i < length - 1; i++) {
            char expected = separator(i);
            char actual = text.charAt(i);
            if (expected == '0' ? actual < '0' || actual > '9' : actual != expected) {
                return false;
            }
        }
        // Left to Instant.parse: a dot without digits, hours after the 23rd, leap seconds.
        return length != SECONDS_END + 2
                && number(text, 11, 13) < 24
                && number(text, 14, 16) < 60
                && number(text, 17, 19) < 60;
    }

    private static char separator(int at) {
        return switch (at) {
            case 4, 7 -> '-';
            case 10 -> 'T';
            case 13, 16 -> ':';
            case SECONDS_END -> '.';
            default -> '0';
        };
    }

    private static Instant usual(String text) {
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        long second = number(text, 11, 13) * 3600L + number(text, 14, 16) * 60L + number(text, 17, 19);
        int nano = 0;
        for (int i = 0; i < MAX_FRACTION; i++) {
            int at = SECONDS_END + 1 + i;
            nano = nano * 10 + (at < text.length() - 1 ? text.charAt(at) - '0' : 0);
        }
        return Instant.ofEpochSecond(day * SECONDS_A_DAY + second, nano);
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
