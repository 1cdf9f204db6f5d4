package dev.kept.cli;

import dev.kept.cli.Commands.Action;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptHome;
import dev.kept.daemon.ControlClient;
import dev.kept.daemon.ControlRequest;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.Providers;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.HumanWords;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.UnknownType;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kept doctor}: what is well and what is not, with the remedy. Exits 1 when something needs a person. */
@Command(
        name = "doctor",
        description = "Say what is well and what is not, and what to do about it.",
        mixinStandardHelpOptions = true)
final class Doctor implements Action {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Surroundings surroundings;
    private boolean wanting;

    @Option(names = "--sandbox", description = "Show what the daemon may read and write, and what holds it to that.")
    private boolean sandbox;

    Doctor(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws ConfigException, IOException {
        if (sandbox) {
            return SandboxView.show(surroundings);
        }
        KeptHome home = surroundings.home();
        well("Java " + Runtime.version().feature() + " in " + System.getProperty("java.home"));
        try {
            ConfigReader.read(home, Providers.NAMES);
            well("configuration " + home.forPeople(home.configFile()));
        } catch (ConfigException e) {
            ill("configuration", String.valueOf(e.getMessage()), "kept config validate");
        }
        Optional<StatusReport> report = report(home);
        if (report.isEmpty()) {
            ill("daemon", "is not running, so what it follows cannot be told", "kept start");
        } else {
            examine(report.get());
        }
        return wanting ? ExitCode.FAILED : ExitCode.DONE;
    }

    private static Optional<StatusReport> report(KeptHome home) throws IOException {
        Optional<String> answer = new ControlClient(home, PATIENCE).ask(new ControlRequest.Status());
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(StatusJson.read(answer.get()));
        } catch (MalformedJsonException e) {
            throw new IOException("the daemon answers in a form that this version does not know; run: kept restart", e);
        }
    }

    private void examine(StatusReport report) {
        well("daemon " + report.daemon().version() + " runs as process "
                + report.daemon().pid() + ", sandbox " + report.daemon().sandbox());
        if (report.memory().overBudget()) {
            ill(
                    "memory",
                    HumanWords.bytes(report.memory().process().rss()) + " are used of "
                            + HumanWords.bytes(report.memory().daemonMaxMemoryBytes()),
                    "raise daemonMaxMemoryMb in config.yaml, then: kept restart");
        } else {
            well("memory " + HumanWords.bytes(report.memory().process().rss()) + " of "
                    + HumanWords.bytes(report.memory().daemonMaxMemoryBytes()));
        }
        report.providers().forEach(this::examine);
        for (Problem problem : report.problems()) {
            ill(problem.code(), problem.message(), problem.remedy());
        }
    }

    private void examine(ProviderStatus provider) {
        well(provider.provider() + ": " + HumanWords.count(provider.filesFollowed(), "file") + " followed of "
                + HumanWords.grouped(provider.filesPresent()) + " present, "
                + HumanWords.grouped(provider.filesUnknown()) + " not understood; "
                + HumanWords.count(provider.recordsRead(), "record") + " read, "
                + HumanWords.grouped(provider.recordsRead() - provider.recordsUnknown()) + " understood, "
                + HumanWords.grouped(provider.recordsUnknown()) + " not");
        for (UnknownType unknown : provider.unknownTypes()) {
            say("    not understood: “" + unknown.type() + "” × " + HumanWords.grouped(unknown.count()) + ", first in "
                    + unknown.example());
        }
    }

    private void well(String what) {
        say("ok  " + what);
    }

    private void ill(String what, String message, String remedy) {
        wanting = true;
        say("!!  " + what + ": " + message);
        say("    → " + remedy);
    }

    private void say(String line) {
        surroundings.out().println(HumanWords.harmless(line));
    }
}
