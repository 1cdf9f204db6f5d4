package dev.kept.cli;

import dev.kept.cli.Commands.Action;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigFile;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.config.SandboxMode;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.Providers;
import dev.kept.daemon.Welcome;
import dev.kept.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Commands that start, end and ask the daemon. */
final class DaemonCommands {
    private DaemonCommands() {}

    @Command(
            name = "start",
            description = "Start keeping. Returns when the daemon has its first heartbeat.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept start                          the first time it asks where recordings may be written",
                "  kept start --allow ~/work/notes     and asks nothing about that",
                "  kept start --import 30d             the first time: only what is younger than 30 days"
            })
    static final class Start implements Action {
        private final Surroundings surroundings;

        @Option(
                names = "--allow",
                paramLabel = "DIR",
                description = "Let recordings be written below this directory. May be repeated.")
        private List<String> allowed = List.of();

        @Option(
                names = "--import",
                paramLabel = "all|30d|none",
                description = "At the first start: which of the conversations that are there already are kept.")
        private String firstImport = "";

        Start(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            KeptHome home = surroundings.home();
            List<Path> wanted = ConfigCommands.existing(surroundings, allowed);
            validate(surroundings);
            boolean first = !Files.exists(home.configFile());
            if (first) {
                home.createDirectories();
                if (wanted.isEmpty() && surroundings.terminalIn() && surroundings.terminalOut()) {
                    wanted = new FolderQuestion(surroundings).ask();
                }
                ImportQuestion question = new ImportQuestion(surroundings);
                String chosen = firstImport.isEmpty() ? question.ask() : ImportQuestion.checked(firstImport);
                new ConfigFile(home).createDefault(chosen);
            } else if (!firstImport.isEmpty()) {
                throw new UsageException("--import is for the first start; from then on keep.firstImport in "
                        + surroundings.forPeople(home.configFile()) + " says it");
            }
            boolean changed = false;
            for (Path directory : wanted) {
                changed |= ConfigCommands.allow(surroundings, directory);
            }
            DaemonProcess daemon = new DaemonProcess(home);
            Optional<Long> running = daemon.runningPid();
            if (running.isPresent()) {
                surroundings.out().println("Kept is already running (pid " + running.get() + ").");
                surroundings.out().print(Welcome.lastEnd(home));
                if (changed) {
                    ConfigCommands.relaunch(surroundings);
                }
                return ExitCode.DONE;
            }
            return start(surroundings, daemon);
        }
    }

    @Command(
            name = "stop",
            description = "Stop keeping. Returns when the daemon is gone; what was kept stays.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept stop && kept status            exit code 3: it does not run"})
    static final class Stop implements Action {
        private final Surroundings surroundings;

        Stop(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            DaemonProcess.Ending ending = new DaemonProcess(surroundings.home()).stop();
            surroundings.out().println(ending.words());
            return ending == DaemonProcess.Ending.NONE_RAN ? ExitCode.NOT_RUNNING : ExitCode.DONE;
        }
    }

    @Command(
            name = "restart",
            description = "Stop and start, as after a change of config.yaml or an update.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  $EDITOR ~/.kept/config.yaml && kept restart"})
    static final class Restart implements Action {
        private final Surroundings surroundings;

        Restart(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            // Before the running daemon is stopped: with a mistake in the file it would not come back.
            validate(surroundings);
            DaemonProcess daemon = new DaemonProcess(surroundings.home());
            DaemonProcess.Ending ending = daemon.stop();
            if (ending == DaemonProcess.Ending.SIGNAL || ending == DaemonProcess.Ending.FORCE) {
                surroundings.out().println(ending.words());
            }
            return start(surroundings, daemon);
        }
    }

    @Command(
            name = "status",
            description = "Show what is held, what is recorded, what it costs, and what is wrong.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept status --all                   stale sessions too",
                "  kept status --live                  the whole screen, as it changes; q leaves",
                "  kept status --json | jq .memory     for programs; exit code 3 where no daemon runs"
            })
    static final class Status implements Action {
        private final Surroundings surroundings;

        @Option(names = "--json", description = "For programs; always with all sessions.")
        private boolean json;

        @Option(names = "--all", description = "Stale sessions too.")
        private boolean all;

        @Option(names = "--live", description = "On the whole screen, drawn again as things change; q leaves.")
        private boolean live;

        Status(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            return live ? LiveView.run(surroundings) : StatusView.show(surroundings, json, all);
        }
    }

    /** Refuses what the daemon would refuse, before anything is started. */
    private static void validate(Surroundings surroundings) throws ConfigException, IOException, UsageException {
        KeptConfig config = ConfigReader.read(surroundings.home(), Providers.NAMES);
        if (config.sandbox() != SandboxMode.REQUIRED) {
            return;
        }
        try {
            Sandbox.forMode(config.sandbox());
        } catch (IOException e) {
            throw new UsageException("" + e.getMessage());
        }
    }

    private static int start(Surroundings surroundings, DaemonProcess daemon) throws Exception {
        Path launcher = surroundings
                .launcher()
                .orElseThrow(() -> new UsageException(
                        "the daemon is started by the kept script, which was not used; run: ./kept start"));
        long pid;
        try (WaitingLine _ = WaitingLine.show(surroundings, "Starting")) {
            Optional<ServiceManager> service = ServiceManager.of(surroundings);
            daemon.launchNow();
            boolean byService = service.isPresent() && service.get().starts();
            pid = byService && service.get().run(service.get().toStart()).done()
                    ? daemon.awaitHeartbeat()
                    : daemon.start(launcher);
        }
        KeptHome home = surroundings.home();
        surroundings.out().print(Welcome.text(home, ConfigReader.read(home, Providers.NAMES), pid));
        return ExitCode.DONE;
    }
}
