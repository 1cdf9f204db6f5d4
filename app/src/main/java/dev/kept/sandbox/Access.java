package dev.kept.sandbox;

import static dev.kept.sandbox.Landlock.EXECUTE;
import static dev.kept.sandbox.Landlock.MAKE_DIR;
import static dev.kept.sandbox.Landlock.MAKE_REG;
import static dev.kept.sandbox.Landlock.MAKE_SOCK;
import static dev.kept.sandbox.Landlock.READ_DIR;
import static dev.kept.sandbox.Landlock.READ_FILE;
import static dev.kept.sandbox.Landlock.REFER;
import static dev.kept.sandbox.Landlock.REMOVE_DIR;
import static dev.kept.sandbox.Landlock.REMOVE_FILE;
import static dev.kept.sandbox.Landlock.TRUNCATE;
import static dev.kept.sandbox.Landlock.WRITE_FILE;

/** The kinds of access of the daemon to a file, or to everything below a directory. */
public enum Access {
    /** Read access to files and directories. */
    READ("read", READ_FILE | READ_DIR),

    /** Read access to a file that the launching process also starts, once, as a program. */
    START("read", READ_FILE | EXECUTE),

    /** Read and write access to existing files; for devices. */
    USE("read and write", READ_FILE | WRITE_FILE),

    /**
     * Access for recordings: reading, creating files and directories, and replacing files. No links, no removal of
     * directories.
     */
    RECORD("read and write", READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | MAKE_REG | MAKE_DIR | REMOVE_FILE),

    /** Access to Kept's own files, for all that Kept does with them. No links to elsewhere, no devices. */
    OWN(
            "read and write",
            READ_FILE
                    | READ_DIR
                    | WRITE_FILE
                    | TRUNCATE
                    | MAKE_REG
                    | MAKE_DIR
                    | MAKE_SOCK
                    | REMOVE_FILE
                    | REMOVE_DIR
                    | REFER);

    private final String words;
    private final long rights;

    Access(String words, long rights) {
        this.words = words;
        this.rights = rights;
    }

    /** Returns the words for people: {@code read}, or {@code read and write}. */
    public String words() {
        return words;
    }

    /** Reports whether it allows changes. */
    public boolean writes() {
        return (rights & WRITE_FILE) != 0;
    }

    /** Returns its rights, {@code LANDLOCK_ACCESS_FS_…}. */
    long rights() {
        return rights;
    }
}
