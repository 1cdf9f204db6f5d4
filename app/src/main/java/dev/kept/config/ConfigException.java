package dev.kept.config;

import java.nio.file.Path;

/** A configuration that Kept refuses. The message names the place, the fault and its remedy. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Creates a fault at a place in the file; line and column count from 1.
     *
     * @param wrong what is wrong
     * @param remedy how to correct it
     */
    ConfigException(Path file, int line, int column, String wrong, String remedy) {
        super(file + ":" + line + ":" + column + ": " + wrong + "; " + remedy);
    }

    /** Creates a fault of the file as a whole. */
    ConfigException(Path file, String wrong, String remedy) {
        super(file + ": " + wrong + "; " + remedy);
    }
}
