package dev.kept.recording.destination;

import dev.kept.recording.destination.Refusal.Code;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Opener of allowed destinations, which makes sure that the allowed file is the one opened, even if somebody replaces
 * folders or files by links in between.
 *
 * <p>From the allowed root on, each folder is opened relative to its parent, without following links, and the file
 * relative to the last folder. Where the platform cannot do that, the path is checked again after opening. A file with
 * several names (hard links) is not opened: one of them may be outside.
 *
 * <p>A missing file is created for its owner alone (0600), since others on the host should not read a conversation.
 * Missing folders inside an allowed root get the usual permissions, because they are the project's; inside
 * {@code KEPT_HOME/recordings} they are the owner's alone (0700). Java creates a folder by its whole path: whoever
 * swaps in a link at that moment can have an empty folder created elsewhere, and nothing written into it.
 *
 * <p>Does file I/O and may block as long as the file system does. Thread-safe.
 */
public final class SafeDestinationOpener {
    private static final FileAttribute<?> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Number of attempts. Editors save by rename: a file that changes its key between two steps is opened again. */
    private static final int ATTEMPTS = 3;

    private final Path recordings;

    /**
     * Creates an opener.
     *
     * @param recordings {@code KEPT_HOME/recordings}
     */
    public SafeDestinationOpener(Path recordings) {
        this.recordings = recordings;
    }

    /**
     * Opens a destination, and creates what is missing.
     *
     * @throws DestinationRefusedException if it is not, or no longer, what was allowed
     * @throws IOException if it cannot be opened
     */
    public OpenDestination open(PathVerdict.Allowed allowed) throws IOException {
        Path root = allowed.root();
        boolean own = isOwn(root);
        List<Path> unforced = new ArrayList<>();
        if (own && !Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(root, OWNER_ONLY_DIRECTORY);
            unforced.add(Objects.requireNonNull(root.getParent(), "recordings have a folder"));
        }
        if (!root.toRealPath().equals(root)) {
            throw changed(allowed.canonical());
        }
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(root)) {
            if (!(opened instanceof SecureDirectoryStream<Path> secure)) {
                return openByPath(allowed, own, unforced);
            }
            if (!isStill(root, secure)) {
                throw changed(allowed.canonical());
            }
            return descend(secure, root, root.relativize(allowed.canonical()), own, unforced);
        } catch (FileSystemException e) {
            throw new IOException(allowed.canonical() + " cannot be opened: " + e, e);
        }
    }

    /** Reports whether the opened folder is the one at its path, reached without links. */
    private static boolean isStill(Path root, SecureDirectoryStream<Path> opened) throws IOException {
        BasicFileAttributes open =
                opened.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
        BasicFileAttributes there = Files.readAttributes(root, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return key(open).equals(key(there)) && root.toRealPath().equals(root);
    }

    /** Opens the path {@code below} an open folder, whose own path is {@code at}. */
    private static OpenDestination descend(
            SecureDirectoryStream<Path> folder, Path at, Path below, boolean own, List<Path> unforced)
            throws IOException {
        Path name = below.getName(0);
        Path full = at.resolve(name);
        if (below.getNameCount() == 1) {
            return openIn(folder, name, full, unforced);
        }
        try (SecureDirectoryStream<Path> inner = folder(folder, name, full, own, unforced)) {
            return descend(inner, full, below.subpath(1, below.getNameCount()), own, unforced);
        }
    }

    private boolean isOwn(Path root) throws IOException {
        return root.equals(recordings)
                || (Files.exists(recordings) && recordings.toRealPath().equals(root));
    }

    private static SecureDirectoryStream<Path> folder(
            SecureDirectoryStream<Path> parent, Path name, Path full, boolean own, List<Path> unforced)
            throws IOException {
        if (attributes(parent, name).isEmpty()) {
            unforced.add(parentOf(full));
            try {
                if (own) {
                    Files.createDirectory(full, OWNER_ONLY_DIRECTORY);
                } else {
                    Files.createDirectory(full);
                }
            } catch (FileAlreadyExistsException somebodyElseDid) {
                // Its kind shows when it is opened.
            }
        }
        Optional<BasicFileAttributes> there = attributes(parent, name);
        if (there.isEmpty() || !there.get().isDirectory()) {
            throw changed(full);
        }
        try {
            return parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            // The error for "that is a link by now" differs between platforms.
            if (attributes(parent, name).map(BasicFileAttributes::isDirectory).orElse(false)) {
                throw e;
            }
            throw changed(full);
        }
    }

    private static Optional<BasicFileAttributes> attributes(SecureDirectoryStream<Path> folder, Path name)
            throws IOException {
        try {
            return Optional.of(
                    folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                            .readAttributes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** A way to open a file and to read its attributes: by folder or by path. */
    private interface Way {
        Optional<BasicFileAttributes> attributes() throws IOException;

        SeekableByteChannel open(Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException;
    }

    private static OpenDestination openIn(SecureDirectoryStream<Path> folder, Path name, Path full, List<Path> unforced)
            throws IOException {
        return open(full, unforced, new Way() {
            @Override
            public Optional<BasicFileAttributes> attributes() throws IOException {
                return SafeDestinationOpener.attributes(folder, name);
            }

            @Override
            public SeekableByteChannel open(Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                    throws IOException {
                return folder.newByteChannel(name, options, attributes);
            }
        });
    }

    private static OpenDestination openByPath(PathVerdict.Allowed allowed, boolean own, List<Path> unforced)
            throws IOException {
        Path file = allowed.canonical();
        Path parent = parentOf(file);
        for (Path folder = parent; !Files.exists(folder); folder = parentOf(folder)) {
            unforced.add(parentOf(folder));
        }
        if (own) {
            Files.createDirectories(parent, OWNER_ONLY_DIRECTORY);
        } else {
            Files.createDirectories(parent);
        }
        OpenDestination destination = open(file, unforced, new Way() {
            @Override
            public Optional<BasicFileAttributes> attributes() throws IOException {
                try {
                    return Optional.of(
                            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
                } catch (NoSuchFileException e) {
                    return Optional.empty();
                }
            }

            @Override
            public SeekableByteChannel open(Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                    throws IOException {
                return Files.newByteChannel(file, options, attributes);
            }
        });
        if (!parent.toRealPath().equals(parent)) {
            destination.close();
            throw changed(file);
        }
        return destination;
    }

    private static OpenDestination open(Path path, List<Path> unforced, Way way) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<BasicFileAttributes> before = way.attributes();
            // A pipe is never opened: that would wait for the process at its other end.
            if (before.isPresent() && !before.get().isRegularFile()) {
                throw changed(path);
            }
            boolean created = before.isEmpty();
            Optional<FileNames> names = created ? Optional.empty() : FileNames.of(path);
            if (!created && names.filter(its -> its.areOf(key(before.get()))).isEmpty()) {
                continue;
            }
            refuseSeveral(names, path);
            FileChannel appender;
            try {
                appender = (FileChannel)
                        (created
                                ? way.open(
                                        Set.of(
                                                StandardOpenOption.CREATE_NEW,
                                                StandardOpenOption.WRITE,
                                                StandardOpenOption.APPEND,
                                                LinkOption.NOFOLLOW_LINKS),
                                        OWNER_ONLY_FILE)
                                : way.open(Set.of(
                                        StandardOpenOption.WRITE,
                                        StandardOpenOption.APPEND,
                                        LinkOption.NOFOLLOW_LINKS)));
            } catch (FileAlreadyExistsException | NoSuchFileException cameOrWent) {
                continue;
            }
            boolean done = false;
            try {
                FileChannel reader = (FileChannel) way.open(Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                try {
                    Optional<BasicFileAttributes> after = way.attributes();
                    if (after.isPresent()
                            && after.get().isRegularFile()
                            && isSame(before, after.get())
                            && areUnchanged(names, path, key(after.get()), appender.size())) {
                        done = true;
                        if (created) {
                            unforced.add(parentOf(path));
                        }
                        return new OpenDestination(
                                path, reader, appender, key(after.get()), appender.size(), created, unforced);
                    }
                } finally {
                    if (!done) {
                        reader.close();
                    }
                }
            } catch (NoSuchFileException went) {
                // Just replaced by rename: try again.
            } finally {
                if (!done) {
                    appender.close();
                }
            }
        }
        throw changed(path);
    }

    private static void refuseSeveral(Optional<FileNames> names, Path path) throws DestinationRefusedException {
        if (names.filter(FileNames::areSeveral).isPresent()) {
            throw new DestinationRefusedException(names.get().refusal(path.toString(), path));
        }
    }

    /**
     * Reports whether the file's names were the same throughout the opening. Somebody may have taken its name away and
     * given it back, which changes a file's time; then the opened file would be another one, with a name outside.
     *
     * @param before the facts from before the opening; empty if the file was created
     */
    private static boolean areUnchanged(Optional<FileNames> before, Path path, String key, long openSize)
            throws IOException {
        Optional<FileNames> after = FileNames.of(path);
        refuseSeveral(after, path);
        return after.filter(names -> names.areOf(key) && names.mayHaveSize(openSize))
                        .isPresent()
                && (before.isEmpty() || before.equals(after));
    }

    private static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent(), "what lies in an allowed folder has a parent");
    }

    private static boolean isSame(Optional<BasicFileAttributes> before, BasicFileAttributes after) {
        return before.isEmpty() || key(before.get()).equals(key(after));
    }

    private static String key(BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        return key == null ? "" : key.toString();
    }

    private static DestinationRefusedException changed(Path path) {
        return new DestinationRefusedException(new Refusal(
                Code.CHANGED_MEANWHILE,
                path + " is refused: it, or a folder above it, is a link or no regular file by now.",
                "Look at what is there, and give the command again."));
    }
}
