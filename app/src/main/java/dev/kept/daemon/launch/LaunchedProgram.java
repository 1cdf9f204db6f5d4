package dev.kept.daemon.launch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the daemon is launched from.
 *
 * @param classPath where its classes are
 * @param classRecord the file of classes made ready beforehand (an AOT cache of Java), which halves what a start costs; Java
 *     leaves it alone if it does not fit
 * @param libraries the folder with the libraries that the program's jar names; empty for a class path that names them itself
 */
record LaunchedProgram(String classPath, Optional<Path> classRecord, Optional<Path> libraries) {
    LaunchedProgram(String classPath, Optional<Path> classRecord) {
        this(classPath, classRecord, Optional.empty());
    }
}
