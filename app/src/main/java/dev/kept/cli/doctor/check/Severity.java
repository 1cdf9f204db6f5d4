package dev.kept.cli.doctor.check;

import java.util.Locale;

/** The weight of a finding, lightest first. */
public enum Severity {
    /** All is well. */
    OK,
    /** Worth knowing, and nothing to solve: a machine with notes is healthy. */
    NOTE,
    /** Needs a person; sets the exit code. */
    PROBLEM;

    /** Returns the word in the JSON form. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
