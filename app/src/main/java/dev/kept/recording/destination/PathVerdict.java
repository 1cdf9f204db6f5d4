package dev.kept.recording.destination;

import java.nio.file.Path;
import java.util.Objects;

/** The verdict of the path policy about a destination. */
public sealed interface PathVerdict {

    /**
     * Verdict that the file may be written to.
     *
     * @param canonical the file, without a symbolic link in its path
     * @param root the canonical allowed folder that contains it
     */
    record Allowed(Path canonical, Path root) implements PathVerdict {
        public Allowed {
            Objects.requireNonNull(canonical, "canonical");
            Objects.requireNonNull(root, "root");
            if (!canonical.startsWith(root) || canonical.equals(root)) {
                throw new IllegalArgumentException(canonical + " is not inside " + root);
            }
        }
    }

    /** Verdict that the file may not be written to. */
    record Denied(Refusal refusal) implements PathVerdict {
        public Denied {
            Objects.requireNonNull(refusal, "refusal");
        }
    }
}
