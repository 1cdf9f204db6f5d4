package dev.kept.cli.service;

import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.cli.terminal.WaitIndicator;
import dev.kept.config.ConfigException;
import dev.kept.control.ExitCode;
import dev.kept.json.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/** Commands that hand the daemon over to the service manager, so that it runs from login on. */
public final class ServiceCommands {
    private ServiceCommands() {}

    @Command(
            name = "service",
            description = "Start Kept at login, and again if it is killed: a systemd user unit, or a launchd agent.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept service install", "  kept service status"})
    public static final class Service {}

    @Command(
            name = "install",
            description = {
                "Write the service's file, and have the service manager start it now and at each login.",
                "Where its tool (systemctl, launchctl) is not there, it says what to type."
            },
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept service install                again after an update or a change of daemonMaxMemoryMb",
                "  kept service install --print        only show the file"
            })
    public static final class Install implements Action {
        private final CliContext context;

        @Option(names = "--print", description = "Print the file and change nothing.")
        private boolean print;

        public Install(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            ServiceManager manager = manager(context);
            if (print) {
                context.out().print(manager.definition().text());
                return ExitCode.DONE;
            }
            if (!Files.exists(context.home().configFile())) {
                throw new UsageException(
                        "the first start asks what may be written and what is kept; run first: kept start");
            }
            Path file = manager.definition().file();
            if (manager.isInstalled() && !manager.isOurs()) {
                throw new UsageException(
                        context.forPeople(file) + " is there and was not written by Kept; move it away, and keep it");
            }
            write(file, manager.definition().text());
            context.out().println("Wrote " + context.forPeople(file) + ".");
            if (manager.tool().isEmpty()) {
                context.out().println("To start it now and at each login, stop Kept (kept stop) and type:");
                say(manager, manager.toEnable());
                say(manager, List.of(manager.toStart()));
                return ExitCode.DONE;
            }
            return enable(manager);
        }

        private int enable(ServiceManager manager) throws Exception {
            for (List<String> words : manager.toEnable()) {
                ServiceManager.Answer answer = manager.run(words);
                // An agent that was not loaded cannot be unloaded.
                if (!answer.done() && manager.definition() instanceof ServiceDefinition.SystemdUnit) {
                    return refused(manager, answer);
                }
            }
            DaemonProcess daemon = new DaemonProcess(context.home());
            daemon.stop();
            ServiceManager.Answer answer = manager.run(manager.toStart());
            if (!answer.done()) {
                return refused(manager, answer);
            }
            long pid;
            try (WaitIndicator _ = WaitIndicator.show(context, "Starting")) {
                pid = daemon.awaitHeartbeat();
            }
            context.out()
                    .println("Kept is running (pid " + pid + ") as the service "
                            + manager.definition().name() + ", and will from each login on.");
            if (manager.definition() instanceof ServiceDefinition.SystemdUnit) {
                context.out()
                        .println(
                                "It ends when you log out everywhere. To keep it running then: loginctl enable-linger");
            }
            return ExitCode.DONE;
        }

        private int refused(ServiceManager manager, ServiceManager.Answer answer) {
            context.err()
                    .println("kept: the service manager did not accept it"
                            + (answer.text().isEmpty() ? "" : " (" + answer.text() + ")")
                            + ". The file is written; where your session has a service manager, type:");
            for (String line : manager.typed(manager.toEnable())) {
                context.err().println("    " + line);
            }
            for (String line : manager.typed(List.of(manager.toStart()))) {
                context.err().println("    " + line);
            }
            return ExitCode.FAILED;
        }

        private void say(ServiceManager manager, List<List<String>> commands) {
            manager.typed(commands).forEach(line -> context.out().println("    " + line));
        }

        /** Writes the file so that it appears completely or not at all. */
        private static void write(Path file, String text) throws IOException {
            Path folder = Objects.requireNonNull(file.getParent());
            Files.createDirectories(folder);
            Path half = Files.createTempFile(folder, ".kept", ".new");
            try {
                Files.writeString(half, text);
                Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(half);
            }
        }
    }

    @Command(
            name = "uninstall",
            description = "End the service and remove its file. What was kept stays.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept service uninstall && kept start"})
    public static final class Uninstall implements Action {
        private final CliContext context;

        public Uninstall(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            ServiceManager manager = manager(context);
            Path file = manager.definition().file();
            if (!manager.isInstalled()) {
                context.out().println("There is no service: " + context.forPeople(file) + " is not there.");
                return ExitCode.DONE;
            }
            if (!manager.isOurs()) {
                throw new UsageException(context.forPeople(file) + " was not written by Kept, and is left alone");
            }
            boolean disabled = manager.tool().isPresent()
                    && manager.run(manager.toDisable()).done();
            Files.delete(file);
            if (disabled && manager.definition() instanceof ServiceDefinition.SystemdUnit) {
                manager.run(List.of("--user", "daemon-reload"));
            }
            context.out().println("Removed " + context.forPeople(file) + ".");
            if (!disabled) {
                context.out().println("If the service manager runs it still, type:");
                manager.typed(List.of(manager.toDisable()))
                        .forEach(line -> context.out().println("    " + line));
            }
            if (new DaemonProcess(context.home()).runningPid().isEmpty()) {
                context.out().println("Kept does not run now. Start it by hand with: kept start");
            }
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "status",
            description = "Say whether there is a service, and what its manager says of it.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept service status                 exit code 1 where none is installed"})
    public static final class Status implements Action {
        private final CliContext context;

        @Option(names = "--json", description = "For programs.")
        private boolean json;

        public Status(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            ServiceManager manager = manager(context);
            boolean installed = manager.isOurs();
            Optional<String> enabled = installed ? manager.ask("is-enabled") : Optional.empty();
            Optional<String> active = installed ? manager.ask("is-active") : Optional.empty();
            if (json) {
                context.out().println(json(manager, installed, enabled, active));
                return installed ? ExitCode.DONE : ExitCode.FAILED;
            }
            String file = context.forPeople(manager.definition().file());
            if (!installed) {
                context.out()
                        .println(
                                manager.isInstalled()
                                        ? file + " is there and was not written by Kept."
                                        : "There is no service. Start Kept at each login with: kept service install");
                return ExitCode.FAILED;
            }
            context.out().println("Service  " + manager.definition().name() + "  " + file);
            context.out()
                    .println("State    "
                            + enabled.map(state -> state
                                            + active.map(now -> ", " + now).orElse(""))
                                    .orElse("not known: the service manager cannot be asked here"));
            if (!manager.isCurrent()) {
                context.out()
                        .println("The file is not what Kept, its place and config.yaml ask for now. Mend it with:"
                                + " kept service install");
            }
            return ExitCode.DONE;
        }

        private static String json(
                ServiceManager manager, boolean installed, Optional<String> enabled, Optional<String> active)
                throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator out = JsonWriter.indented(text)) {
                out.writeStartObject();
                out.writeNumberProperty("schemaVersion", 1);
                out.writeStringProperty("name", manager.definition().name());
                out.writeStringProperty("file", manager.definition().file().toString());
                out.writeBooleanProperty("installed", installed);
                if (installed) {
                    out.writeBooleanProperty("current", manager.isCurrent());
                }
                enabled.ifPresent(state -> out.writeStringProperty("enabled", state));
                active.ifPresent(state -> out.writeStringProperty("active", state));
                out.writeEndObject();
            }
            return text.toString();
        }
    }

    private static ServiceManager manager(CliContext context) throws IOException, ConfigException, UsageException {
        return ServiceManager.of(context)
                .orElseThrow(() ->
                        new UsageException("a service runs the kept script, which was not used; run: ./kept service"));
    }
}
