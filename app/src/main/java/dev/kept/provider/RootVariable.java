package dev.kept.provider;

import dev.kept.text.ForeignPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The value of an environment variable that names the directories of an agent. A person typed it: surrounding blanks
 * and trailing slashes are ignored, {@code ~} is the home directory, and a value that is not a path is ignored.
 */
public final class RootVariable {
    private RootVariable() {}

    /** Returns the directory that a value names; empty if it names none. A relative one is below the home directory. */
    public static Optional<Path> directory(Path home, String value) {
        String text = value.strip();
        boolean inHome = text.equals("~") || text.startsWith("~/");
        String below = inHome ? text.substring(1).replaceFirst("^/+", "") : text;
        return inHome && below.isEmpty()
                ? Optional.of(home)
                : ForeignPath.of(below).map(path -> home.resolve(path).normalize());
    }

    /**
     * Returns the directories that a comma-separated value names, in order and without duplicates. If the whole value
     * is the name of an existing directory, it is that one, commas and all.
     */
    public static List<Path> directories(Path home, String value) {
        Optional<Path> whole = directory(home, value);
        if (whole.filter(Files::isDirectory).isPresent()) {
            return List.of(whole.get());
        }
        List<Path> named = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            directory(home, part).filter(path -> !named.contains(path)).ifPresent(named::add);
        }
        return List.copyOf(named);
    }
}
