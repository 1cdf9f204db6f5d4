import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

/**
 * Writes a tar archive in the ustar form: files, directories and links, all of root, in the order of their names, so
 * that the same tree gives the same archive.
 */
final class TarWriter implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int NAME = 100;

    private final OutputStream out;
    private final FileTime time;

    /** @param time of what has no file of its own: directories and links */
    TarWriter(OutputStream out, FileTime time) {
        this.out = out;
        this.time = time;
    }

    /** Everything below a directory, and itself, under another name. */
    void tree(Path directory, String name) throws IOException {
        directory(name);
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.sorted().toList()) {
                String below = name + "/" + child.getFileName();
                if (Files.isSymbolicLink(child)) {
                    link(below, Files.readSymbolicLink(child).toString());
                } else if (Files.isDirectory(child)) {
                    tree(child, below);
                } else {
                    file(below, child);
                }
            }
        }
    }

    void directory(String name) throws IOException {
        header(name + "/", 0755, 0, time, '5', "");
    }

    void link(String name, String target) throws IOException {
        header(name, 0777, 0, time, '2', target);
    }

    void file(String name, Path file) throws IOException {
        long size = Files.size(file);
        header(name, Files.isExecutable(file) ? 0755 : 0644, size, Files.getLastModifiedTime(file), '0', "");
        Files.copy(file, out);
        pad(size);
    }

    void file(String name, byte[] content) throws IOException {
        header(name, 0644, content.length, time, '0', "");
        out.write(content);
        pad(content.length);
    }

    private void header(String name, int mode, long size, FileTime modified, char type, String target)
            throws IOException {
        byte[] block = new byte[BLOCK];
        int cut = name.length() <= NAME ? -1 : name.indexOf('/', name.length() - NAME - 1);
        if (name.length() > NAME && cut < 0) {
            throw new IOException("too long for an archive: " + name);
        }
        text(block, 0, NAME, name.substring(cut + 1));
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size);
        octal(block, 136, 12, modified.toInstant().getEpochSecond());
        text(block, 148, 8, "        ");
        block[156] = (byte) type;
        text(block, 157, NAME, target);
        text(block, 257, 8, "ustar\00000");
        text(block, 265, 32, "root");
        text(block, 297, 32, "root");
        text(block, 345, 155, cut < 0 ? "" : name.substring(0, cut));
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xff;
        }
        octal(block, 148, 7, sum);
        out.write(block);
    }

    private static void text(byte[] block, int at, int room, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > room) {
            throw new IOException("too long for an archive: " + text);
        }
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static void octal(byte[] block, int at, int room, long number) throws IOException {
        text(block, at, room, ("%0" + (room - 1) + "o").formatted(number));
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    /** Two empty blocks end an archive. */
    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.close();
    }
}
