package dev.kept.ingest.admission;

import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.source.RefusedLinkException;
import dev.kept.provider.LinkRules;
import dev.kept.provider.LinkRules.Reason;
import dev.kept.provider.LinkRules.Refused;
import dev.kept.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The symbolic links that were met: the targets of those that are followed, so that a common target of two links is
 * kept under one name; and the reasons why others are not followed. Owned by the ingest thread.
 */
public final class LinkRegistry {
    public static final String NOT_FOLLOWED = "link.notFollowed";

    /** The most refused links that are remembered; others are found once these are corrected. */
    static final int MOST_REFUSED = 1_000;

    private final LinkRules rules;
    private final IngestListener listener;
    /**
     * The first name that led to a target, by the target; at most one for each directory and source that is followed.
     */
    private final Map<Path, Path> nameOf = new HashMap<>();

    private final TreeMap<Path, NotFollowed> refused = new TreeMap<>();
    private boolean news;

    /** A link that is not followed. */
    public record NotFollowed(FollowedRoot root, Refused why) {}

    private record Kind(String agent, Reason reason, String remedy, String about) {}

    public LinkRegistry(LinkRules rules, IngestListener listener) {
        this.rules = rules;
        this.listener = listener;
    }

    /** Claims a target for a link; returns false if it, or a folder above it, is kept under the name of another one. */
    public boolean claim(Path target, Path name) {
        for (Path at = target; at != null; at = at.getParent()) {
            Path other = nameOf.get(at);
            if (other != null && !other.equals(name) && leadsTo(other, at)) {
                return false;
            }
        }
        nameOf.put(target, name);
        refused.remove(name);
        return true;
    }

    /** Reports whether a place behind a link is kept under the name of another link. */
    public boolean isElsewhere(Path place, Path name) {
        Path other = nameOf.get(place);
        return other != null && !other.equals(name) && leadsTo(other, place);
    }

    private boolean leadsTo(Path name, Path target) {
        try {
            if (name.toRealPath().equals(target)) {
                return true;
            }
        } catch (IOException leadsNowhere) {
            // Then it claims nothing.
        }
        nameOf.remove(target, name);
        return false;
    }

    /** Notes that a link is not followed. */
    public void refuse(Path link, FollowedRoot root, Refused why) {
        if (refused.size() < MOST_REFUSED || refused.containsKey(link)) {
            NotFollowed now = new NotFollowed(root, why);
            NotFollowed before = refused.put(link, now);
            news |= before == null || !before.equals(now);
        }
    }

    /** Notes that a link on the path to a file is not followed. */
    public void refuse(RefusedLinkException met, FollowedRoot root) {
        met.refusal().ifPresent(why -> refuse(met.link(), root, why));
    }

    /** Removes those that are no links any more, and returns the rest: they are to be examined again. */
    public List<Map.Entry<Path, NotFollowed>> refreshRefused() {
        refused.keySet().removeIf(link -> !Files.isSymbolicLink(link));
        return List.copyOf(refused.entrySet());
    }

    /** Notes that a refused link is followed now, or leads to a target that is kept anyway. */
    public void removeRefused(Path link) {
        refused.remove(link);
    }

    public boolean hasRefused() {
        return !refused.isEmpty();
    }

    /** Reports the links that are not followed, if they changed since the last report. */
    public void reportIfChanged() {
        if (news) {
            report();
        }
    }

    /** Reports the links that are not followed: those with the same remedy as one problem, by the first of them. */
    public void report() {
        news = false;
        Map<Kind, List<Path>> kinds = new HashMap<>();
        refused.forEach((link, of) -> {
            Refused why = of.why();
            Provider provider = of.root().provider();
            boolean listable = rules.directoryToList(why).isPresent();
            kinds.computeIfAbsent(
                            new Kind(
                                    provider.name(),
                                    why.reason(),
                                    rules.remedy(provider, why),
                                    listable ? "" : why.detail() + why.target()),
                            _ -> new ArrayList<>())
                    .add(link);
        });
        kinds.forEach((kind, links) -> {
            NotFollowed first = Objects.requireNonNull(refused.get(links.getFirst()));
            listener.problem(NOT_FOLLOWED, links.getFirst(), words(first.why(), links.size() - 1), kind.remedy());
        });
    }

    private static String words(Refused why, int more) {
        return "This link is not followed, and nothing behind it is kept: "
                + why.reason().words()
                + why.target().map(target -> " (" + target + ")").orElse("")
                + (why.detail().isEmpty() ? "" : " (" + why.detail() + ")")
                + "."
                + (more == 0 ? "" : " So it is with " + more + " more.");
    }
}
