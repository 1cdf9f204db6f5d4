package dev.kept.cli.doctor.check;

import java.util.Optional;

/**
 * A finding of a check.
 *
 * @param message one sentence for people
 * @param remedy advice to the person; a command in it works as written, and none destroys or hides the only copy of
 *     anything. Each problem has one
 */
public record Finding(Severity severity, String message, Optional<String> remedy) {
    public Finding {
        if (severity == Severity.PROBLEM && remedy.isEmpty()) {
            throw new IllegalArgumentException("a problem without a remedy: " + message);
        }
    }

    /** Returns a finding that all is well. */
    public static Finding ok(String message) {
        return new Finding(Severity.OK, message, Optional.empty());
    }

    /** Returns a finding that is worth knowing. */
    public static Finding note(String message) {
        return new Finding(Severity.NOTE, message, Optional.empty());
    }

    /** Returns a finding that is worth knowing, with optional advice. */
    public static Finding note(String message, String remedy) {
        return new Finding(Severity.NOTE, message, Optional.of(remedy));
    }

    /** Returns a finding that needs a person. */
    public static Finding problem(String message, String remedy) {
        return new Finding(Severity.PROBLEM, message, Optional.of(remedy));
    }
}
