package dev.kept.sandbox;

import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.provider.LinkRules;
import dev.kept.provider.Provider;
import dev.kept.sandbox.PathRule.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The daemon's rights to read and write files, derived from the configuration: the single source for the kernel's
 * rules, for {@code kept doctor --sandbox}, and for detecting that the file at a path is no longer the one of its rule.
 * Immutable.
 *
 * <p>Of {@code KEPT_HOME} only the folders of {@link KeptHome#folders} may be written: the daemon cannot change its own
 * configuration. Of an agent's root only the folders with its session files may be read, and the files that list their
 * names: not other files there, such as its credentials. A folder that is a link is read at its target, and so are the
 * targets that the owner listed for links among session files; see {@link LinkRules}. Links are resolved when the rules
 * are made.
 *
 * @param rules rules in the order in which people should read them
 */
public record SandboxRules(List<PathRule> rules) {
    public SandboxRules {
        rules = List.copyOf(rules);
    }

    /**
     * Returns the rules of a configuration for a daemon that runs on the Java of this process.
     *
     * @param roots the followed agents and their roots
     * @param classPath files of the program, in the form of a class path; may be empty
     */
    public static SandboxRules ofThisJava(
            KeptHome home, KeptConfig config, Map<Provider, List<Path>> roots, String classPath) {
        return of(home, config, roots, RuntimeFiles.rules(Path.of(System.getProperty("java.home")), classPath));
    }

    /**
     * Returns the rules of a configuration.
     *
     * @param roots the followed agents and their roots
     * @param program rules for the runtime and the class path
     */
    public static SandboxRules of(
            KeptHome home, KeptConfig config, Map<Provider, List<Path>> roots, List<PathRule> program) {
        List<PathRule> rules = new ArrayList<>();
        LinkRules links = LinkRules.of(home, config, roots);
        roots.forEach((provider, paths) -> {
            for (Path root : paths) {
                for (Path folder : provider.sessionFolders()) {
                    Path sessions = absolute(root).resolve(folder);
                    rules.add(new PathRule(sessions, Access.READ, Reason.SESSIONS));
                    linked(links, provider, root, folder)
                            .ifPresent(target -> rules.add(new PathRule(target, Access.READ, Reason.SESSIONS)));
                }
                for (Path file : provider.nameLists()) {
                    rules.add(new PathRule(absolute(root).resolve(file), Access.READ, Reason.NAMES));
                }
            }
            for (Path listed : config.provider(provider.name()).follow()) {
                if (LinkRules.unlistable(home, listed).isEmpty()) {
                    rules.add(new PathRule(real(listed), Access.READ, Reason.SESSIONS));
                }
            }
        });
        for (Path root : config.allowedWriteRoots()) {
            rules.add(new PathRule(absolute(root), Access.RECORD, Reason.RECORDINGS));
        }
        rules.add(new PathRule(home.directory(), Access.READ, Reason.KEPT));
        for (Path folder : home.folders()) {
            rules.add(new PathRule(folder, Access.OWN, Reason.KEPT));
        }
        if (Files.isSymbolicLink(home.configFile())) {
            rules.add(new PathRule(real(home.configFile()), Access.READ, Reason.CONFIGURATION));
        }
        rules.addAll(program);
        return new SandboxRules(rules);
    }

    /** Returns the target of a session folder, if that is a link that is followed. */
    private static Optional<Path> linked(LinkRules links, Provider provider, Path root, Path folder) {
        Path sessions = real(root).resolve(folder);
        return Files.isSymbolicLink(sessions)
                        && links.judge(provider, sessions, true) instanceof LinkRules.Followed(Path target)
                ? Optional.of(target)
                : Optional.empty();
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException leadsNowhere) {
            return path;
        }
    }
}
