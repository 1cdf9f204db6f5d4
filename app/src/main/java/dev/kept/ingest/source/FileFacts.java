package dev.kept.ingest.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The attributes of a file at one moment, links not followed.
 *
 * @param regular whether it is a regular file
 * @param key its identity (device and inode); empty if the platform has none
 * @param size in bytes
 * @param modifiedAtMs time of the last change of its content, ms since 1970
 * @param lastChange time of the last change of content or status; the modification time if the platform has no other
 * @param createdAt time of creation; if the platform does not know it, a time at which the file existed
 * @param changedAt all times that show a change, to be compared for equality
 */
public record FileFacts(
        boolean regular,
        String key,
        long size,
        long modifiedAtMs,
        FileTime lastChange,
        Instant createdAt,
        String changedAt) {
    private static final boolean UNIX =
            java.nio.file.FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** Reports whether the file changed in any way after that moment. */
    public boolean changedSince(FileTime moment) {
        return lastChange.compareTo(moment) > 0;
    }

    /** Returns the attributes of a file; empty if there is none. */
    public static Optional<FileFacts> ifThere(Path path) throws IOException {
        try {
            return Optional.of(of(path));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    /**
     * Returns the attributes of a file.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    public static FileFacts of(Path path) throws IOException {
        if (UNIX) {
            Map<String, Object> facts = Files.readAttributes(
                    path,
                    "unix:isRegularFile,fileKey,size,lastModifiedTime,creationTime,ctime",
                    LinkOption.NOFOLLOW_LINKS);
            FileTime modified = (FileTime) Objects.requireNonNull(facts.get("lastModifiedTime"));
            return new FileFacts(
                    Boolean.TRUE.equals(facts.get("isRegularFile")),
                    String.valueOf(facts.get("fileKey")),
                    (Long) Objects.requireNonNull(facts.get("size")),
                    modified.toMillis(),
                    (FileTime) Objects.requireNonNull(facts.get("ctime")),
                    ((FileTime) Objects.requireNonNull(facts.get("creationTime"))).toInstant(),
                    modified + "/" + facts.get("ctime"));
        }
        BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Object key = facts.fileKey();
        return new FileFacts(
                facts.isRegularFile(),
                key == null ? "" : key.toString(),
                facts.size(),
                facts.lastModifiedTime().toMillis(),
                facts.lastModifiedTime(),
                facts.creationTime().toInstant(),
                facts.lastModifiedTime().toString());
    }
}
