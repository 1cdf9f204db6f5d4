package dev.kept.provider;

import dev.kept.text.ForeignPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The value of a variable of the environment that says where an agent keeps its files. A person typed it: blanks
 * around it and slashes behind it mean nothing, {@code ~} is the home directory, and a value that is no path counts
 * as none.
 */
public final class RootVariable {
    private RootVariable() {}

    /** Returns the directory that a value names, relative ones below the home directory; empty if it names none. */
    public static Optional<Path> one(Path home, String value) {
        String text = value.strip();
        boolean inHome = text.equals("~") || text.startsWith("~/");
        String below = inHome ? text.substring(1).replaceFirst("^/+", "") : text;
        return inHome && below.isEmpty()
                ? Optional.of(home)
                : ForeignPath.of(below).map(path -> home.resolve(path).normalize());
    }

    /**
     * Returns the directories that a value names, separated by commas, each once, in their order. A value that is the
     * name of a directory as a whole is that one, commas and all.
     */
    public static List<Path> several(Path home, String value) {
        Optional<Path> whole = one(home, value);
        if (whole.filter(Files::isDirectory).isPresent()) {
            return List.of(whole.get());
        }
        List<Path> named = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            one(home, part).filter(path -> !named.contains(path)).ifPresent(named::add);
        }
        return List.copyOf(named);
    }
}
