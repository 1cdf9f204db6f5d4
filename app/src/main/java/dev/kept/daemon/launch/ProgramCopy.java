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
 * The program's own jars and record of classes, copied to where nobody replaces them: a build writes over the jar that it made before, and a
 * Java runtime that loads classes from a replaced jar fails. A copy is named by its jar's size and time, so that the same
 * program is copied once.
 */
public final class ProgramCopy {
    private static final String PROGRAM = "program";
    private static final String LIBRARIES = "lib";
    private static final String CLASS_RECORD = "kept-daemon.aot";

    /** The launcher names the program so where its own path cannot be in a class path; not for the daemon, which has no such file. */
    private static final Path OPENED = Path.of("/proc/self/fd");

    private ProgramCopy() {}

    /**
     * Copies the jar and the libraries below it, unless that was done. The copy lies as the program does and keeps its times,
     * for that is what Java knows a {@link LaunchedProgram#classRecord class record} by.
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
                copyRecord(classRecord(jar), copy),
                Optional.of(copy.resolve(LIBRARIES)));
    }

    /** Returns whether Java can load classes from below a folder. */
    private static boolean isForClassPaths(Path folder) {
        String name = folder.toString();
        return !name.contains(File.pathSeparator) && name.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }

    /** Where no copy in the home could be run, the program is run where it is. */
    private static LaunchedProgram inPlace(KeptHome home, Path jar) throws IOException {
        if (!isForClassPaths(jar) || jar.startsWith(OPENED)) {
            throw new IOException("Java cannot run from " + home.forPeople(directory(home)) + ", nor from where Kept is"
                    + " installed, because of a “" + File.pathSeparator + "” or an emoji in both paths. Move Kept to a"
                    + " folder without one, or set " + KeptHome.VARIABLE + " to such a folder");
        }
        return new LaunchedProgram(jar.toString(), classRecord(jar), Optional.of(jar.resolveSibling(LIBRARIES)));
    }

    /** The launcher makes it after a build. Java does not notice that a jar was built anew: an older record is none. */
    private static Optional<Path> classRecord(Path jar) throws IOException {
        Path classRecord = jar.resolveSibling(CLASS_RECORD);
        return Files.isReadable(classRecord)
                        && Files.getLastModifiedTime(classRecord).compareTo(Files.getLastModifiedTime(jar)) > 0
                ? Optional.of(classRecord.toAbsolutePath())
                : Optional.empty();
    }

    /**
     * Copies the record of classes beside the jar's copy, unless that was done: the daemon maps it as long as it runs, and would
     * end if somebody wrote over it.
     */
    private static Optional<Path> copyRecord(Optional<Path> found, Path copy) throws IOException {
        if (found.isEmpty()) {
            return found;
        }
        Path original = found.get();
        Path record = copy.resolve(CLASS_RECORD);
        if (!Files.exists(record)
                || Files.size(record) != Files.size(original)
                || !Files.getLastModifiedTime(record).equals(Files.getLastModifiedTime(original))) {
            Path half =
                    copy.resolve(CLASS_RECORD + "." + ProcessHandle.current().pid());
            Files.deleteIfExists(half);
            Files.copy(original, half, StandardCopyOption.COPY_ATTRIBUTES);
            PrivateFiles.restrict(half);
            // A daemon may have mapped the one before, which stays what it is.
            Files.move(half, record, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return Optional.of(record);
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

    /** What tells this program from another build of it: the path of a copy says size and time of the jar. */
    public static String identity() {
        return KeptVersion.current() + " " + System.getProperty("java.class.path");
    }

    /** Deletes the copies of other versions. To be called by the daemon once it holds the {@link InstanceLock}. */
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
