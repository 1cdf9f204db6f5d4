package dev.kept.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * One path that the daemon may use, and for what. A rule is about the file or directory that stands at the path when the
 * rule is put on: what replaces it later is something else.
 *
 * @param path absolute
 */
public record PathRule(Path path, Access access, Reason reason) {

    /** Why a path may be used. */
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

        /** For people. */
        public String words() {
            return words;
        }
    }

    /**
     * True if the person or an agent may make or replace it while the daemon runs, so that the daemon must be launched
     * anew to use what stands there then.
     */
    public boolean mayAppear() {
        return switch (reason) {
            case SESSIONS, NAMES, RECORDINGS, KEPT -> true;
            case CONFIGURATION, PROGRAM, JAVA, SYSTEM -> false;
        };
    }

    /** True if a link at the path counts as nothing: what it leads to has a rule of its own, if it may be read. */
    boolean refusesLink() {
        return reason == Reason.SESSIONS || reason == Reason.NAMES;
    }

    /** What identifies the file or directory that stands there now; empty if nothing does that the rule could be for. */
    public Optional<String> standing() {
        LinkOption[] options = refusesLink() ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
        // Asked first because a missing file is the usual case here, and an exception costs more than a question.
        if (!Files.exists(path, options)) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, options);
            boolean stands = switch (reason) {
                case SESSIONS -> attributes.isDirectory();
                case NAMES -> attributes.isRegularFile();
                case RECORDINGS, KEPT, CONFIGURATION, PROGRAM, JAVA, SYSTEM -> true;
            };
            return stands ? Optional.of(String.valueOf(attributes.fileKey())) : Optional.empty();
        } catch (IOException goneAgain) {
            return Optional.empty();
        }
    }
}
