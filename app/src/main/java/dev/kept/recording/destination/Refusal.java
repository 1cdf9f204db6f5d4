package dev.kept.recording.destination;

import java.util.Objects;

/**
 * Why a destination is not written to. Shown in {@code status}, audited, and kept with a command that waits.
 *
 * @param code which rule refuses
 * @param message what is refused and why, one sentence
 * @param remedy what the person can do, one sentence
 */
public record Refusal(Code code, String message, String remedy) {
    /** The rules; their names in lower case are stable. */
    public enum Code {
        /** The argument names no file. */
        UNCLEAR_PATH,
        /** Relative, and the session's folder is not known. */
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
        /** The file system would not say what the path is. */
        UNREADABLE,
        /** The path became something else between the check and the opening. */
        CHANGED_MEANWHILE;

        /** The stable name, e.g. {@code outside-roots}. */
        public String publicName() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        /** True where {@code kept allow} can lift the refusal, so that a command waits for it. */
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
