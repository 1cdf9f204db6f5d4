package dev.kept.cli.service;

import dev.kept.config.KeptHome;
import dev.kept.control.ExitCode;
import dev.kept.control.JvmLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The file that tells a service manager how to run the daemon of one home: its name, its place, and its text. Pure.
 *
 * <p>The manager runs the launcher's loop, which relaunches the daemon when it asks for it with {@link
 * ExitCode#RELAUNCH}; the manager starts the loop when the person logs in, and again when it does not end in order.
 */
public sealed interface ServiceDefinition {
    /** Mark in the text by which Kept recognises its own file. */
    String WRITTEN_BY = "Written by: kept service install";

    /** Returns the path of the file, below the person's home. */
    Path file();

    /** Returns the name of the service. */
    String name();

    /** Returns the whole content of the file. */
    String text();

    /**
     * The input of a definition.
     *
     * @param launcher absolute path of the {@code kept} script
     * @param variables environment variables of the daemon besides its home
     * @param ceilingMb {@code daemonMaxMemoryMb}
     */
    record Facts(Path launcher, KeptHome home, Map<String, String> variables, int ceilingMb) {
        public Facts {
            Objects.requireNonNull(home, "home");
            variables = Map.copyOf(variables);
            if (!launcher.isAbsolute() || hasControl(launcher.toString())) {
                throw new IllegalArgumentException("the launcher's path cannot stand in a service's file: " + launcher);
            }
            variables = variables.entrySet().stream()
                    .filter(variable -> !hasControl(variable.getValue()))
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        private static boolean hasControl(String text) {
            return text.chars().anyMatch(Character::isISOControl);
        }

        private boolean isUsualHome() {
            return home.directory().equals(home.userHome().resolve(".kept"));
        }

        /** Returns all variables in a fixed order. */
        private Map<String, String> environment() {
            Map<String, String> all = new TreeMap<>(variables);
            all.put("HOME", home.userHome().toString());
            if (!isUsualHome()) {
                all.put(KeptHome.VARIABLE, home.directory().toString());
            }
            // The manager already separates it from terminals.
            all.put("KEPT_SUPERVISED", "yes");
            return all;
        }

        /** Returns a suffix that makes the services of a person's homes different. */
        private String suffix(String separator) {
            return isUsualHome() ? "" : separator + digest(home.directory().toString());
        }

        private static String digest(String text) {
            try {
                byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(bytes, 0, 4);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /**
     * A unit of systemd's user manager.
     *
     * <p>The daemon is confined by its own sandbox, which knows its folders; the unit has only restrictions that need
     * no namespace and leave that sandbox possible. {@code MemoryDenyWriteExecute} would keep Java from compiling.
     *
     * @param configDirectory {@code XDG_CONFIG_HOME}, or {@code ~/.config}
     */
    record SystemdUnit(Facts facts, Path configDirectory) implements ServiceDefinition {
        public SystemdUnit {
            Objects.requireNonNull(facts, "facts");
            Objects.requireNonNull(configDirectory, "configDirectory");
        }

        @Override
        public Path file() {
            return configDirectory.resolve("systemd").resolve("user").resolve(name());
        }

        @Override
        public String name() {
            return "kept" + facts.suffix("-") + ".service";
        }

        @Override
        public String text() {
            String environment = facts.environment().entrySet().stream()
                    .map(variable -> "Environment=" + quoted(variable.getKey() + "=" + variable.getValue()) + "\n")
                    .collect(Collectors.joining());
            return """
                    # %s. It writes this file anew: put changes into a drop-in (systemctl --user edit %s).
                    [Unit]
                    Description=Kept, which keeps conversations with AI coding agents
                    StartLimitIntervalSec=300
                    StartLimitBurst=5

                    [Service]
                    Type=exec
                    # Not run directly: systemd refuses programs with odd names. “:” lets no variable be replaced.
                    ExecStart=:/bin/sh %s supervise
                    %s\
                    Restart=on-failure
                    RestartSec=2
                    # The daemon asks for another start; a configuration that is refused is refused again, and the launcher's
                    # loop, which launches the daemon again after it ended unexpectedly, knows when to give up.
                    RestartForceExitStatus=%d
                    RestartPreventExitStatus=%d %d
                    SuccessExitStatus=143
                    KillMode=mixed
                    TimeoutStopSec=40
                    # daemonMaxMemoryMb is %d, and what else a control group counts: what reaches this is out of control.
                    MemoryMax=%dM
                    UMask=0077
                    NoNewPrivileges=yes
                    LockPersonality=yes
                    RestrictAddressFamilies=AF_UNIX
                    RestrictNamespaces=yes
                    RestrictRealtime=yes
                    RestrictSUIDSGID=yes
                    SystemCallArchitectures=native
                    SystemCallFilter=~@clock @cpu-emulation @debug @module @mount @obsolete @raw-io @reboot @swap
                    SystemCallErrorNumber=EPERM

                    [Install]
                    WantedBy=default.target
                    """.formatted(
                            WRITTEN_BY,
                            name(),
                            quoted(facts.launcher().toString()),
                            environment,
                            ExitCode.RELAUNCH,
                            ExitCode.USAGE,
                            ExitCode.GIVEN_UP,
                            facts.ceilingMb(),
                            JvmLimits.serviceMb(facts.ceilingMb()));
        }

        private static String quoted(String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + '"';
        }
    }

    /** A launchd agent. It has no memory limit: macOS enforces none that launchd supports. */
    record LaunchAgent(Facts facts) implements ServiceDefinition {
        public LaunchAgent {
            Objects.requireNonNull(facts, "facts");
        }

        @Override
        public Path file() {
            return facts.home()
                    .userHome()
                    .resolve("Library")
                    .resolve("LaunchAgents")
                    .resolve(name() + ".plist");
        }

        @Override
        public String name() {
            return "dev.kept" + facts.suffix(".");
        }

        @Override
        public String text() {
            // launchd restarts whatever did not succeed, so a loop that has given up exits with success.
            String environment = Stream.concat(
                            facts.environment().entrySet().stream(), Stream.of(Map.entry("KEPT_GIVEN_UP", "0")))
                    .map(variable -> "        <key>" + escaped(variable.getKey()) + "</key><string>"
                            + escaped(variable.getValue()) + "</string>\n")
                    .collect(Collectors.joining());
            return """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <!-- %s. It writes this file anew. -->
                    <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
                    <plist version="1.0">
                    <dict>
                        <key>Label</key><string>%s</string>
                        <key>ProgramArguments</key>
                        <array><string>%s</string><string>supervise</string></array>
                        <key>EnvironmentVariables</key>
                        <dict>
                    %s    </dict>
                        <key>RunAtLoad</key><true/>
                        <key>KeepAlive</key>
                        <dict><key>SuccessfulExit</key><false/></dict>
                        <key>ThrottleInterval</key><integer>10</integer>
                        <key>ExitTimeOut</key><integer>40</integer>
                        <key>ProcessType</key><string>Background</string>
                        <key>Umask</key><integer>63</integer>
                    </dict>
                    </plist>
                    """.formatted(WRITTEN_BY, name(), escaped(facts.launcher().toString()), environment);
        }

        private static String escaped(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        }
    }
}
