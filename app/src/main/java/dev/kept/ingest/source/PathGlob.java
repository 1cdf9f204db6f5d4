package dev.kept.ingest.source;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;

/** A glob that keeps its pattern, so that it can also be compared with the digest of a path. */
public final class PathGlob implements PathMatcher {
    private final Path pattern;
    private final PathMatcher matcher;

    public PathGlob(Path pattern) {
        this.pattern = pattern;
        this.matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    }

    @Override
    public boolean matches(Path path) {
        return matcher.matches(path);
    }

    @Override
    public String toString() {
        return pattern.toString();
    }
}
