package dev.kept.cli.doctor.check;

import java.util.Locale;

/** The weight of a finding, lightest first. */
public enum Severity {
    /** As it should be. */
    OK,
    /** Worth knowing, and nothing to mend: a machine with notes is healthy. */
    NOTE,
    /** Needs a person; the exit code says so. */
    PROBLEM;

    /** The word in the JSON form. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
