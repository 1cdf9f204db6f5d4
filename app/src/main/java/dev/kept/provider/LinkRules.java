package dev.kept.provider;

import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules for symbolic links where agents keep their files. An agent's own session folder may be a link. A link below
 * it is followed if its owner listed the target, or a folder above the target, in {@code providers.NAME.follow}. No
 * link is followed to the home directory or a folder above it, to Kept's own files, to files of another user, or back
 * to a folder above the link.
 *
 * <p>Each verdict holds only for the moment it is given, so a link is judged again each time it is followed. Immutable.
 *
 * @param home the home and {@code KEPT_HOME} that no link may lead to; if empty, no link is followed
 * @param roots the roots of each followed agent, by its name
 * @param follow the directories that links of each agent may lead into, by its name
 */
public record LinkRules(Optional<KeptHome> home, Map<String, List<Root>> roots, Map<String, List<Path>> follow) {
    /** Rules by which no link is followed. */
    public static final LinkRules NONE = new LinkRules(Optional.empty(), Map.of(), Map.of());

    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    public LinkRules {
        roots = Map.copyOf(roots);
        follow = Map.copyOf(follow);
    }

    /** The root of an agent, and the session folders below it. */
    public record Root(Path root, List<Path> sessionFolders) {
        public Root {
            sessionFolders = List.copyOf(sessionFolders);
        }
    }

    /** The answer about a link. */
    public sealed interface Verdict {}

    /**
     * The link is followed.
     *
     * @param target the file or directory that it leads to, canonical
     */
    public record Followed(Path target) implements Verdict {}

    /**
     * The target is in a session folder of the same agent and is kept under its own name.
     *
     * @param target the canonical target
     */
    public record KeptAlready(Path target) implements Verdict {}

    /**
     * The link is not followed.
     *
     * @param target the file or directory that the link leads to; empty if it leads to none
     * @param detail more about the reason; may be empty
     */
    public record Refused(Reason reason, Optional<Path> target, String detail) implements Verdict {}

    /** A reason why a link is not followed. */
    public enum Reason {
        NOT_LISTED("it leads out of the agent's own folders, to a place that is not listed"),
        HOME("it leads to the home directory or a folder above it"),
        KEPT("it leads to Kept's own files, or to a folder above them"),
        OTHERS("it leads to what another user owns"),
        LOOP("it leads back to a folder above itself"),
        NOTHING("it leads to nothing that is there"),
        UNREADABLE("nobody can tell where it leads");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** Returns the words that complete the sentence "is not followed because". */
        public String words() {
            return words;
        }
    }

    /** Returns the rules that follow from a configuration. */
    public static LinkRules of(KeptHome home, KeptConfig config, Map<Provider, List<Path>> roots) {
        Map<String, List<Root>> byName = new HashMap<>();
        Map<String, List<Path>> follow = new HashMap<>();
        roots.forEach((provider, paths) -> {
            byName.put(
                    provider.name(),
                    paths.stream()
                            .map(path -> new Root(path, provider.sessionFolders()))
                            .toList());
            follow.put(provider.name(), config.provider(provider.name()).follow());
        });
        return new LinkRules(Optional.of(home), byName, follow);
    }

    /**
     * Returns the reason why a directory cannot be listed as a target of links; empty if it can.
     *
     * @param directory an existing directory
     */
    public static Optional<Reason> unlistable(KeptHome home, Path directory) {
        try {
            return forbidden(home, directory.toRealPath());
        } catch (IOException gone) {
            return Optional.of(Reason.UNREADABLE);
        }
    }

    /**
     * Judges a link by its current target.
     *
     * @param link the path of the link, with no link above it
     * @param sessionFolder whether the link is in the place of a session folder of an agent
     */
    public Verdict judge(Provider provider, Path link, boolean sessionFolder) {
        if (home.isEmpty()) {
            return new Refused(Reason.NOT_LISTED, Optional.empty(), "");
        }
        Path target;
        try {
            target = link.toRealPath();
        } catch (NoSuchFileException nothing) {
            return new Refused(Reason.NOTHING, Optional.empty(), "");
        } catch (FileSystemException e) {
            boolean loop = String.valueOf(e.getReason()).contains("symbolic link");
            return new Refused(
                    loop ? Reason.LOOP : Reason.UNREADABLE,
                    Optional.empty(),
                    loop ? "" : String.valueOf(e.getReason()));
        } catch (IOException e) {
            return new Refused(Reason.UNREADABLE, Optional.empty(), String.valueOf(e.getMessage()));
        }
        Optional<Reason> never = forbidden(home.get(), target);
        if (never.isEmpty() && leadsBack(link, target)) {
            never = Optional.of(Reason.LOOP);
        }
        if (never.isPresent()) {
            return new Refused(never.get(), Optional.of(target), "");
        }
        if (isInSessionFolder(provider, target, sessionFolder)) {
            return new KeptAlready(target);
        }
        return sessionFolder || isListed(provider, target)
                ? new Followed(target)
                : new Refused(Reason.NOT_LISTED, Optional.of(target), "");
    }

    /**
     * Reports whether sessions may be missing because a link is not followed. That is so if the link has the name of a
     * session file or leads to a folder, or if it leads nowhere and may have the name of a folder.
     *
     * @param relative the path of the link relative to the root
     */
    public static boolean mayHoldSessions(Provider provider, Path relative, Refused refused) {
        return provider.recognize(relative) instanceof SourceKind.Session
                || refused.target()
                        .map(Files::isDirectory)
                        .orElse(String.valueOf(relative.getFileName()).lastIndexOf('.') < 1);
    }

    /** Returns the remedy that gets the files behind a link kept. */
    public String remedy(Provider provider, Refused refused) {
        return switch (refused.reason()) {
            case NOT_LISTED -> {
                Optional<Path> toList = directoryToList(refused);
                yield toList.isPresent() && home.isPresent()
                        ? "kept follow " + home.get().shellWord(toList.get()) + " --agent " + provider.name()
                        : "Put what it leads to into a folder of its own, and make the link lead there.";
            }
            case NOTHING -> "Put back what it led to, or remove the link; it is looked at again every few seconds.";
            case HOME, KEPT, LOOP -> "Make the link lead to a folder that holds session files alone.";
            case OTHERS -> "Copy what it leads to into a folder of your own, and make the link lead there.";
            case UNREADABLE -> "Mend the link or the permissions on its way; it is looked at again every few seconds.";
        };
    }

    /** Returns the directory to list so that the link is followed; empty if none would do. */
    public Optional<Path> directoryToList(Refused refused) {
        if (refused.reason() != Reason.NOT_LISTED || home.isEmpty()) {
            return Optional.empty();
        }
        return refused.target()
                .map(target -> Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) ? target : target.getParent())
                .filter(folder -> forbidden(home.get(), folder).isEmpty());
    }

    private static Optional<Reason> forbidden(KeptHome home, Path target) {
        Path person = real(home.userHome());
        Path kept = real(home.directory());
        if (person.startsWith(target)) {
            return Optional.of(Reason.HOME);
        }
        if (target.startsWith(kept) || kept.startsWith(target)) {
            return Optional.of(Reason.KEPT);
        }
        return isOwners(home, target) ? Optional.empty() : Optional.of(Reason.OTHERS);
    }

    /**
     * Reports whether the target belongs to the owner of {@code KEPT_HOME}, or of the home directory as long as {@code
     * KEPT_HOME} does not exist.
     */
    private static boolean isOwners(KeptHome home, Path target) {
        if (!UNIX) {
            return true;
        }
        try {
            Path own = Files.isDirectory(home.directory()) ? home.directory() : home.userHome();
            return Files.getAttribute(target, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                    .equals(Files.getAttribute(own, "unix:uid"));
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean leadsBack(Path link, Path target) {
        Path folder = link.getParent();
        return folder != null && real(folder).startsWith(target);
    }

    /**
     * Reports whether the target is in a session folder. A session folder that is itself a link counts only for links
     * below one: of two such folders, neither is the real name of the other.
     */
    private boolean isInSessionFolder(Provider provider, Path target, boolean sessionFolder) {
        for (Root root : roots.getOrDefault(provider.name(), List.of())) {
            Path real = real(root.root());
            for (Path folder : root.sessionFolders()) {
                Path sessions = real.resolve(folder);
                boolean kept = Files.isSymbolicLink(sessions)
                        ? !sessionFolder
                                && judge(provider, sessions, true) instanceof Followed(Path own)
                                && target.startsWith(own)
                        : target.startsWith(sessions);
                if (kept) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isListed(Provider provider, Path target) {
        // A listed directory may be a link whose target has changed.
        return follow.getOrDefault(provider.name(), List.of()).stream()
                .map(LinkRules::real)
                .anyMatch(folder -> target.startsWith(folder)
                        && forbidden(home.orElseThrow(), folder).isEmpty());
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException notThere) {
            return path.toAbsolutePath().normalize();
        }
    }
}
