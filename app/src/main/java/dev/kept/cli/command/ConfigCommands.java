package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.cli.service.DaemonProcess;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigFile;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.control.ExitCode;
import dev.kept.observe.AuditLog;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that read and edit config.yaml. */
public final class ConfigCommands {
    private ConfigCommands() {}

    @Command(
            name = "init",
            description = "Write a commented config.yaml, if there is none.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept init && $EDITOR ~/.kept/config.yaml"})
    public static final class Init implements Action {
        private final CliContext context;

        public Init(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws IOException {
            context.home().createDirectories();
            boolean written = new ConfigFile(context.home()).createDefault();
            String file = context.forPeople(context.home().configFile());
            context.out()
                    .println(
                            written
                                    ? "Wrote " + file + ". Start keeping with: kept start"
                                    : file + " is there already; nothing changed.");
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "allow",
            description = "Let recordings be written below a directory, or list where they may.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept allow .                        below the directory that you are in",
                "  kept allow --list                   where they may be written now"
            })
    public static final class Allow implements Action {
        private final CliContext context;

        @Parameters(arity = "0..*", paramLabel = "DIR", description = "An existing directory.")
        private List<String> directories = List.of();

        @Option(names = "--list", description = "Only list the directories.")
        private boolean list;

        public Allow(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            if (directories.isEmpty() && !list) {
                throw new UsageException("which directory? For example: kept allow ~/work/notes");
            }
            boolean changed = false;
            for (Path directory : existing(context, directories)) {
                changed |= allow(context, directory);
            }
            if (changed) {
                relaunch(context);
            }
            if (list) {
                context.out().println(context.forPeople(context.home().recordings()) + "  (always)");
                for (Path root : new ConfigFile(context.home()).allowed()) {
                    context.out()
                            .println(context.forPeople(root) + (Files.isDirectory(root) ? "" : "  (does not exist)"));
                }
            }
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "disallow",
            description = "Let nothing be written below a directory any more.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept disallow ~/work/notes"})
    public static final class Disallow implements Action {
        private final CliContext context;

        @Parameters(arity = "1", paramLabel = "DIR", description = "A directory that was allowed.")
        private String directory = "";

        public Disallow(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            Path path = context.path(directory);
            if (!new ConfigFile(context.home()).disallow(path)) {
                throw new UsageException(context.forPeople(path) + " was not allowed; see: kept allow --list");
            }
            audit(context, "directory.disallowed", path);
            context.out().println("Recordings may not be written below " + context.forPeople(path) + ".");
            relaunch(context);
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "validate",
            description = "Say whether config.yaml is understood, and if not, where and why.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept config validate && kept restart"})
    public static final class Validate implements Action {
        private final CliContext context;

        public Validate(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws ConfigException, IOException {
            KeptConfig config = ConfigReader.read(context.home(), Providers.NAMES);
            Path file = context.home().configFile();
            context.out()
                    .println(
                            Files.exists(file)
                                    ? context.forPeople(file) + " is valid: at most " + config.daemonMaxMemoryMb()
                                            + " MiB, "
                                            + config.allowedWriteRoots().size()
                                            + " allowed directories besides recordings."
                                    : "There is no " + context.forPeople(file)
                                            + "; the defaults apply. Write one with: kept init");
            return ExitCode.DONE;
        }
    }

    /** Returns the typed directories; all must exist before any of them is allowed. */
    static List<Path> existing(CliContext context, List<String> typed) throws UsageException {
        List<Path> paths = typed.stream().map(context::path).toList();
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                throw new UsageException(context.forPeople(path)
                        + (Files.exists(path) ? " is not a directory" : " does not exist")
                        + "; name a directory, or create it first: mkdir -p " + ShellWord.of(path));
            }
        }
        return paths;
    }

    /** Allows an existing directory and reports it; returns false if it was allowed already. */
    static boolean allow(CliContext context, Path directory) throws ConfigException, IOException {
        context.home().createDirectories();
        boolean added = new ConfigFile(context.home()).allow(directory);
        if (added) {
            audit(context, "directory.allowed", directory);
        }
        context.out()
                .println("Recordings may " + (added ? "now" : "already") + " be written below "
                        + context.forPeople(directory) + ".");
        return added;
    }

    static void audit(CliContext context, String code, Path directory) throws IOException {
        context.home().createDirectories();
        try (AuditLog audit = AuditLog.openBesideDaemon(context.home(), context.clock())) {
            audit.done(code, Map.of("directory", directory.toString()));
        }
    }

    /** Makes a running daemon use the current configuration file. */
    static void relaunch(CliContext context) throws Exception {
        ConfigReader.read(context.home(), Providers.NAMES);
        DaemonProcess daemon = new DaemonProcess(context.home());
        Optional<Long> pid = daemon.runningPid();
        if (pid.isPresent()) {
            long now = daemon.relaunch(pid.get());
            context.out().println("The daemon runs with it (pid " + now + ").");
        }
    }
}
