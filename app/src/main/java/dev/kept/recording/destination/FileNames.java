package dev.kept.recording.destination;

import dev.kept.recording.destination.Refusal.Code;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A file as the file system knows it, whatever it is called: a file with several names (hard links) is written under all of
 * them, wherever they are.
 *
 * @param fileKey names the file itself
 * @param count how many names it has
 * @param changedAt when it, or one of its names, was last changed
 * @param size in bytes
 */
record FileNames(String fileKey, int count, FileTime changedAt, long size) {
    private static final boolean TOLD =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** Facts of a file whose platform tells no number of names. */
    private static final FileNames UNTOLD = new FileNames("", 1, FileTime.fromMillis(0), -1);

    /** What stands at a path, links not followed; empty if nothing does. */
    static Optional<FileNames> of(Path file) throws IOException {
        if (!TOLD) {
            return Optional.of(UNTOLD);
        }
        try {
            Map<String, Object> facts =
                    Files.readAttributes(file, "unix:fileKey,nlink,ctime,size", LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new FileNames(
                    String.valueOf(facts.get("fileKey")),
                    (Integer) Objects.requireNonNull(facts.get("nlink")),
                    (FileTime) Objects.requireNonNull(facts.get("ctime")),
                    (Long) Objects.requireNonNull(facts.get("size"))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    boolean areSeveral() {
        return count > 1;
    }

    /** Whether these are the facts of the file with that key; true where the platform tells none. */
    boolean areOf(String key) {
        return fileKey.isEmpty() || fileKey.equals(key);
    }

    /** Whether the size of an open file may be that of this file. */
    boolean mayHaveSize(long bytes) {
        return fileKey.isEmpty() || size == bytes;
    }

    /**
     * The refusal of a file with several names.
     *
     * @param shown the path as people write it
     * @param file the path, beside which a free name is looked for
     */
    Refusal refusal(String shown, Path file) {
        Path copy = file.resolveSibling(file.getFileName() + ".new");
        for (int i = 2; Files.exists(copy, LinkOption.NOFOLLOW_LINKS); i++) {
            copy = file.resolveSibling(file.getFileName() + ".new" + i);
        }
        return new Refusal(
                Code.SEVERAL_NAMES,
                shown + " is refused: this file has " + count + " names (hard links), and what is written to it would"
                        + " stand under each of them.",
                "Give the name a file of its own: cp -p " + ShellWord.of(file) + " " + ShellWord.of(copy) + " && mv -f "
                        + ShellWord.of(copy) + " " + ShellWord.of(file));
    }
}
