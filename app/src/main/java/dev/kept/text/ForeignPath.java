package dev.kept.text;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The only conversion of a string from a session, or from a file that holds such strings, to a {@link Path}. Not every
 * string is a path: NUL and lone surrogates are in none, nor are non-ASCII characters in some locales.
 */
public final class ForeignPath {
    private ForeignPath() {}

    /** Returns the path that a string names; empty if it names none. */
    public static Optional<Path> of(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    /** Returns the path that a string names; empty if it names none, or a relative one. */
    public static Optional<Path> absolute(String text) {
        return of(text).filter(Path::isAbsolute);
    }

    /** Returns the path that a string names in a folder; empty if it names none, or one outside the folder. */
    public static Optional<Path> below(Path folder, String text) {
        Path base = folder.normalize();
        return of(text).map(path -> base.resolve(path).normalize())
                .filter(path -> path.startsWith(base) && !path.equals(base));
    }
}
