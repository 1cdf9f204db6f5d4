package dev.kept.archive;

import dev.kept.provider.Provider;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The session folders of an agent, gone through by a command; what cannot be read is passed over. Stateless. */
public final class SessionTree {
    private SessionTree() {}

    /** Told what is there; not of what stands behind links, but for a session folder that is one itself. */
    public interface Visitor {
        /** A folder is gone into; false ends the walk. */
        default boolean folder() {
            return true;
        }

        /**
         * A file, or something else that is no folder, is there; false ends the walk.
         *
         * @param file as its agent names it, below the root
         */
        default boolean file(Path file, BasicFileAttributes facts) {
            return true;
        }
    }

    /** Goes through all session folders of a root that is there. */
    public static void walk(Provider provider, Path root, Visitor visitor) throws IOException {
        for (Path folder : provider.sessionFolders()) {
            Path directory = root.resolve(folder);
            if (Files.isDirectory(directory)) {
                Path place = directory.toRealPath();
                Files.walkFileTree(place, new Walk(directory, place, visitor));
            }
        }
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path directory;
        private final Path place;
        private final Visitor visitor;

        Walk(Path directory, Path place, Visitor visitor) {
            this.directory = directory;
            this.place = place;
            this.visitor = visitor;
        }

        private static FileVisitResult goOn(boolean wanted) {
            return wanted ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts) {
            return goOn(visitor.folder());
        }

        @Override
        public FileVisitResult visitFile(Path found, BasicFileAttributes facts) {
            return goOn(visitor.file(directory.resolve(place.relativize(found)), facts));
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException listedInPart) {
            return FileVisitResult.CONTINUE;
        }
    }
}
