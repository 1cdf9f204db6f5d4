package dev.kept.archive;

import dev.kept.provider.Provider;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Walks through an agent's session folders, for commands; what cannot be read is skipped. Stateless. */
public final class SessionTree {
    private SessionTree() {}

    /** A visitor of the files found. Links are not followed, except for a session folder that is itself a link. */
    public interface Visitor {
        /** Visits a folder before it is entered; returning false ends the walk. */
        default boolean folder() {
            return true;
        }

        /**
         * Visits a file, or anything else that is no folder; returning false ends the walk.
         *
         * @param file path as its agent names it, below the root
         */
        default boolean file(Path file, BasicFileAttributes facts) {
            return true;
        }
    }

    /** Walks through all session folders of an existing root. */
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

        private static FileVisitResult result(boolean wanted) {
            return wanted ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts) {
            return result(visitor.folder());
        }

        @Override
        public FileVisitResult visitFile(Path found, BasicFileAttributes facts) {
            return result(visitor.file(directory.resolve(place.relativize(found)), facts));
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
