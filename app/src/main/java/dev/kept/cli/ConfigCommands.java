package dev.kept.cli;

import dev.kept.cli.Commands.Action;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigFile;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.Providers;
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

/** Commands that read and edit config.yaml. */
final class ConfigCommands {
    private ConfigCommands() {}

    @Command(
            name = "init",
            description = "Write a commented config.yaml, if there is none.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept init && $EDITOR ~/.kept/config.yaml"})
    static final class Init implements Action {
        private final Surroundings surroundings;

        Init(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws IOException {
            surroundings.home().createDirectories();
            boolean written = new ConfigFile(surroundings.home()).createDefault();
            String file = surroundings.forPeople(surroundings.home().configFile());
            surroundings
                    .out()
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
    static final class Allow implements Action {
        private final Surroundings surroundings;

        @Parameters(arity = "0..*", paramLabel = "DIR", description = "An existing directory.")
        private List<String> directories = List.of();

        @Option(names = "--list", description = "Only list the directories.")
        private boolean list;

        Allow(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            if (directories.isEmpty() && !list) {
                throw new UsageException("which directory? For example: kept allow ~/work/notes");
            }
            boolean changed = false;
            for (Path directory : existing(surroundings, directories)) {
                changed |= allow(surroundings, directory);
            }
            if (changed) {
                relaunch(surroundings);
            }
            if (list) {
                surroundings
                        .out()
                        .println(surroundings.forPeople(surroundings.home().recordings()) + "  (always)");
                for (Path root : new ConfigFile(surroundings.home()).allowed()) {
                    surroundings
                            .out()
                            .println(surroundings.forPeople(root)
                                    + (Files.isDirectory(root) ? "" : "  (does not exist)"));
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
    static final class Disallow implements Action {
        private final Surroundings surroundings;

        @Parameters(arity = "1", paramLabel = "DIR", description = "A directory that was allowed.")
        private String directory = "";

        Disallow(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            Path path = surroundings.path(directory);
            if (!new ConfigFile(surroundings.home()).disallow(path)) {
                throw new UsageException(surroundings.forPeople(path) + " was not allowed; see: kept allow --list");
            }
            audit(surroundings, "directory.disallowed", path);
            surroundings.out().println("Recordings may not be written below " + surroundings.forPeople(path) + ".");
            relaunch(surroundings);
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "validate",
            description = "Say whether config.yaml is understood, and if not, where and why.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept config validate && kept restart"})
    static final class Validate implements Action {
        private final Surroundings surroundings;

        Validate(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws ConfigException, IOException {
            KeptConfig config = ConfigReader.read(surroundings.home(), Providers.NAMES);
            Path file = surroundings.home().configFile();
            surroundings
                    .out()
                    .println(
                            Files.exists(file)
                                    ? surroundings.forPeople(file) + " is valid: at most " + config.daemonMaxMemoryMb()
                                            + " MiB, "
                                            + config.allowedWriteRoots().size()
                                            + " allowed directories besides recordings."
                                    : "There is no " + surroundings.forPeople(file)
                                            + "; the defaults hold. Write one with: kept init");
            return ExitCode.DONE;
        }
    }

    /** The directories that were typed; all of them must be there before any of them is allowed. */
    static List<Path> existing(Surroundings surroundings, List<String> typed) throws UsageException {
        List<Path> paths = typed.stream().map(surroundings::path).toList();
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                throw new UsageException(surroundings.forPeople(path)
                        + (Files.exists(path) ? " is not a directory" : " does not exist")
                        + "; name a directory, or create it first: mkdir -p " + ShellWord.of(path));
            }
        }
        return paths;
    }

    /** Allows an existing directory and says so; false if it was allowed already. */
    static boolean allow(Surroundings surroundings, Path directory) throws ConfigException, IOException {
        surroundings.home().createDirectories();
        boolean added = new ConfigFile(surroundings.home()).allow(directory);
        if (added) {
            audit(surroundings, "directory.allowed", directory);
        }
        surroundings
                .out()
                .println("Recordings may " + (added ? "now" : "already") + " be written below "
                        + surroundings.forPeople(directory) + ".");
        return added;
    }

    static void audit(Surroundings surroundings, String code, Path directory) throws IOException {
        surroundings.home().createDirectories();
        try (AuditLog audit = AuditLog.openBesideDaemon(surroundings.home(), surroundings.clock())) {
            audit.done(code, Map.of("directory", directory.toString()));
        }
    }

    /** Makes a running daemon take the file as it is now. */
    static void relaunch(Surroundings surroundings) throws Exception {
        ConfigReader.read(surroundings.home(), Providers.NAMES);
        DaemonProcess daemon = new DaemonProcess(surroundings.home());
        Optional<Long> pid = daemon.runningPid();
        if (pid.isPresent()) {
            long now = daemon.relaunch(pid.get());
            surroundings.out().println("The daemon runs with it (pid " + now + ").");
        }
    }
}
