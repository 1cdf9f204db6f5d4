import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a package for Debian and its kin, without their tools: an {@code ar} archive of a version, what the package
 * is, and its files.
 *
 * <pre>
 * /usr/lib/kept/            the tree that the other archive has, without share/
 * /usr/bin/kept             a link to its launcher
 * /usr/share/…              manual page, completions, licence
 * </pre>
 */
final class DebianPackage {
    private DebianPackage() {}

    static Path write(Path stage, String version, String architecture, FileTime built) throws IOException {
        String debian = architecture.equals("x64") ? "amd64" : architecture;
        // A tilde sorts before nothing: a snapshot is older than its release.
        String number = version.replace("-SNAPSHOT", "~snapshot");
        Path files = stage.resolveSibling("data.tar.gz");
        files(stage, files, built);
        Path file = stage.resolveSibling("kept_" + number + "_" + debian + ".deb");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write("!<arch>\n".getBytes(StandardCharsets.US_ASCII));
            member(out, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII), built);
            member(out, "control.tar.gz", control(stage, number, debian, built), built);
            member(out, "data.tar.gz", Files.readAllBytes(files), built);
        }
        Files.delete(files);
        return file;
    }

    private static void files(Path stage, Path archive, FileTime built) throws IOException {
        try (TarWriter tar = new TarWriter(Package.gzip(archive), built)) {
            for (String directory : new String[] {".", "./usr", "./usr/bin"}) {
                tar.directory(directory);
            }
            tar.link("./usr/bin/kept", "../lib/kept/kept");
            for (String directory : new String[] {"./usr/lib", "./usr/lib/kept"}) {
                tar.directory(directory);
            }
            tar.file("./usr/lib/kept/kept", stage.resolve("kept"));
            tar.tree(stage.resolve("program"), "./usr/lib/kept/program");
            tar.tree(stage.resolve("runtime"), "./usr/lib/kept/runtime");
            tar.tree(stage.resolve("share"), "./usr/share");
            tar.directory("./usr/share/doc");
            tar.directory("./usr/share/doc/kept");
            tar.file("./usr/share/doc/kept/copyright", stage.resolve("LICENSE"));
        }
    }

    private static byte[] control(Path stage, String version, String architecture, FileTime built) throws IOException {
        long bytes = 0;
        try (var all = Files.walk(stage)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(each);
            }
        }
        String text = """
                Package: kept
                Version: %s
                Architecture: %s
                Maintainer: Kept
                Installed-Size: %d
                Depends: libc6
                Section: utils
                Priority: optional
                Description: keeps every conversation with AI coding agents
                 A small daemon and a command line that keep what you and your coding agents
                 say to each other: local, exact, and yours. Brings its own Java runtime.
                """
                .formatted(version, architecture, (bytes + 1023) / 1024);
        ByteArrayOutputStream control = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(new GZIPOutputStream(control), built)) {
            tar.directory(".");
            tar.file("./control", text.getBytes(StandardCharsets.UTF_8));
        }
        return control.toByteArray();
    }

    private static void member(OutputStream out, String name, byte[] content, FileTime built) throws IOException {
        out.write("%-16s%-12d%-6d%-6d%-8s%-10d`\n"
                .formatted(name, built.toInstant().getEpochSecond(), 0, 0, "100644", content.length)
                .getBytes(StandardCharsets.US_ASCII));
        out.write(content);
        if (content.length % 2 != 0) {
            out.write('\n');
        }
    }
}
