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
 * A file as the file system knows it, whatever its path: a write to a file with several names (hard links) changes all
 * of them, wherever they are.
 *
 * @param fileKey identifies the file itself
 * @param count the number of its names
 * @param changedAt the last change of the file or of one of its names
 * @param size in bytes
 */
record FileNames(String fileKey, int count, FileTime changedAt, long size) {
    private static final boolean REPORTED =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** Facts of a file on a platform that does not report the number of names. */
    private static final FileNames UNKNOWN = new FileNames("", 1, FileTime.fromMillis(0), -1);

    /** Returns the facts of the file at a path, links not followed; empty if there is none. */
    static Optional<FileNames> of(Path file) throws IOException {
        if (!REPORTED) {
            return Optional.of(UNKNOWN);
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

    /** Reports whether these are the facts of the file with that key; true on a platform that reports none. */
    boolean areOf(String key) {
        return fileKey.isEmpty() || fileKey.equals(key);
    }

    /** Reports whether the size of an open file may be that of this file. */
    boolean mayHaveSize(long bytes) {
        return fileKey.isEmpty() || size == bytes;
    }

    /**
     * Returns the refusal of a file with several names.
     *
     * @param shown the path as people write it
     * @param file the path, beside which an unused name is searched
     */
    Refusal refusal(String shown, Path file) {
        Path copy = file.resolveSibling(file.getFileName() + ".new");
        for (int i = 2; Files.exists(copy, LinkOption.NOFOLLOW_LINKS); i++) {
            copy = file.resolveSibling(file.getFileName() + ".new" + i);
        }
        return new Refusal(
                Code.SEVERAL_NAMES,
                shown + " is refused: this file has " + count + " names (hard links), and what is written to it would"
                        + " appear under each of them.",
                "Give the name a file of its own: cp -p " + ShellWord.of(file) + " " + ShellWord.of(copy) + " && mv -f "
                        + ShellWord.of(copy) + " " + ShellWord.of(file));
    }
}
