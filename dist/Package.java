import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Packs the built program with a trimmed Java for the machine that it runs on: an archive, and on Linux a Debian
 * package.
 *
 * <pre>
 * java dist/Package.java PROJECT-FOLDER VERSION TIMESTAMP
 *
 * app/target/dist/kept-VERSION-OS-ARCH/       what is packed
 *   kept                                      the launcher, which finds the rest beside itself
 *   program/kept.jar, lib/, kept*.aot         the AOT caches, made with this Java and these jars
 *   runtime/                                  jlink, uncompressed: compressed modules double the time of a start
 *   share/                                    manual page, completions
 * </pre>
 *
 * <p>Java takes an AOT cache only with jars and modules of the size and time (in seconds) that it was made
 * with. So every file gets the build's timestamp before the record is made, and both archives keep it.
 */
final class Package {
    /** What {@code jdeps --print-module-deps} finds, and what the runtime's own class list wants beside it. */
    private static final String MODULES = "java.base,java.logging,jdk.jfr,jdk.management,jdk.net";

    private final Path project;
    private final Path target;
    private final String version;
    private final FileTime built;
    private final String os;
    private final String architecture;
    private final Path stage;

    private Package(Path project, String version, Instant built) {
        this.project = project;
        this.version = version;
        this.built = FileTime.from(built);
        this.target = project.resolve("app/target");
        this.os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "macos" : "linux";
        this.architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
        this.stage = target.resolve("dist").resolve("kept-" + version + "-" + os + "-" + architecture);
    }

    public static void main(String[] arguments) throws Exception {
        new Package(Path.of(arguments[0]).toRealPath(), arguments[1], Instant.parse(arguments[2])).run();
    }

    private void run() throws Exception {
        delete(target.resolve("dist"));
        Files.createDirectories(stage.resolve("program/lib"));
        copy(target.resolve("kept.jar"), stage.resolve("program/kept.jar"), "rw-r--r--");
        try (Stream<Path> libraries = Files.list(target.resolve("lib"))) {
            for (Path library : libraries.sorted().toList()) {
                withoutOthersNatives(library, stage.resolve("program/lib").resolve(library.getFileName()));
            }
        }
        Files.writeString(stage.resolve("program/version.txt"), version + "\n");
        copy(project.resolve("kept"), stage.resolve("kept"), "rwxr-xr-x");
        copy(project.resolve("LICENSE"), stage.resolve("LICENSE"), "rw-r--r--");
        runtime();
        setTimes();
        execute(java(), "-XX:+UseCompactObjectHeaders", "-XX:+UseSerialGC", "-Xshare:dump", "-Xlog:disable", "-Xlog:all=error");
        execute(stage.resolve("kept").toString(), "train");
        share("man", "man/man1/kept.1");
        share("bash", "bash-completion/completions/kept");
        share("zsh", "zsh/vendor-completions/_kept");
        share("fish", "fish/vendor_completions.d/kept.fish");
        setTimes();
        // The launcher takes only a record that is newer than the jar.
        for (String record : List.of("kept.aot", "kept-status.aot", "kept-launch.aot", "kept-daemon.aot")) {
            Files.setLastModifiedTime(
                    stage.resolve("program").resolve(record),
                    FileTime.from(built.toInstant().plusSeconds(2)));
        }
        String name = stage.getFileName().toString();
        Path archive = stage.resolveSibling(name + ".tar.gz");
        try (TarWriter tar = new TarWriter(gzip(archive), built)) {
            tar.tree(stage, name);
        }
        System.out.println(archive + " " + Files.size(archive));
        if (os.equals("linux")) {
            Path debian = DebianPackage.write(stage, version, architecture, built);
            System.out.println(debian + " " + Files.size(debian));
        }
    }

    private void runtime() {
        int code = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new IllegalStateException("this Java has no jlink"))
                .run(
                        System.out,
                        System.err,
                        "--add-modules",
                        MODULES,
                        "--strip-java-debug-attributes",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        stage.resolve("runtime").toString());
        if (code != 0) {
            throw new IllegalStateException("jlink ended with " + code);
        }
    }

    private String java() {
        return stage.resolve("runtime/bin/java").toString();
    }

    private void share(String what, String name) throws Exception {
        Path file = stage.resolve("share").resolve(name);
        Files.createDirectories(file.getParent());
        ProcessBuilder builder =
                builder(stage.resolve("kept").toString(), "completion", what).redirectOutput(file.toFile());
        require(builder.start().waitFor(), builder.command());
    }

    private void execute(String... command) throws Exception {
        require(builder(command).start().waitFor(), List.of(command));
    }

    private ProcessBuilder builder(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        // Nothing is read from, or written to, the home of whoever builds.
        builder.environment().keySet().removeIf(name -> name.startsWith("KEPT_"));
        builder.environment().put("HOME", stage.toString());
        return builder;
    }

    private static void require(int code, List<String> command) {
        if (code != 0) {
            throw new IllegalStateException(command + " ended with " + code);
        }
    }

    /** A library carries its native part for every platform; one is enough. */
    private void withoutOthersNatives(Path library, Path copy) throws IOException {
        String own = (os.equals("macos") ? "darwin/" : "linux/") + System.getProperty("os.arch") + "/";
        try (ZipFile from = new ZipFile(library.toFile());
                ZipOutputStream to = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(copy)))) {
            for (Enumeration<? extends ZipEntry> all = from.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                if (!entry.getName().matches(".*\\.(so|dylib|jnilib|dll)") || entry.getName().startsWith(own)) {
                    ZipEntry kept = new ZipEntry(entry.getName());
                    kept.setLastModifiedTime(built);
                    to.putNextEntry(kept);
                    from.getInputStream(entry).transferTo(to);
                    to.closeEntry();
                }
            }
        }
    }

    private void setTimes() throws IOException {
        try (Stream<Path> all = Files.walk(stage)) {
            for (Path each : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                Files.setLastModifiedTime(each, built);
            }
        }
    }

    static OutputStream gzip(Path file) throws IOException {
        return new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), 64 * 1024);
    }

    private static void copy(Path from, Path to, String rights) throws IOException {
        Files.copy(from, to);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(rights));
    }

    static void delete(Path tree) throws IOException {
        if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
