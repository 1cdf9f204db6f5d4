package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigFile;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.control.ExitCode;
import dev.kept.provider.LinkRules;
import dev.kept.provider.LinkRules.Followed;
import dev.kept.provider.LinkRules.KeptAlready;
import dev.kept.provider.LinkRules.Reason;
import dev.kept.provider.LinkRules.Refused;
import dev.kept.provider.LinkScan;
import dev.kept.provider.LinkScan.Found;
import dev.kept.provider.Provider;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that manage the directories into which links among session files are followed. */
public final class FollowCommands {
    private FollowCommands() {}

    @Command(
            name = "follow",
            description = "Follow links among an agent's session files into a directory, or list the links.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept follow ~/dotfiles/claude --agent claude",
                "  kept follow --list                  the directories, and every link with where it leads"
            })
    public static final class Follow implements Action {
        private final CliContext context;

        @Parameters(arity = "0..*", paramLabel = "DIR", description = "An existing directory.")
        private List<String> directories = List.of();

        @Option(
                names = "--agent",
                paramLabel = "NAME",
                description = "Whose links: claude, codex, gemini or copilot. Without it, whose links lead there now.")
        private Optional<String> agent = Optional.empty();

        @Option(names = "--list", description = "Only list the directories and the links.")
        private boolean list;

        public Follow(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            if (directories.isEmpty() && !list) {
                throw new UsageException("which directory? For example: kept follow ~/dotfiles/claude --agent claude");
            }
            Optional<String> only = known(agent);
            boolean changed = false;
            for (Path directory : ConfigCommands.existing(context, directories)) {
                refuseWhereNoLinkMayLead(directory);
                for (String each : only.isPresent() ? List.of(only.get()) : agentsWithLinksTo(directory)) {
                    changed |= follow(each, directory);
                }
            }
            if (changed) {
                ConfigCommands.relaunch(context);
            }
            if (list) {
                list(only);
            }
            return ExitCode.DONE;
        }

        private void refuseWhereNoLinkMayLead(Path directory) throws UsageException {
            Optional<Reason> reason = LinkRules.unlistable(context.home(), directory);
            if (reason.isPresent()) {
                throw new UsageException(context.forPeople(directory)
                        + switch (reason.get()) {
                            case HOME -> " is the home directory, or a folder above it";
                            case KEPT -> " holds Kept's own files, or is among them";
                            case OTHERS -> " belongs to another user";
                            case NOT_LISTED, LOOP, NOTHING, UNREADABLE -> " cannot be looked at";
                        }
                        + ": no link is followed there; name a folder of your own that holds session files alone");
            }
        }

        private List<String> agentsWithLinksTo(Path directory) throws UsageException, ConfigException, IOException {
            Path real = directory.toRealPath();
            TreeSet<String> agents = new TreeSet<>();
            for (Found each : scan(context)) {
                if (each.verdict() instanceof Refused refused
                        && refused.reason() == Reason.NOT_LISTED
                        && refused.target().filter(to -> to.startsWith(real)).isPresent()) {
                    agents.add(each.provider().name());
                }
            }
            if (agents.isEmpty()) {
                throw new UsageException("no link that is not followed leads there now; name the agent: kept follow "
                        + ShellWord.of(directory) + " --agent claude (" + names() + ")");
            }
            return List.copyOf(agents);
        }

        private boolean follow(String name, Path directory) throws ConfigException, IOException {
            context.home().createDirectories();
            boolean added = new ConfigFile(context.home()).follow(name, directory);
            if (added) {
                ConfigCommands.audit(context, "link.allowed", directory);
            }
            context.out()
                    .println("Links among the session files of " + name + " are " + (added ? "now" : "already")
                            + " followed into " + context.forPeople(directory) + ".");
            return added;
        }

        private void list(Optional<String> only) throws ConfigException, IOException {
            List<String> lines = new ArrayList<>();
            for (Provider provider : Providers.ALL) {
                if (only.filter(name -> !name.equals(provider.name())).isPresent()) {
                    continue;
                }
                for (Path directory : new ConfigFile(context.home()).followed(provider.name())) {
                    lines.add(provider.name() + ": links are followed into " + context.forPeople(directory)
                            + (Files.isDirectory(directory) ? "" : "  (does not exist)"));
                }
            }
            LinkRules rules = rules(context);
            for (Found each : scan(context)) {
                if (only.filter(name -> !name.equals(each.provider().name())).isEmpty()) {
                    lines.addAll(lines(rules, each));
                }
            }
            if (lines.isEmpty()) {
                lines.add("No directory is listed, and no link is among the session files.");
            }
            lines.forEach(context.out()::println);
        }

        private List<String> lines(LinkRules rules, Found found) {
            String link = found.provider().name() + ": " + context.forPeople(found.link());
            return switch (found.verdict()) {
                case Followed(Path target) -> List.of(link + " → " + context.forPeople(target) + ", followed");
                case KeptAlready(Path target) ->
                    List.of(link + " → " + context.forPeople(target) + ", kept under its own name");
                case Refused refused ->
                    List.of(
                            link
                                    + refused.target()
                                            .map(target -> " → " + context.forPeople(target))
                                            .orElse("")
                                    + ", not followed: " + refused.reason().words(),
                            "  → " + rules.remedy(found.provider(), refused));
            };
        }
    }

    @Command(
            name = "unfollow",
            description = "Follow links among session files into a directory no more; what was kept stays.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept unfollow ~/dotfiles/claude"})
    public static final class Unfollow implements Action {
        private final CliContext context;

        @Parameters(arity = "1", paramLabel = "DIR", description = "A directory that links were followed into.")
        private String directory = "";

        @Option(names = "--agent", paramLabel = "NAME", description = "Whose links. Without it, every agent's.")
        private Optional<String> agent = Optional.empty();

        public Unfollow(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            Path path = context.path(directory);
            Optional<String> only = known(agent);
            List<String> changed = new ArrayList<>();
            for (Provider provider : Providers.ALL) {
                if (only.filter(name -> !name.equals(provider.name())).isEmpty()
                        && new ConfigFile(context.home()).unfollow(provider.name(), path)) {
                    changed.add(provider.name());
                }
            }
            if (changed.isEmpty()) {
                throw new UsageException(
                        "no links are followed into " + context.forPeople(path) + "; see: kept follow --list");
            }
            ConfigCommands.audit(context, "link.disallowed", path);
            context.out()
                    .println("Links among the session files of " + String.join(", ", changed)
                            + " are not followed into " + context.forPeople(path) + " any more.");
            ConfigCommands.relaunch(context);
            return ExitCode.DONE;
        }
    }

    private static String names() {
        return String.join(", ", new TreeSet<>(Providers.NAMES));
    }

    private static Optional<String> known(Optional<String> agent) throws UsageException {
        if (agent.filter(name -> !Providers.NAMES.contains(name)).isPresent()) {
            throw new UsageException("there is no agent \"" + agent.get() + "\"; Kept knows " + names());
        }
        return agent;
    }

    private static Map<Provider, List<Path>> roots(CliContext context) throws ConfigException, IOException {
        KeptConfig config = ConfigReader.read(context.home(), Providers.NAMES);
        return Providers.roots(config, context.home(), context.environment());
    }

    private static LinkRules rules(CliContext context) throws ConfigException, IOException {
        KeptConfig config = ConfigReader.read(context.home(), Providers.NAMES);
        return LinkRules.of(context.home(), config, roots(context));
    }

    private static List<Found> scan(CliContext context) throws ConfigException, IOException {
        return LinkScan.of(rules(context), roots(context));
    }
}
