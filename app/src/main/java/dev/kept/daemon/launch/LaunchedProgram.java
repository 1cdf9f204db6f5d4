package dev.kept.daemon.launch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A program from which the daemon is launched.
 *
 * @param classPath class path of the program
 * @param aotCache AOT cache of the program, which halves the cost of a start; Java ignores one that does not fit
 * @param libraries folder of the libraries that the program's jar names; empty for a class path that names them itself
 */
record LaunchedProgram(String classPath, Optional<Path> aotCache, Optional<Path> libraries) {
    LaunchedProgram(String classPath, Optional<Path> aotCache) {
        this(classPath, aotCache, Optional.empty());
    }
}
