package dev.kept.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.cli.service.ServiceDefinition.Facts;
import dev.kept.cli.service.ServiceDefinition.LaunchAgent;
import dev.kept.cli.service.ServiceDefinition.SystemdUnit;
import dev.kept.config.KeptHome;
import dev.kept.control.ExitCode;
import dev.kept.control.JvmLimits;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

class ServiceDefinitionTest {
    private static final Path ADA = Path.of("/home/ada");

    private static Facts facts(String launcher, String kept, int ceilingMb) {
        return new Facts(
                Path.of(launcher),
                new KeptHome(Path.of(kept), ADA),
                Map.of("CODEX_HOME", "/home/ada/my codex", "KEPT_JAVA_HOME", "/opt/jdk"),
                ceilingMb);
    }

    private static SystemdUnit unit(String launcher, String kept, int ceilingMb) {
        return new SystemdUnit(facts(launcher, kept, ceilingMb), ADA.resolve(".config"));
    }

    @Test
    void theUnitRunsTheLaunchersLoopAndBeginsAgainWhenTheDaemonAsksForIt() {
        assertThat(unit("/opt/kept/kept", "/home/ada/.kept", 128).text().lines())
                .contains(
                        "ExecStart=:/bin/sh \"/opt/kept/kept\" supervise",
                        "Environment=\"KEPT_SUPERVISED=yes\"",
                        "RestartPreventExitStatus=2 69",
                        "Restart=on-failure",
                        "RestartForceExitStatus=" + ExitCode.RELAUNCH,
                        "NoNewPrivileges=yes",
                        "WantedBy=default.target");
    }

    @Test
    void whereThingsAreIsSaidBecauseTheManagerDoesNotKnow() {
        assertThat(unit("/opt/kept/kept", "/home/ada/.kept", 128).text().lines())
                .contains(
                        "Environment=\"HOME=/home/ada\"",
                        "Environment=\"CODEX_HOME=/home/ada/my codex\"",
                        "Environment=\"KEPT_JAVA_HOME=/opt/jdk\"")
                .noneMatch(line -> line.contains("KEPT_HOME"));
        assertThat(unit("/opt/kept/kept", "/data/kept", 128).text().lines())
                .contains("Environment=\"KEPT_HOME=/data/kept\"");
    }

    @Test
    void eachHomeIsAServiceOfItsOwn() {
        SystemdUnit usual = unit("/opt/kept/kept", "/home/ada/.kept", 128);
        SystemdUnit other = unit("/opt/kept/kept", "/data/kept", 128);

        assertThat(usual.file()).isEqualTo(ADA.resolve(".config/systemd/user/kept.service"));
        assertThat(other.name()).matches("kept-[0-9a-f]{8}\\.service");
        assertThat(unit("/opt/kept/kept", "/data/kept2", 128).name()).isNotEqualTo(other.name());
    }

    @ParameterizedTest
    @ValueSource(ints = {96, 128, 256, 4096})
    void theLimitStandsBehindTheCeiling(int ceilingMb) {
        assertThat(unit("/opt/kept/kept", "/home/ada/.kept", ceilingMb).text().lines())
                .contains("MemoryMax=" + JvmLimits.serviceMb(ceilingMb) + "M");
        assertThat(JvmLimits.serviceMb(ceilingMb)).isBetween(ceilingMb + 32, ceilingMb + 128);
    }

    @Test
    void oddPathsMeanThemselves() {
        assertThat(unit("/opt/100% \"mine\"\\kept/kept", "/home/ada/.kept", 128)
                        .text()
                        .lines())
                .contains("ExecStart=:/bin/sh \"/opt/100%% \\\"mine\\\"\\\\kept/kept\" supervise");
        assertThatThrownBy(() -> facts("/opt/a\nExecStart=b/kept", "/home/ada/.kept", 128))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theAgentOfLaunchdIsXmlThatSaysTheSame() throws Exception {
        LaunchAgent agent = new LaunchAgent(facts("/opt/a&b/kept", "/data/<kept>", 128));
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);

        String said = factory.newDocumentBuilder()
                .parse(new InputSource(new StringReader(agent.text())))
                .getDocumentElement()
                .getTextContent();

        assertThat(said)
                .contains(
                        "/opt/a&b/kept", "supervise", "KEPT_HOME/data/<kept>", "KEPT_SUPERVISEDyes", "KEPT_GIVEN_UP0");
        assertThat(agent.file().toString()).matches("/home/ada/Library/LaunchAgents/dev\\.kept\\.[0-9a-f]{8}\\.plist");
    }

    /** By systemd's own reading of it. */
    @Test
    void systemdUnderstandsTheUnit(@TempDir Path temporary) throws Exception {
        Path tool = Path.of("/usr/bin/systemd-analyze");
        if (!Files.isExecutable(tool)) {
            System.out.println("SYSTEMD LEFT OUT: there is no " + tool);
            Assumptions.abort("no systemd on this machine");
        }
        Path folder = Files.createDirectories(temporary.toRealPath().resolve("50% of \"kept\""));
        Path launcher = Files.writeString(folder.resolve("kept"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        SystemdUnit unit = unit(launcher.toString(), "/data/kept", 128);

        assertThat(verdict(temporary, unit.name(), unit.text())).isEmpty();
        // So that silence means something.
        assertThat(verdict(temporary, unit.name(), unit.text().replace("NoNewPrivileges=yes", "NoNewPrivilege=yes")))
                .contains("NoNewPrivilege");
    }

    private static String verdict(Path temporary, String name, String text) throws IOException, InterruptedException {
        Path file = Files.writeString(temporary.resolve(name), text);
        ProcessBuilder builder = new ProcessBuilder(
                        "/usr/bin/systemd-analyze", "verify", "--user", "--man=no", file.toString())
                .redirectErrorStream(true);
        builder.environment().put("XDG_RUNTIME_DIR", temporary.toString());
        builder.environment().put("HOME", temporary.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        // It also reads what the machine has beside it.
        return said.lines().filter(line -> line.contains("kept")).reduce("", (before, line) -> before + line + "\n");
    }
}
