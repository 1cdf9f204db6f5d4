package dev.kept.cli;

import dev.kept.cli.Commands.Action;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.InstanceLock;
import dev.kept.daemon.Providers;
import dev.kept.status.HumanWords;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.UnknownType;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kept doctor}: what is well and what is not, with the remedy. Exits 1 when something needs a person. */
@Command(
        name = "doctor",
        description = "Say what is well and what is not, and what to do about it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept doctor                         exit code 1 when something needs you",
            "  kept doctor --verify                reads every tape whole, which may take a while"
        })
final class Doctor implements Action {
    private static final Duration LATE = Duration.ofSeconds(20);

    private final Surroundings surroundings;
    private final Findings findings;

    @Option(names = "--verify", description = "Read all tapes whole and compare them with the agents' files.")
    private boolean verify;

    @Option(names = "--sandbox", description = "Show what the daemon may read and write, and what holds it to that.")
    private boolean sandbox;

    Doctor(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.findings = new Findings(surroundings);
    }

    @Override
    public Integer call() throws ConfigException, IOException {
        if (sandbox) {
            return SandboxView.show(surroundings);
        }
        KeptHome home = surroundings.home();
        findings.well("Java " + Runtime.version().feature() + " in " + System.getProperty("java.home"));
        KeptConfig config = config(home);
        HostChecks host = new HostChecks(surroundings, findings, config);
        host.files();
        daemon(home);
        ServiceCommands.examine(surroundings, findings);
        host.roots();
        host.disk();
        host.watches();
        host.clock();
        new TapeChecks(surroundings, findings, config).run(verify);
        return findings.needPerson() ? ExitCode.FAILED : ExitCode.DONE;
    }

    private KeptConfig config(KeptHome home) throws IOException {
        try {
            KeptConfig config = ConfigReader.read(home, Providers.NAMES);
            findings.well("configuration " + home.forPeople(home.configFile())
                    + (Files.exists(home.configFile()) ? "" : " (none; the defaults hold)"));
            return config;
        } catch (ConfigException e) {
            findings.ill("configuration", String.valueOf(e.getMessage()), "mend it, then: kept config validate");
            return KeptConfig.defaults();
        }
    }

    private void daemon(KeptHome home) {
        Optional<StatusReport> report = Listing.heard(surroundings);
        Optional<ProcessHandle> holder = InstanceLock.lastHolder(home);
        if (report.isPresent()) {
            examine(report.get());
        } else if (Files.exists(home.controlSocket()) && holder.isPresent()) {
            findings.ill(
                    "daemon",
                    "process " + holder.get().pid() + " holds the home and does not answer on its socket",
                    "kept restart; if that does not help: kill " + holder.get().pid());
        } else {
            findings.ill("daemon", "is not running, so nothing new is kept", "kept start");
        }
    }

    private void examine(StatusReport report) {
        findings.well("daemon " + report.daemon().version() + " runs as process "
                + report.daemon().pid());
        report.daemon()
                .heartbeatAt()
                .filter(at ->
                        Duration.between(at, surroundings.clock().instant()).compareTo(LATE) > 0)
                .ifPresent(at -> findings.ill(
                        "heartbeat",
                        "the last one was "
                                + HumanWords.ago(at, surroundings.clock().instant()) + "; the daemon may hang",
                        "kept restart"));
        if (report.daemon().sandbox().equals("none")) {
            findings.note("sandbox: none; the daemon may do what you may");
        } else {
            findings.well("sandbox " + report.daemon().sandbox());
        }
        String used = HumanWords.bytes(report.memory().process().rss()) + " of "
                + HumanWords.bytes(report.memory().daemonMaxMemoryBytes());
        if (report.memory().overBudget()) {
            findings.ill("memory", used + " are used", "raise daemonMaxMemoryMb in config.yaml, then: kept restart");
        } else {
            findings.well("memory " + used);
        }
        report.providers().forEach(this::examine);
        for (Problem problem : report.problems()) {
            findings.ill(problem.code(), problem.message(), problem.remedy());
        }
    }

    private void examine(ProviderStatus provider) {
        findings.well(provider.provider() + ": " + HumanWords.count(provider.filesFollowed(), "file")
                + " followed of "
                + HumanWords.grouped(provider.filesPresent()) + " present, "
                + HumanWords.grouped(provider.filesUnknown()) + " not understood; "
                + HumanWords.count(provider.recordsRead(), "record") + " read, "
                + HumanWords.grouped(provider.recordsRead() - provider.recordsUnknown()) + " understood, "
                + HumanWords.grouped(provider.recordsUnknown()) + " not");
        for (UnknownType unknown : provider.unknownTypes()) {
            findings.detail("not understood: “" + unknown.type() + "” × " + HumanWords.grouped(unknown.count())
                    + ", first in " + unknown.example());
        }
    }
}
