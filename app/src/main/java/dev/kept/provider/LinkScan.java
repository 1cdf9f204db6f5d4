package dev.kept.provider;

import dev.kept.provider.LinkRules.Followed;
import dev.kept.provider.LinkRules.Refused;
import dev.kept.provider.LinkRules.Verdict;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A search for symbolic links among the session files of agents, for commands that run without a daemon. */
public final class LinkScan {
    private static final int MAX_DEPTH = 8;
    private static final int MOST_ENTRIES = 50_000;

    private final LinkRules rules;
    private final List<Found> found = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();
    private int left = MOST_ENTRIES;

    /**
     * A link that leads to session files, or may lead to them.
     *
     * @param link the path by which its agent knows it
     */
    public record Found(Provider provider, Path link, Verdict verdict) {}

    private LinkScan(LinkRules rules) {
        this.rules = rules;
    }

    /**
     * Finds the links below the given roots, up to {@value #MOST_ENTRIES} entries and {@value #MAX_DEPTH} levels deep.
     *
     * @param roots the roots of the followed agents
     */
    public static List<Found> of(LinkRules rules, Map<Provider, List<Path>> roots) {
        LinkScan scan = new LinkScan(rules);
        roots.forEach((provider, paths) -> paths.forEach(root -> scan.scanRoot(provider, root)));
        return List.copyOf(scan.found);
    }

    private void scanRoot(Provider provider, Path root) {
        try {
            Path real = root.toRealPath();
            for (Path folder : provider.sessionFolders()) {
                scanEntry(provider, real, real.resolve(folder), real.resolve(folder), -1);
            }
        } catch (IOException notThere) {
            // An agent that is not installed has no links.
        }
    }

    private void scanFolder(Provider provider, Path root, Path name, Path place, int depth) {
        if (depth > MAX_DEPTH || !seen.add(place)) {
            return;
        }
        Set<Path> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            for (Path entry : entries) {
                if (--left < 0) {
                    break;
                }
                // The name usually shows what is a file, so most entries need no system call.
                if (Files.isSymbolicLink(entry) || Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(entry.getFileName());
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // Another check reports this.
        }
        names.forEach(each -> scanEntry(provider, root, name.resolve(each), place.resolve(each), depth));
    }

    private void scanEntry(Provider provider, Path root, Path name, Path at, int depth) {
        if (!Files.isSymbolicLink(at)) {
            if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                scanFolder(provider, root, name, at, depth + 1);
            }
            return;
        }
        Verdict verdict = rules.judge(provider, at, depth < 0);
        if (verdict instanceof Followed(Path target)) {
            if (depth < 0
                    || Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)
                    || provider.recognize(root.relativize(name)) instanceof SourceKind.Session) {
                found.add(new Found(provider, name, verdict));
            }
            scanFolder(provider, root, name, target, depth + 1);
        } else if (!(verdict instanceof Refused refused)
                || (!TransientFile.matches(name)
                        && LinkRules.mayHoldSessions(provider, root.relativize(name), refused))) {
            found.add(new Found(provider, name, verdict));
        }
    }
}
