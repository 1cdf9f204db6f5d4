package dev.kept.daemon;

import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The short process between the supervisor and the daemon: reads the configuration, confines itself, and becomes the
 * daemon with the limits that follow from the configuration. It reads no session data.
 */
public final class Launch {
    /** The system property that tells the daemon what confines it. */
    public static final String SANDBOX_PROPERTY = "kept.sandbox";

    private Launch() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(System.getenv(), System.err));
    }

    private static int run(Map<String, String> environment, PrintStream errors) throws InterruptedException {
        KeptHome home = KeptHome.fromEnvironment(environment);
        try {
            KeptConfig config = ConfigReader.read(home, Providers.NAMES);
            Sandbox sandbox = Sandbox.forMode(config.sandbox());
            home.createDirectories();
            sandbox.confine(home, config);
            Map<String, String> variables = new HashMap<>(environment);
            variables.putAll(JvmLimits.environment());
            return ProcessReplacement.become(command(home, config, sandbox, classPath(home)), variables);
        } catch (ConfigException e) {
            errors.println(e.getMessage());
            return ExitCode.USAGE;
        } catch (IOException e) {
            errors.println("kept: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    /** Goes through a launch without launching, so that its classes can be recorded for later starts. */
    public static void rehearse(KeptHome home) {
        command(home, KeptConfig.defaults(), Sandbox.NONE, "");
        ProcessReplacement.rehearse();
    }

    private static String classPath(KeptHome home) throws IOException {
        String own = System.getProperty("java.class.path");
        // Anything but one jar is a developer's class path.
        return own.endsWith(".jar") && !own.contains(File.pathSeparator) ? ProgramCopy.make(home, Path.of(own)) : own;
    }

    /** The daemon's command line, with this process's own Java. */
    static List<String> command(KeptHome home, KeptConfig config, Sandbox sandbox, String classPath) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JvmLimits.flags(config.daemonMaxMemoryMb(), home));
        command.add("-D" + SANDBOX_PROPERTY + "=" + sandbox.name());
        command.add("-cp");
        command.add(classPath);
        command.add(DaemonMain.class.getName());
        return command;
    }
}
