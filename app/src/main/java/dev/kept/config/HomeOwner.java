package dev.kept.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The user that a home belongs to. Every other user is refused before anything is read or created: files of another
 * user in a home would be inaccessible to its owner, who could not even start Kept any more.
 */
public final class HomeOwner {
    private static final Path SELF = Path.of("/proc/self");
    private static final String ROOT = "0";

    private HomeOwner() {}

    /**
     * Refuses a home of another user. As root, also refuses to create one among another user's files.
     *
     * @throws IOException with the owner's name
     */
    public static void check(KeptHome home) throws IOException {
        Path existing = home.directory();
        Path parent = existing.getParent();
        while (!Files.exists(existing) && parent != null) {
            existing = parent;
            parent = existing.getParent();
        }
        Optional<String> mine = ownId();
        if (mine.isEmpty() || !Files.exists(existing)) {
            return;
        }
        String owners = id(existing);
        boolean isHome = existing.equals(home.directory());
        if (owners.equals(mine.get()) || (!isHome && (!mine.get().equals(ROOT) || owners.equals(ROOT)))) {
            return;
        }
        String owner = Files.getOwner(existing).getName();
        throw new IOException((isHome ? "the home " : "the folder ") + home.forPeople(existing) + " belongs to " + owner
                + ", and this is " + System.getProperty("user.name", mine.get())
                + ": Kept makes no files of one user in a home of another. Run it as " + owner + ", or set "
                + KeptHome.VARIABLE + " to a folder of your own");
    }

    /** Returns the number of this process's user; empty where the system has no such numbers. */
    private static Optional<String> ownId() throws IOException {
        return Files.exists(SELF) ? Optional.of(id(SELF)) : Optional.empty();
    }

    private static String id(Path path) throws IOException {
        return String.valueOf(Files.getAttribute(path, "unix:uid"));
    }
}
