package dev.kept.recording.destination;

import java.util.Objects;

/**
 * A refusal to write to a destination. Shown in {@code status}, audited, and kept with a command that waits.
 *
 * @param code the rule that refuses
 * @param message the file and the reason, one sentence
 * @param remedy the remedy, one sentence
 */
public record Refusal(Code code, String message, String remedy) {
    /** The rules; their names in lower case are stable. */
    public enum Code {
        /** The argument names no file. */
        UNCLEAR_PATH,
        /** Relative, and the session's folder is unknown. */
        NO_WORKING_DIRECTORY,
        WRONG_SUFFIX,
        INSTRUCTS_AGENTS,
        KEPT_HOME,
        PROVIDER_ROOT,
        HIDDEN,
        OUTSIDE_ROOTS,
        SYMBOLIC_LINK,
        NOT_A_REGULAR_FILE,
        /** A file with several hard links. */
        SEVERAL_NAMES,
        /** The path could not be inspected. */
        UNREADABLE,
        /** The path changed between the check and the opening. */
        CHANGED_MEANWHILE;

        /** Returns the stable name, e.g. {@code outside-roots}. */
        public String publicName() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        /** Reports whether {@code kept allow} can lift the refusal, so that a command waits for it. */
        public boolean liftedByAllow() {
            return this == OUTSIDE_ROOTS;
        }
    }

    public Refusal {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }
}
