package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.cli.service.DaemonProcess;
import dev.kept.cli.service.ServiceManager;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.cli.terminal.WaitIndicator;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigFile;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.config.SandboxMode;
import dev.kept.control.ExitCode;
import dev.kept.control.StartupMessage;
import dev.kept.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that start, stop and query the daemon. */
public final class DaemonCommands {
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
    public static final class Start implements Action {
        private final CliContext context;

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

        public Start(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            KeptHome home = context.home();
            List<Path> wanted = ConfigCommands.existing(context, allowed);
            validate(context);
            boolean first = !Files.exists(home.configFile());
            if (first) {
                home.createDirectories();
                if (wanted.isEmpty() && context.terminalIn() && context.terminalOut()) {
                    wanted = new FolderQuestion(context).ask();
                }
                ImportQuestion question = new ImportQuestion(context);
                String chosen = firstImport.isEmpty() ? question.ask() : ImportQuestion.checked(firstImport);
                new ConfigFile(home).createDefault(chosen);
            } else if (!firstImport.isEmpty()) {
                throw new UsageException("--import is for the first start; from then on keep.firstImport in "
                        + context.forPeople(home.configFile()) + " says it");
            }
            boolean changed = false;
            for (Path directory : wanted) {
                changed |= ConfigCommands.allow(context, directory);
            }
            DaemonProcess daemon = new DaemonProcess(home);
            Optional<Long> running = daemon.runningPid();
            if (running.isPresent()) {
                context.out().println("Kept is already running (pid " + running.get() + ").");
                context.out().print(StartupMessage.lastEnd(home));
                if (changed) {
                    ConfigCommands.relaunch(context);
                }
                return ExitCode.DONE;
            }
            return start(context, daemon);
        }
    }

    @Command(
            name = "stop",
            description = "Stop keeping. Returns when the daemon is gone; what was kept stays.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept stop && kept status            exit code 3: it does not run"})
    public static final class Stop implements Action {
        private final CliContext context;

        public Stop(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            DaemonProcess.Ending ending = new DaemonProcess(context.home()).stop();
            context.out().println(ending.words());
            return ending == DaemonProcess.Ending.NONE_RAN ? ExitCode.NOT_RUNNING : ExitCode.DONE;
        }
    }

    @Command(
            name = "restart",
            description = "Stop and start, as after a change of config.yaml or an update.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  $EDITOR ~/.kept/config.yaml && kept restart"})
    public static final class Restart implements Action {
        private final CliContext context;

        public Restart(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            // Before the running daemon is stopped: with a mistake in the file it would not start again.
            validate(context);
            DaemonProcess daemon = new DaemonProcess(context.home());
            DaemonProcess.Ending ending = daemon.stop();
            if (ending == DaemonProcess.Ending.SIGNAL || ending == DaemonProcess.Ending.FORCE) {
                context.out().println(ending.words());
            }
            return start(context, daemon);
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
    public static final class Status implements Action {
        private final CliContext context;

        @Option(names = "--json", description = "For programs; always with all sessions.")
        private boolean json;

        @Option(names = "--all", description = "Stale sessions too.")
        private boolean all;

        @Option(names = "--live", description = "On the whole screen, drawn again as things change; q leaves.")
        private boolean live;

        public Status(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            return live ? LiveView.run(context) : StatusView.show(context, json, all);
        }
    }

    /** Rejects a configuration that the daemon would reject, before anything is started. */
    private static void validate(CliContext context) throws ConfigException, IOException, UsageException {
        KeptConfig config = ConfigReader.read(context.home(), Providers.NAMES);
        if (config.sandbox() != SandboxMode.REQUIRED) {
            return;
        }
        try {
            Sandbox.forMode(config.sandbox());
        } catch (IOException e) {
            throw new UsageException("" + e.getMessage());
        }
    }

    private static int start(CliContext context, DaemonProcess daemon) throws Exception {
        Path launcher = context.launcher()
                .orElseThrow(() -> new UsageException(
                        "the daemon is started by the kept script, which was not used; run: ./kept start"));
        long pid;
        try (WaitIndicator _ = WaitIndicator.show(context, "Starting")) {
            Optional<ServiceManager> service = ServiceManager.of(context);
            daemon.launchNow();
            boolean byService = service.isPresent() && service.get().isEnabled();
            pid = byService && service.get().run(service.get().toStart()).done()
                    ? daemon.awaitHeartbeat()
                    : daemon.start(launcher);
        }
        KeptHome home = context.home();
        context.out().print(StartupMessage.text(home, ConfigReader.read(home, Providers.NAMES), pid));
        return ExitCode.DONE;
    }
}
