package dev.kept.daemon;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the daemon is launched from.
 *
 * @param classPath where its classes are
 * @param classRecord the file of classes made ready beforehand (an AOT cache of Java), which halves what a start costs; Java
 *     leaves it alone if it does not fit
 */
record LaunchedProgram(String classPath, Optional<Path> classRecord) {
    /** Returns the folder with the libraries of a program that is one jar. */
    Optional<Path> libraries() {
        return classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)
                ? Optional.of(Path.of(classPath).resolveSibling(ProgramCopy.LIBRARIES))
                : Optional.empty();
    }

    /** No program in particular. */
    static final LaunchedProgram NONE = new LaunchedProgram("", Optional.empty());
}
