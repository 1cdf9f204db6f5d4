package dev.kept.daemon.launch;

import dev.kept.config.KeptHome;
import dev.kept.config.KeptVersion;
import dev.kept.config.PrivateFiles;
import dev.kept.control.InstanceLock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A private copy of the program's jars and AOT cache, which nobody replaces: a build overwrites its previous jar, and a
 * Java runtime that loads classes from a replaced jar fails. A copy is named by its jar's size and time, so that the
 * same program is copied once.
 */
public final class ProgramCopy {
    private static final String PROGRAM = "program";
    private static final String LIBRARIES = "lib";
    private static final String AOT_CACHE = "kept-daemon.aot";

    /**
     * Folder of the path by which the launcher names the program when its own path cannot be in a class path. Not
     * usable by the daemon, which has no such descriptor.
     */
    private static final Path OPENED = Path.of("/proc/self/fd");

    private ProgramCopy() {}

    /**
     * Copies the jar and the libraries below it, unless that was done. The copy has the same layout and times as the
     * program, because Java checks them against the {@link LaunchedProgram#aotCache AOT cache}.
     */
    static LaunchedProgram make(KeptHome home, Path jar) throws IOException {
        String name = Files.size(jar) + "-" + Files.getLastModifiedTime(jar).toMillis();
        Path copy = directory(home).resolve(name);
        if (!isForClassPaths(copy)) {
            return inPlace(home, jar);
        }
        if (!Files.isDirectory(copy)) {
            Path half =
                    directory(home).resolve(name + "." + ProcessHandle.current().pid());
            PrivateFiles.createDirectory(half);
            copyInto(half, jar);
            Path lib = half.resolve(LIBRARIES);
            PrivateFiles.createDirectory(lib);
            for (Path library : libraries(jar)) {
                copyInto(lib, library);
            }
            Files.move(half, copy, StandardCopyOption.ATOMIC_MOVE);
        }
        return new LaunchedProgram(
                copy.resolve(jar.getFileName()).toString(),
                copyCache(aotCache(jar), copy),
                Optional.of(copy.resolve(LIBRARIES)));
    }

    /** Reports whether Java can load classes from below a folder. */
    private static boolean isForClassPaths(Path folder) {
        String name = folder.toString();
        return !name.contains(File.pathSeparator) && name.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }

    /** Returns the program at its own place, for a home from which no copy could be run. */
    private static LaunchedProgram inPlace(KeptHome home, Path jar) throws IOException {
        if (!isForClassPaths(jar) || jar.startsWith(OPENED)) {
            throw new IOException("Java cannot run from " + home.forPeople(directory(home)) + ", nor from where Kept is"
                    + " installed, because of a “" + File.pathSeparator + "” or an emoji in both paths. Move Kept to a"
                    + " folder without one, or set " + KeptHome.VARIABLE + " to such a folder");
        }
        return new LaunchedProgram(jar.toString(), aotCache(jar), Optional.of(jar.resolveSibling(LIBRARIES)));
    }

    /**
     * Returns the AOT cache, which the launcher creates after a build. Java does not notice a rebuilt jar, so a cache
     * older than the jar is ignored.
     */
    private static Optional<Path> aotCache(Path jar) throws IOException {
        Path cache = jar.resolveSibling(AOT_CACHE);
        return Files.isReadable(cache) && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) > 0
                ? Optional.of(cache.toAbsolutePath())
                : Optional.empty();
    }

    /**
     * Copies the AOT cache beside the jar's copy, unless that was done: the daemon maps it as long as it runs, and
     * would crash if it were overwritten.
     */
    private static Optional<Path> copyCache(Optional<Path> found, Path copy) throws IOException {
        if (found.isEmpty()) {
            return found;
        }
        Path original = found.get();
        Path cache = copy.resolve(AOT_CACHE);
        if (!Files.exists(cache)
                || Files.size(cache) != Files.size(original)
                || !Files.getLastModifiedTime(cache).equals(Files.getLastModifiedTime(original))) {
            Path half = copy.resolve(AOT_CACHE + "." + ProcessHandle.current().pid());
            Files.deleteIfExists(half);
            Files.copy(original, half, StandardCopyOption.COPY_ATTRIBUTES);
            PrivateFiles.restrict(half);
            // A running daemon may have mapped the previous one, which stays unchanged.
            Files.move(half, cache, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return Optional.of(cache);
    }

    private static void copyInto(Path folder, Path file) throws IOException {
        Path copy = folder.resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        PrivateFiles.restrict(copy);
    }

    private static List<Path> libraries(Path jar) throws IOException {
        Path directory = jar.resolveSibling(LIBRARIES);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    /**
     * Returns an identity that differs between builds of this program: the path of a copy contains size and time of the
     * jar.
     */
    public static String identity() {
        return KeptVersion.current() + " " + System.getProperty("java.class.path");
    }

    /** Deletes the copies of other versions. Called by the daemon once it holds the {@link InstanceLock}. */
    public static void removeOthers(KeptHome home) throws IOException {
        String classPath = System.getProperty("java.class.path");
        List<Path> others = new ArrayList<>();
        if (Files.isDirectory(directory(home))) {
            try (Stream<Path> copies = Files.list(directory(home))) {
                copies.filter(copy -> !classPath.contains("/" + PROGRAM + "/" + copy.getFileName() + "/"))
                        .forEach(others::add);
            }
        }
        for (Path other : others) {
            delete(other);
        }
    }

    private static void delete(Path tree) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(tree)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.deleteIfExists(each);
        }
    }

    private static Path directory(KeptHome home) {
        return home.run().resolve(PROGRAM);
    }
}
