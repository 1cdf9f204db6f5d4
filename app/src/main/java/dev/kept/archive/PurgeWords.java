package dev.kept.archive;

import dev.kept.archive.PurgeOutlook.FileState;
import dev.kept.config.KeptHome;
import dev.kept.status.HumanReadable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;

/**
 * Sentences about the conversations that an agent deletes soon, for people; the same for {@code status} and {@code
 * doctor}.
 */
public final class PurgeWords {
    private PurgeWords() {}

    /** Returns one sentence without its full stop: the number of conversations, the date, and how many are safe. */
    public static String of(PurgeOutlook outlook, KeptHome home, Instant now) {
        int going = outlook.conversations().size();
        String by = day(outlook.by(), now);
        if (going == 0) {
            return outlook.agent() + " deletes conversations " + HumanReadable.lasting(outlook.after())
                    + " after their last change; none goes by " + by;
        }
        long verified = outlook.count(FileState.VERIFIED);
        return outlook.agent() + " deletes " + (outlook.complete() ? "" : "at least ")
                + HumanReadable.count(going, "conversation") + " by " + by + "; " + HumanReadable.grouped(verified)
                + " of "
                + HumanReadable.grouped(going) + " verified on tape"
                + part(outlook, FileState.NOT_COMPARED, " on tape, not compared yet (kept doctor --verify)", home)
                + part(outlook, FileState.CHANGED, " changed since it was copied", home)
                + part(outlook, FileState.DIFFERENT, " not the same as on tape", home)
                + part(outlook, FileState.NOT_ON_TAPE, " not on tape", home)
                + part(outlook, FileState.FORGOTTEN, " forgotten as you wanted", home);
    }

    private static String part(PurgeOutlook outlook, FileState state, String words, KeptHome home) {
        long count = outlook.count(state);
        if (count == 0) {
            return "";
        }
        boolean named = switch (state) {
            case VERIFIED, FORGOTTEN, NOT_COMPARED -> false;
            case CHANGED, DIFFERENT, NOT_ON_TAPE -> true;
        };
        return ", " + HumanReadable.grouped(count) + words
                + (named
                        ? outlook.first(state)
                                .map(file -> " (first " + home.forPeople(file) + ")")
                                .orElse("")
                        : "");
    }

    /** Returns a day in words, with the year if it is not the current one. */
    static String day(Instant at, Instant now) {
        ZoneId zone = ZoneId.systemDefault();
        LocalDate day = at.atZone(zone).toLocalDate();
        String month = day.getMonth().name();
        String words =
                day.getDayOfMonth() + " " + month.charAt(0) + month.substring(1).toLowerCase(Locale.ROOT);
        return day.getYear() == now.atZone(zone).getYear() ? words : words + " " + day.getYear();
    }
}
