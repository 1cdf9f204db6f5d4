package dev.kept.cli.service;

import dev.kept.agents.Providers;
import dev.kept.cli.terminal.CliContext;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.JavaVariables;
import dev.kept.text.ShellWord;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The service manager of this machine, controlled through its own tool where that is installed. */
public final class ServiceManager {
    private static final int PATIENCE_SECONDS = 60;

    private final CliContext context;
    private final ServiceDefinition definition;

    private ServiceManager(CliContext context, ServiceDefinition definition) {
        this.context = context;
        this.definition = definition;
    }

    /** The result of running the tool. */
    public record Answer(boolean done, String text) {}

    /**
     * Returns a manager for the service defined by this launcher and this environment; empty without the launcher.
     *
     * @throws ConfigException if there is a configuration that is refused
     */
    public static Optional<ServiceManager> of(CliContext context) throws IOException, ConfigException {
        Optional<Path> launcher = context.launcher();
        if (launcher.isEmpty()) {
            return Optional.empty();
        }
        ServiceDefinition.Facts facts = new ServiceDefinition.Facts(
                launcher.get().toAbsolutePath().normalize(),
                context.home(),
                variables(context),
                ConfigReader.read(context.home(), Providers.NAMES).daemonMaxMemoryMb());
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        ServiceDefinition definition = system.startsWith("mac")
                ? new ServiceDefinition.LaunchAgent(facts)
                : new ServiceDefinition.SystemdUnit(facts, configDirectory(context));
        return Optional.of(new ServiceManager(context, definition));
    }

    /** Returns the variables that locate agents and Java: the manager's own environment lacks them. */
    private static Map<String, String> variables(CliContext context) {
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(Providers.variables(context.home()));
        names.add(JavaVariables.OPTIONS);
        for (String name : names) {
            String value = context.environment().getOrDefault(name, "");
            if (!value.isEmpty()) {
                variables.put(name, value);
            }
        }
        variables.put("KEPT_JAVA_HOME", System.getProperty("java.home"));
        return variables;
    }

    private static Path configDirectory(CliContext context) {
        String configured = context.environment().getOrDefault("XDG_CONFIG_HOME", "");
        return configured.startsWith("/")
                ? Path.of(configured)
                : context.home().userHome().resolve(".config");
    }

    public ServiceDefinition definition() {
        return definition;
    }

    boolean isInstalled() {
        return Files.exists(definition.file(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Reports whether the file exists and was written by Kept, of any version. */
    public boolean isOurs() throws IOException {
        return Files.isRegularFile(definition.file())
                && Files.readString(definition.file()).contains(ServiceDefinition.WRITTEN_BY);
    }

    /** Reports whether the file equals one that would be written now. */
    public boolean isCurrent() throws IOException {
        return Files.isRegularFile(definition.file())
                && Files.readString(definition.file()).equals(definition.text());
    }

    /** Returns the manager's tool on the {@code PATH}. */
    Optional<Path> tool() {
        String name = switch (definition) {
            case ServiceDefinition.SystemdUnit _ -> "systemctl";
            case ServiceDefinition.LaunchAgent _ -> "launchctl";
        };
        for (String folder : context.environment().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            try {
                Path tool = Path.of(folder).resolve(name);
                if (!folder.isEmpty() && Files.isExecutable(tool)) {
                    return Optional.of(tool);
                }
            } catch (InvalidPathException noFolder) {
                // Not a place where a tool can be.
            }
        }
        return Optional.empty();
    }

    /** Returns the commands that make the manager read the file and enable the service at each login. */
    List<List<String>> toEnable() {
        return switch (definition) {
            case ServiceDefinition.SystemdUnit unit ->
                List.of(List.of("--user", "daemon-reload"), List.of("--user", "enable", unit.name()));
            case ServiceDefinition.LaunchAgent agent -> List.of(List.of("bootout", domain() + "/" + agent.name()));
        };
    }

    /** Returns the command that starts the service. */
    public List<String> toStart() {
        return switch (definition) {
            case ServiceDefinition.SystemdUnit unit -> List.of("--user", "start", unit.name());
            case ServiceDefinition.LaunchAgent agent ->
                List.of("bootstrap", domain(), agent.file().toString());
        };
    }

    /** Returns the command that ends the service and makes the manager forget it; the file is removed afterwards. */
    List<String> toDisable() {
        return switch (definition) {
            case ServiceDefinition.SystemdUnit unit -> List.of("--user", "disable", "--now", unit.name());
            case ServiceDefinition.LaunchAgent agent -> List.of("bootout", domain() + "/" + agent.name());
        };
    }

    private String domain() {
        try {
            return "gui/" + Files.getAttribute(context.home().userHome(), "unix:uid");
        } catch (IOException | UnsupportedOperationException unknown) {
            return "gui/UID";
        }
    }

    /** Returns the commands as a person types them. */
    List<String> typed(List<List<String>> commands) {
        String tool = switch (definition) {
            case ServiceDefinition.SystemdUnit _ -> "systemctl ";
            case ServiceDefinition.LaunchAgent _ -> "launchctl ";
        };
        return commands.stream()
                .map(words -> tool + words.stream().map(ShellWord::of).collect(Collectors.joining(" ")))
                .toList();
    }

    /** Runs the tool; the result is a failure if there is none. */
    public Answer run(List<String> words) throws IOException, InterruptedException {
        Optional<Path> tool = tool();
        if (tool.isEmpty()) {
            return new Answer(false, "there is no such tool");
        }
        List<String> command = new ArrayList<>();
        command.add(tool.get().toString());
        command.addAll(words);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectErrorStream(true);
        JavaVariables.restoreLocale(builder.environment());
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroy();
            return new Answer(false, "no answer within " + PATIENCE_SECONDS + " s");
        }
        return new Answer(process.exitValue() == 0, text);
    }

    /** Returns the manager's word for a state, {@code is-enabled} or {@code is-active}; empty if it cannot be asked. */
    Optional<String> ask(String question) throws IOException, InterruptedException {
        if (tool().isEmpty()) {
            return Optional.empty();
        }
        return switch (definition) {
            case ServiceDefinition.SystemdUnit unit -> {
                Answer answer = run(List.of("--user", question, unit.name()));
                // "disabled" and "inactive" come with a failure too, in one word; a failure to ask takes more words.
                yield answer.text().matches("[a-z-]+") ? Optional.of(answer.text()) : Optional.empty();
            }
            case ServiceDefinition.LaunchAgent agent ->
                Optional.of(run(List.of("print", domain() + "/" + agent.name())).done() ? "loaded" : "not loaded");
        };
    }

    /** Reports whether {@code kept start} is left to the manager: the service is installed and enabled. */
    public boolean isEnabled() throws IOException, InterruptedException {
        return isOurs()
                && switch (definition) {
                    case ServiceDefinition.SystemdUnit _ -> ask("is-enabled").equals(Optional.of("enabled"));
                    case ServiceDefinition.LaunchAgent _ -> false;
                };
    }
}
