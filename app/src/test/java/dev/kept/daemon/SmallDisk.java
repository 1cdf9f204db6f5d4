package dev.kept.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of its own in the place of a folder, small enough to be filled, for the processes that are started in
 * it. Others find its files by {@link #seen}.
 */
final class SmallDisk implements AutoCloseable {
    private static final String MOUNT = "mount -t tmpfs -o size=$1k,mode=700 none \"$2\" && echo mounted && exec cat";

    private final Process holder;
    private final Path folder;

    private SmallDisk(Process holder, Path folder) {
        this.holder = holder;
        this.folder = folder;
    }

    /** Mounts it; skips the test, loudly, where a person may not mount. */
    static SmallDisk over(Path folder, int kib) throws IOException {
        Files.createDirectories(folder);
        Process holder = null;
        String said = "";
        try {
            // Ends when its input does, and so with this process.
            holder = new ProcessBuilder(
                            "unshare",
                            "--user",
                            "--map-root-user",
                            "--mount",
                            "sh",
                            "-c",
                            MOUNT,
                            "sh",
                            Integer.toString(kib),
                            folder.toString())
                    .redirectErrorStream(true)
                    .start();
            // Not closed: the holder says nothing more, and lives on.
            BufferedReader reader = holder.inputReader(StandardCharsets.UTF_8);
            said = String.valueOf(reader.readLine());
        } catch (IOException e) {
            said = String.valueOf(e.getMessage());
        }
        if (holder == null || !said.equals("mounted")) {
            System.out.println("FAULTS LEFT OUT: a small disk cannot be mounted here: " + said);
            Assumptions.abort("no mounts on this machine");
            throw new IllegalStateException("not reached");
        }
        return new SmallDisk(holder, folder);
    }

    /** What a command line begins with whose process sees this disk. */
    List<String> prefix() {
        return List.of(
                "nsenter",
                "--user",
                "--mount",
                "--preserve-credentials",
                "--target",
                Long.toString(holder.pid()),
                "--");
    }

    /** Where processes outside find the files of those inside. */
    UnaryOperator<Path> seen() {
        Path root = Path.of("/proc/" + holder.pid() + "/root");
        return path -> root.resolve(Path.of("/").relativize(path));
    }

    private Path filler() {
        return seen().apply(folder.resolve("filler.bin"));
    }

    /** Leaves no room at all. */
    void fill() throws IOException {
        byte[] zeros = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("space")) {
                throw full;
            }
        }
    }

    void makeRoom() throws IOException {
        Files.deleteIfExists(filler());
    }

    @Override
    public void close() throws IOException {
        holder.outputWriter().close();
        holder.destroy();
    }
}
