package dev.kept.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A path that the daemon may use, and the kind of use. A rule is for the file or directory at the path when it is
 * applied: a later replacement is not covered.
 *
 * @param path absolute path
 */
public record PathRule(Path path, Access access, Reason reason) {

    /** The reason for which a path may be used. */
    public enum Reason {
        SESSIONS("session files of an agent"),
        NAMES("an agent's list of sessions or folders"),
        RECORDINGS("allowed for recordings"),
        KEPT("Kept's own files"),
        CONFIGURATION("the configuration"),
        PROGRAM("the program"),
        JAVA("the Java runtime"),
        SYSTEM("what every program needs");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** Returns the reason in words for people. */
        public String words() {
            return words;
        }
    }

    /**
     * Reports whether a person or an agent may create or replace the path while the daemon runs, so that the daemon
     * must be relaunched to use the new one.
     */
    public boolean mayAppear() {
        return switch (reason) {
            case SESSIONS, NAMES, RECORDINGS, KEPT -> true;
            case CONFIGURATION, PROGRAM, JAVA, SYSTEM -> false;
        };
    }

    /** Reports whether a link at the path counts as missing: its target has a rule of its own, if it may be read. */
    boolean refusesLink() {
        return reason == Reason.SESSIONS || reason == Reason.NAMES;
    }

    /** Returns the identity of the current file or directory; empty if none exists that the rule could be for. */
    public Optional<String> identity() {
        LinkOption[] options = refusesLink() ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
        // Checked first because a missing file is the usual case here, and an exception costs more than a check.
        if (!Files.exists(path, options)) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, options);
            boolean matches = switch (reason) {
                case SESSIONS -> attributes.isDirectory();
                case NAMES -> attributes.isRegularFile();
                case RECORDINGS, KEPT, CONFIGURATION, PROGRAM, JAVA, SYSTEM -> true;
            };
            return matches ? Optional.of(String.valueOf(attributes.fileKey())) : Optional.empty();
        } catch (IOException goneAgain) {
            return Optional.empty();
        }
    }
}
