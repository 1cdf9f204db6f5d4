package dev.kept.sandbox;

import dev.kept.config.KernelFiles;
import dev.kept.sandbox.PathRule.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The files that a Java runtime of this machine needs, whatever program it runs. */
public final class RuntimeFiles {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final int LINK_DEPTH = 4;

    /**
     * Libraries, files that the C library reads at its start, time zones, and what the system reports about itself. All
     * of {@code /proc}, because the entry of a process is created anew at each access; other processes' memory,
     * environment and files in it stay closed, because Landlock keeps a process from inspecting those outside its
     * domain.
     */
    private static final List<String> SYSTEM = List.of(
            "/usr/lib",
            "/usr/lib64",
            "/lib",
            "/lib64",
            "/etc/ld.so.cache",
            "/etc/ld.so.preload",
            "/etc/ld-musl-x86_64.path",
            "/etc/ld-musl-aarch64.path",
            "/etc/nsswitch.conf",
            "/etc/passwd",
            "/etc/group",
            "/etc/localtime",
            "/usr/share/zoneinfo",
            "/proc",
            "/sys/fs/cgroup",
            "/sys/devices/system",
            "/sys/kernel/mm",
            "/dev/random",
            "/dev/urandom",
            "/dev/zero");

    private RuntimeFiles() {}

    /** Returns the rules for a Java home and a class path, for the current state of this machine. */
    public static List<PathRule> rules(Path javaHome, String classPath) {
        List<PathRule> rules = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                Path path = Path.of(entry.endsWith("*") ? entry.substring(0, entry.length() - 1) : entry);
                rules.add(new PathRule(path.toAbsolutePath().normalize(), Access.READ, Reason.PROGRAM));
            }
        }
        rules.add(new PathRule(javaHome, Access.READ, Reason.JAVA));
        rules.add(new PathRule(javaHome.resolve("bin").resolve("java"), Access.START, Reason.JAVA));
        for (Path outside : linkedFrom(javaHome)) {
            rules.add(new PathRule(outside, Access.READ, Reason.JAVA));
        }
        Set<Path> libraryFolders = new LinkedHashSet<>();
        for (Path library : mappedLibraries()) {
            if (String.valueOf(library.getFileName()).startsWith("ld-")) {
                // The dynamic linker, which the kernel starts to load a program's libraries.
                rules.add(new PathRule(library, Access.START, Reason.SYSTEM));
            }
            Optional.ofNullable(library.getParent())
                    .filter(folder -> !folder.startsWith(javaHome))
                    .filter(folder -> SYSTEM.stream().noneMatch(folder::startsWith))
                    .ifPresent(libraryFolders::add);
        }
        for (Path folder : libraryFolders) {
            rules.add(new PathRule(folder, Access.READ, Reason.SYSTEM));
        }
        for (String path : SYSTEM) {
            rules.add(new PathRule(Path.of(path), Access.READ, Reason.SYSTEM));
        }
        rules.add(new PathRule(Path.of("/dev/null"), Access.USE, Reason.SYSTEM));
        return rules;
    }

    /** Returns the targets of links out of the Java home: packagers keep a runtime's configuration elsewhere. */
    private static List<Path> linkedFrom(Path javaHome) {
        Set<Path> outside = new LinkedHashSet<>();
        for (String part : List.of("conf", "lib")) {
            try (Stream<Path> files = Files.walk(javaHome.resolve(part), LINK_DEPTH)) {
                for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                    Path target = link.toRealPath();
                    if (!target.startsWith(javaHome)) {
                        outside.add(target);
                    }
                }
            } catch (IOException | java.io.UncheckedIOException unreadable) {
                // Then the runtime cannot use it either.
            }
        }
        return List.copyOf(outside);
    }

    /** Returns the shared libraries of this process, which the daemon needs too. */
    private static Set<Path> mappedLibraries() {
        Set<Path> libraries = new LinkedHashSet<>();
        try {
            for (String line : KernelFiles.lines(MAPS)) {
                int path = line.indexOf('/');
                if (path >= 0 && line.substring(path).matches("/.*(\\.so(\\..*)?|/ld-[^/]*)")) {
                    libraries.add(Path.of(new String(
                            line.substring(path).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException notThisSystem) {
            // The usual folders are allowed.
        }
        return libraries;
    }
}
