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

/** What the daemon may do with a file, or with everything below a directory. */
public enum Access {
    /** Read files and list directories. */
    READ("read", READ_FILE | READ_DIR),

    /** Be started as a program, once, by the launching process; read besides. */
    START("read", READ_FILE | EXECUTE),

    /** Read and write what is there; for devices. */
    USE("read and write", READ_FILE | WRITE_FILE),

    /** Read, and write recordings: make files and directories, and replace files. No links, no removal of directories. */
    RECORD("read and write", READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | MAKE_REG | MAKE_DIR | REMOVE_FILE),

    /** Everything that Kept does with files of its own. No links to elsewhere, no devices. */
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

    /** For people: {@code read}, or {@code read and write}. */
    public String words() {
        return words;
    }

    /** True if something can be changed with it. */
    public boolean writes() {
        return (rights & WRITE_FILE) != 0;
    }

    /** {@code LANDLOCK_ACCESS_FS_…} */
    long rights() {
        return rights;
    }
}
