package dev.kept.cli.doctor.check;

import java.util.Optional;

/**
 * One thing that a check found.
 *
 * @param message for people, one sentence
 * @param remedy what to do about it; a command in it works as it stands there, and none destroys or hides the only copy
 *     of
 *     anything. Each problem has one
 */
public record Finding(Severity severity, String message, Optional<String> remedy) {
    public Finding {
        if (severity == Severity.PROBLEM && remedy.isEmpty()) {
            throw new IllegalArgumentException("a problem without a remedy: " + message);
        }
    }

    /** A finding that all is well. */
    public static Finding ok(String message) {
        return new Finding(Severity.OK, message, Optional.empty());
    }

    /** A finding that is worth knowing. */
    public static Finding note(String message) {
        return new Finding(Severity.NOTE, message, Optional.empty());
    }

    /** A finding that is worth knowing, with what could be done. */
    public static Finding note(String message, String remedy) {
        return new Finding(Severity.NOTE, message, Optional.of(remedy));
    }

    /** A finding that needs a person. */
    public static Finding problem(String message, String remedy) {
        return new Finding(Severity.PROBLEM, message, Optional.of(remedy));
    }
}
