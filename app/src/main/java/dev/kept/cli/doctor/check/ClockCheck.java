package dev.kept.cli.doctor.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A check of the clock. Orders are judged by their time: a wrong clock makes them too old, or not yet given. */
record ClockCheck() implements Check {
    /** A time before the first release of Kept. */
    private static final Instant FIRST_YEAR = Instant.parse("2025-01-01T00:00:00Z");

    private static final int SLACK_SECONDS = 60;

    @Override
    public String id() {
        return "clock";
    }

    @Override
    public List<Finding> examine(Examined kept) {
        Instant now = kept.now();
        if (now.isBefore(FIRST_YEAR)) {
            return List.of(
                    Finding.problem("the clock says " + now, "set it; commands in chats are judged by their time"));
        }
        Path status = kept.home().statusFile();
        try {
            if (Files.exists(status)
                    && Files.getLastModifiedTime(status).toInstant().isAfter(now.plusSeconds(SLACK_SECONDS))) {
                return List.of(Finding.problem(
                        "the daemon wrote its status at a time that is still to come: the clock was set back",
                        "set it right, then: kept restart"));
            }
        } catch (IOException notThere) {
            // Then it says nothing about the clock.
        }
        return List.of(Finding.ok("clock " + now.truncatedTo(ChronoUnit.SECONDS)));
    }
}
