package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.cli.KeptProcess.Result;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The service's commands through the launcher; the service manager is a script that runs the unit as it is written. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class ServiceIT {
    /** Starts what the unit says, with nothing in the environment but what the unit says. */
    private static final String SYSTEMCTL = """
            #!/bin/sh
            here=$(dirname "$0")
            echo "$*" >>"$here/calls"
            [ ! -e "$here/broken" ] || { echo 'Failed to connect to bus: No such file or directory' >&2; exit 1; }
            case $2 in
                enable) : >"$here/enabled" ;;
                disable) rm -f "$here/enabled"; [ ! -e "$here/main" ] || kill "$(cat "$here/main")" ;;
                is-enabled) [ -e "$here/enabled" ] && echo enabled || { echo disabled; exit 1; } ;;
                is-active) [ -e "$here/main" ] && kill -0 "$(cat "$here/main")" 2>/dev/null && echo active || { echo inactive; exit 3; } ;;
                start)
                    unit=$HOME/.config/systemd/user/$3
                    set -- PATH=/usr/local/bin:/usr/bin:/bin
                    while IFS= read -r line; do
                        case $line in
                            'Environment="'*) line=${line#Environment=?}; set -- "$@" "${line%?}" ;;
                            'ExecStart=:/bin/sh "'*) program=${line#*\\"}; program=${program%\\" supervise} ;;
                        esac
                    done <"$unit"
                    env -i "$@" /bin/sh "$program" supervise </dev/null >/dev/null 2>&1 &
                    echo $! >"$here/main"
                    ;;
            esac
            """;

    @TempDir
    private Path temporary;

    private final Map<String, String> environment = new HashMap<>();
    private Path bin = Path.of("");

    @BeforeEach
    void aServiceManager() throws Exception {
        temporary = temporary.toRealPath();
        bin = Files.createDirectories(temporary.resolve("bin"));
        Path systemctl = Files.writeString(bin.resolve("systemctl"), SYSTEMCTL);
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private final class Kept extends KeptProcess {
        Kept() throws Exception {
            super(Files.createDirectories(temporary.resolve("home")));
        }

        @Override
        public ProcessBuilder builder(String... arguments) {
            ProcessBuilder builder = super.builder(arguments);
            builder.environment().remove("XDG_CONFIG_HOME");
            builder.environment().put("PATH", bin + ":" + builder.environment().get("PATH"));
            builder.environment().putAll(environment);
            return builder;
        }

        Path unit() {
            return home().resolve(".config/systemd/user/kept.service");
        }

        JsonObject daemon() throws Exception {
            Result result = run("status", "--json");
            return ((JsonObject) JsonReader.parse(result.out()))
                    .object("daemon")
                    .orElseThrow();
        }
    }

    @Test
    void theServiceTakesTheDaemonOverStartsItAndEndsWithIt() throws Exception {
        environment.put("CODEX_HOME", temporary.resolve("codex").toString());
        try (Kept kept = new Kept()) {
            assertThat(kept.run("service", "status")).satisfies(result -> {
                assertThat(result.code()).isEqualTo(1);
                assertThat(result.out()).contains("There is no service.", "kept service install");
            });
            assertThat(kept.run("service", "install")).satisfies(result -> {
                assertThat(result.code()).isEqualTo(2);
                assertThat(result.err()).contains("run first: kept start");
            });
            kept.done("start");
            long byHand = kept.daemon().longOr("pid", 0);

            assertThat(kept.done("service", "install"))
                    .contains("Wrote ~/.config/systemd/user/kept.service.", "as the service kept.service");

            JsonObject daemon = kept.daemon();
            assertThat(daemon.longOr("pid", 0)).isNotEqualTo(byHand);
            assertThat(ProcessHandle.of(byHand)).isEmpty();
            assertThat(kept.done("service", "status"))
                    .contains("State    enabled, active")
                    .doesNotContain("Mend it");
            assertThat(kept.done("status", "--json"))
                    .contains(temporary.resolve("codex").toString());

            // The loop of the service launches again when the daemon asks for it.
            kept.done(
                    "allow",
                    Files.createDirectories(kept.home().resolve("notes")).toString());
            assertThat(kept.daemon().longOr("pid", 0)).isNotEqualTo(daemon.longOr("pid", 0));
            assertThat(kept.done("service", "status")).contains("enabled, active");

            // By hand it is the service that starts.
            kept.done("stop");
            KeptProcess.eventually(
                    () -> assertThat(kept.done("service", "status")).contains("enabled, inactive"));
            kept.done("start");
            assertThat(kept.done("service", "status")).contains("enabled, active");

            // Another ceiling needs another limit.
            Files.writeString(kept.home().resolve(".kept/config.yaml"), "daemonMaxMemoryMb: 256\n");
            assertThat(kept.done("service", "status")).contains("Mend it with: kept service install");
            assertThat(kept.run("doctor").out()).contains("service: ", "→ kept service install");
            kept.done("service", "install");
            assertThat(kept.unit()).content().contains("MemoryMax=316M");

            assertThat(kept.done("service", "uninstall")).contains("Removed ~/.config/systemd/user/kept.service.");
            assertThat(kept.unit()).doesNotExist();
            KeptProcess.eventually(() -> assertThat(kept.run("status").code()).isEqualTo(3));
            assertThat(bin.resolve("calls")).content().contains("--user daemon-reload\n--user enable kept.service\n");
        }
    }

    @Test
    void withoutTheToolItSaysWhatToType() throws Exception {
        try (Kept kept = new Kept()) {
            kept.done("init");
            environment.put("PATH", withoutSystemctl());
            assertThat(kept.done("service", "install"))
                    .contains(
                            "    systemctl --user daemon-reload\n",
                            "    systemctl --user enable kept.service\n",
                            "    systemctl --user start kept.service\n");
            assertThat(kept.unit()).content().isEqualTo(kept.done("service", "install", "--print"));
            assertThat(kept.done("service", "status")).contains("cannot be asked here");
            assertThat(kept.done("service", "uninstall")).contains("    systemctl --user disable --now kept.service\n");
            assertThat(bin.resolve("calls")).doesNotExist();
        }
    }

    @Test
    void aManagerThatCannotBeReachedIsSaidAndNothingIsStopped() throws Exception {
        Files.writeString(bin.resolve("broken"), "");
        try (Kept kept = new Kept()) {
            kept.done("start");
            assertThat(kept.run("service", "install")).satisfies(result -> {
                assertThat(result.code()).isEqualTo(1);
                assertThat(result.err()).contains("Failed to connect to bus", "systemctl --user enable kept.service");
            });
            assertThat(kept.daemon().isTrue("running")).isTrue();
            // And a file without a manager is no reason not to start.
            kept.done("restart");
        }
    }

    @Test
    void aFileOfSomebodyElseIsLeftAlone() throws Exception {
        try (Kept kept = new Kept()) {
            kept.done("init");
            Files.createDirectories(Optional.ofNullable(kept.unit().getParent()).orElseThrow());
            Files.writeString(kept.unit(), "[Service]\nExecStart=/bin/true\n");
            assertThat(kept.run("service", "install").code()).isEqualTo(2);
            assertThat(kept.run("service", "uninstall").code()).isEqualTo(2);
            assertThat(kept.unit()).hasContent("[Service]\nExecStart=/bin/true\n");
        }
    }

    /** A folder with what the launcher needs, and no more. */
    private String withoutSystemctl() throws Exception {
        Path tools = Files.createDirectories(temporary.resolve("tools"));
        for (String tool : new String[] {"sh", "readlink", "dirname", "find", "head", "setsid", "mkdir", "chmod"}) {
            Path found = Path.of("/usr/bin").resolve(tool);
            Assumptions.assumeTrue(Files.exists(found), "no " + found);
            Files.copy(found, tools.resolve(tool));
        }
        return tools.toString();
    }
}
