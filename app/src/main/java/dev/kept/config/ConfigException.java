package dev.kept.config;

import java.nio.file.Path;

/** A configuration that Kept refuses: the message says where, what is wrong, and how to mend it. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * A fault at a place in the file; line and column count from 1.
     *
     * @param wrong what is wrong
     * @param remedy how to mend it
     */
    ConfigException(Path file, int line, int column, String wrong, String remedy) {
        super(file + ":" + line + ":" + column + ": " + wrong + "; " + remedy);
    }

    /** A fault of the file as a whole. */
    ConfigException(Path file, String wrong, String remedy) {
        super(file + ": " + wrong + "; " + remedy);
    }
}
