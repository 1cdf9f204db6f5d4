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
 * The links that were met: of those that are followed, where they lead, so that what two of them lead to is kept
 * under one name; of the others, why they are not. Owned by the ingest thread.
 */
public final class LinkRegistry {
    public static final String NOT_FOLLOWED = "link.notFollowed";

    /** More are not told one by one, and come up once these are mended. */
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

    /** Takes a target for a link; false if it, or a folder above it, is kept under the name of another one. */
    public boolean take(Path target, Path name) {
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

    /** Reports whether what stands at a place behind a link is kept under the name of another link. */
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
            // Then it takes nothing.
        }
        nameOf.remove(target, name);
        return false;
    }

    /** A link is not followed. */
    public void refuse(Path link, FollowedRoot root, Refused why) {
        if (refused.size() < MOST_REFUSED || refused.containsKey(link)) {
            NotFollowed now = new NotFollowed(root, why);
            NotFollowed before = refused.put(link, now);
            news |= before == null || !before.equals(now);
        }
    }

    /** A link on the way to a file is not followed. */
    public void refuse(RefusedLinkException met, FollowedRoot root) {
        met.refusal().ifPresent(why -> refuse(met.link(), root, why));
    }

    /** Forgets those that are no links any more, and returns the rest: they are to be looked at again. */
    public List<Map.Entry<Path, NotFollowed>> toLookAtAgain() {
        refused.keySet().removeIf(link -> !Files.isSymbolicLink(link));
        return List.copyOf(refused.entrySet());
    }

    /** A link that was not followed is now, or leads to what is kept anyway. */
    public void mended(Path link) {
        refused.remove(link);
    }

    public boolean hasRefused() {
        return !refused.isEmpty();
    }

    /** Tells of the links that are not followed, if there are others than when it was told last. */
    public void tellNews() {
        if (news) {
            tell();
        }
    }

    /** Tells of the links that are not followed: those that one remedy helps, as one problem, by the first of them. */
    public void tell() {
        news = false;
        Map<Kind, List<Path>> kinds = new HashMap<>();
        refused.forEach((link, of) -> {
            Refused why = of.why();
            Provider provider = of.root().provider();
            boolean listable = rules.toList(why).isPresent();
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
