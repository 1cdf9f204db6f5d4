package dev.kept.recording.destination;

import java.nio.file.Path;
import java.util.Objects;

/** What the path policy says about a destination. */
public sealed interface PathVerdict {

    /**
     * It may be written.
     *
     * @param canonical the file, without a symbolic link in it
     * @param root the canonical allowed folder it lies in
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

    /** It may not. */
    record Denied(Refusal refusal) implements PathVerdict {
        public Denied {
            Objects.requireNonNull(refusal, "refusal");
        }
    }
}
