package dev.kept.ingest.source;

import dev.kept.provider.LinkRules;
import dev.kept.provider.LinkRules.Followed;
import dev.kept.provider.LinkRules.KeptAlready;
import dev.kept.provider.LinkRules.Refused;
import dev.kept.provider.LinkRules.Verdict;
import dev.kept.provider.Provider;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The resolution of the path by which an agent knows a file to the place of its bytes. Sources, tapes and recordings
 * know the agent's path alone; the place is what is opened. It is resolved anew for each look, and every link on the
 * path is judged by the {@link LinkRules}. Thread-safe.
 */
public record LinkedPaths(LinkRules rules) {
    /**
     * Returns the place of a file or directory that may be a link itself.
     *
     * @param root the provider's root, which may be a link
     * @throws RefusedLinkException if a link on the path is not followed
     * @throws java.nio.file.NoSuchFileException if a folder on the path does not exist
     */
    public Path place(Provider provider, Path root, Path name) throws IOException {
        return place(provider, root, name, (_, _) -> {});
    }

    public Path place(FollowedRoot root, Path name) throws IOException {
        return place(root.provider(), root.root(), name);
    }

    /**
     * Returns the place of a file's bytes.
     *
     * @param through accepts each link on the path: its path as the agent knows it, and its target
     */
    public Path place(Provider provider, Path root, Path name, BiConsumer<Path, Path> through) throws IOException {
        Path folder = name.getParent();
        if (folder == null || !name.startsWith(root)) {
            return name;
        }
        if (folder.toRealPath().equals(folder) && !Files.isSymbolicLink(name)) {
            return name;
        }
        Path named = root;
        Path at = root.toRealPath();
        for (Path part : root.relativize(name)) {
            named = named.resolve(part);
            at = at.resolve(part);
            if (Files.isSymbolicLink(at)) {
                at = target(named, judge(provider, root, named, at));
                through.accept(named, at);
            }
        }
        return at;
    }

    /**
     * Judges a link.
     *
     * @param name the agent's path of the link
     * @param at its place
     */
    public Verdict judge(Provider provider, Path root, Path name, Path at) {
        return rules.judge(provider, at, provider.sessionFolders().contains(root.relativize(name)));
    }

    private static Path target(Path link, Verdict verdict) throws RefusedLinkException {
        return switch (verdict) {
            case Followed(Path target) -> target;
            case KeptAlready _, Refused _ -> throw new RefusedLinkException(link, verdict);
        };
    }

    /**
     * Opens a place. Fails if a link was put on the path since the place was resolved.
     *
     * @throws IOException if the place is a link, or is behind one
     */
    public static FileChannel open(Path place) throws IOException {
        FileChannel opened = FileChannel.open(place, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        try {
            Path folder = place.getParent();
            if (folder != null && !folder.toRealPath().equals(folder)) {
                throw new IOException("a link was put in the place of a folder on the way");
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }
}
