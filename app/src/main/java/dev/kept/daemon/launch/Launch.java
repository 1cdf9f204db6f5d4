package dev.kept.daemon.launch;

import dev.kept.agents.Providers;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.HomeDisk;
import dev.kept.config.HomeFormat;
import dev.kept.config.HomeOwner;
import dev.kept.config.JavaVariables;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.control.DaemonCommandLine;
import dev.kept.control.ExitCode;
import dev.kept.control.JvmLimits;
import dev.kept.recording.secret.MarkerKey;
import dev.kept.sandbox.ProcessReplacement;
import dev.kept.sandbox.Sandbox;
import dev.kept.sandbox.SandboxRules;
import dev.kept.sandbox.SandboxStatus;
import dev.kept.text.TerminalStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The short-lived process between the supervisor and the daemon: reads the configuration, confines itself, and becomes
 * the daemon with the limits that follow from the configuration. It reads no session data.
 */
public final class Launch {
    private Launch() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.setErr(TerminalStream.standardError(false));
        System.exit(run(System.getenv(), System.err));
    }

    private static int run(Map<String, String> environment, PrintStream errors) throws InterruptedException {
        KeptHome home = KeptHome.fromEnvironment(environment);
        try {
            HomeOwner.check(home);
            HomeFormat.check(home);
            KeptConfig config = ConfigReader.read(home, Providers.NAMES);
            HomeDisk.check(home, config);
            Sandbox sandbox = Sandbox.forMode(config.sandbox());
            home.createDirectories();
            HomeFormat.write(home);
            // Created here if missing: the daemon may only read it.
            MarkerKey.open(home.markerKey());
            LaunchedProgram program = program(home);
            SandboxRules rules = rules(home, config, environment, program);
            String launch = UUID.randomUUID().toString();
            Map<String, String> variables = JavaVariables.forJava(environment);
            variables.putAll(JvmLimits.environment());
            return ProcessReplacement.become(
                    command(home, config, environment, launch, program), variables, sandbox, rules, home, launch);
        } catch (ConfigException e) {
            errors.println(e.getMessage());
            return ExitCode.USAGE;
        } catch (IOException e) {
            errors.println("kept: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    /** Runs through a launch without launching, so that its classes are in the AOT cache of later starts. */
    public static void train(KeptHome home, Map<String, String> environment) throws IOException {
        try {
            KeptConfig config = ConfigReader.read(home, Providers.NAMES);
            HomeDisk.check(home, config);
            home.createDirectories();
            MarkerKey.open(home.markerKey());
            LaunchedProgram program = program(home);
            Sandbox.forMode(config.sandbox());
            ProcessReplacement.train(
                    command(home, config, environment, UUID.randomUUID().toString(), program),
                    environment,
                    rules(home, config, environment, program),
                    home);
        } catch (ConfigException e) {
            throw new IOException(e);
        }
    }

    /** Returns the rules for a daemon launched with this configuration from this program. */
    private static SandboxRules rules(
            KeptHome home, KeptConfig config, Map<String, String> environment, LaunchedProgram program) {
        List<String> files = new ArrayList<>(List.of(program.classPath()));
        program.libraries().ifPresent(folder -> files.add(folder.toString()));
        program.aotCache().ifPresent(file -> files.add(file.toString()));
        return SandboxRules.ofThisJava(
                home, config, Providers.roots(config, home, environment), String.join(File.pathSeparator, files));
    }

    private static LaunchedProgram program(KeptHome home) throws IOException {
        String own = System.getProperty("java.class.path");
        // Anything but a single jar is a developer's class path.
        return own.endsWith(".jar") && !own.contains(File.pathSeparator)
                ? ProgramCopy.make(home, Path.of(own))
                : new LaunchedProgram(own, Optional.empty());
    }

    /**
     * Returns the daemon's command line, with this process's own Java. The limits come last, because the last of two
     * equal options counts.
     */
    static List<String> command(
            KeptHome home, KeptConfig config, Map<String, String> environment, String launch, LaunchedProgram program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JavaVariables.options(environment));
        command.addAll(JvmLimits.flags(config.daemonMaxMemoryMb(), home));
        program.aotCache().ifPresent(file -> command.addAll(aotOptions(file)));
        // Already implied by the launcher's locale, where it has one.
        command.add("-Dsun.jnu.encoding=UTF-8");
        command.add("-D" + SandboxStatus.LAUNCH_PROPERTY + "=" + launch);
        command.add("-cp");
        command.add(program.classPath());
        command.add(DaemonCommandLine.MAIN_CLASS);
        return command;
    }

    /**
     * Returns the options for an AOT cache. Without relocation its pages stay pages of a file and need no memory of
     * their own.
     */
    private static List<String> aotOptions(Path file) {
        return List.of(
                "-XX:AOTCache=" + file,
                "-Xlog:aot*=off",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0");
    }
}
