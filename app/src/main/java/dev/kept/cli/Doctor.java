package dev.kept.cli;

import dev.kept.cli.Commands.Action;
import dev.kept.cli.doctor.CheckResult;
import dev.kept.cli.doctor.Checks;
import dev.kept.cli.doctor.DoctorJson;
import dev.kept.cli.doctor.Examined;
import dev.kept.cli.doctor.Examiner;
import dev.kept.cli.doctor.Finding;
import dev.kept.cli.doctor.ServiceState;
import dev.kept.cli.doctor.Severity;
import dev.kept.config.ConfigException;
import dev.kept.daemon.ExitCode;
import dev.kept.status.HumanWords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
            "  kept doctor --verify                reads every tape whole, which may take a while",
            "  kept doctor --history               counts prompts whose conversation is gone; shows none",
            "  kept doctor --json                  the same for programs"
        })
final class Doctor implements Action {
    private final Surroundings surroundings;

    @Option(names = "--verify", description = "Read all tapes whole and compare them with the agents' files.")
    private boolean verify;

    @Option(
            names = "--history",
            description =
                    "Count the prompts in the agents' own lists whose conversation is neither on disk nor on tape.")
    private boolean history;

    @Option(names = "--sandbox", description = "Show what the daemon may read and write, and what holds it to that.")
    private boolean sandbox;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    Doctor(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        if (sandbox && (json || verify || history)) {
            throw new UsageException("--sandbox goes alone");
        }
        if (sandbox) {
            return SandboxView.show(surroundings);
        }
        Examined.Sources sources = new Examined.Sources(
                surroundings.home(),
                surroundings.environment(),
                surroundings.clock(),
                Path.of(System.getProperty("java.home")),
                () -> Listing.heard(surroundings),
                this::service);
        List<CheckResult> results;
        try (ProgressLine progress = new ProgressLine(surroundings, "Reading tapes")) {
            Examined examined = new Examined(sources, new Examined.Depth(verify, history), progress);
            results = new Examiner(Checks.ALL).examine(examined, new Shown(progress));
        }
        if (json) {
            surroundings
                    .out()
                    .println(DoctorJson.of(results, surroundings.clock().instant()));
        }
        return DoctorJson.worst(results) == Severity.PROBLEM ? ExitCode.FAILED : ExitCode.DONE;
    }

    private ServiceState service() throws IOException {
        Optional<ServiceManager> manager;
        try {
            manager = ServiceManager.of(surroundings);
        } catch (ConfigException refused) {
            return new ServiceState.Unknown();
        }
        if (manager.isEmpty() || !manager.get().isOurs()) {
            return new ServiceState.None();
        }
        ServiceDefinition definition = manager.get().definition();
        return manager.get().isCurrent()
                ? new ServiceState.Current(definition.name())
                : new ServiceState.Outdated(surroundings.forPeople(definition.file()));
    }

    /** Shows each check as it is made, on a terminal also which one is waited for. */
    private final class Shown implements Examiner.Audience {
        private final ProgressLine progress;
        private @Nullable WaitingLine waiting;

        Shown(ProgressLine progress) {
            this.progress = progress;
        }

        @Override
        public void begins(String id) {
            // A check that shows its progress needs no other line.
            waiting = verify && id.startsWith("tapes.") ? null : WaitingLine.show(surroundings, "Checking " + id);
        }

        @Override
        public void ends(CheckResult result) {
            WaitingLine shown = waiting;
            if (shown != null) {
                shown.close();
            }
            progress.close();
            if (!json) {
                result.findings().forEach(finding -> say(result.id(), finding));
            }
        }
    }

    private void say(String id, Finding finding) {
        Style style = surroundings.style();
        switch (finding.severity()) {
            case OK -> line(style.good("ok") + "  ", finding.message());
            case NOTE -> line("–   ", finding.message());
            case PROBLEM -> line(style.bad("!!") + "  ", id + ": " + finding.message());
        }
        finding.remedy().ifPresent(remedy -> line("    → ", remedy));
    }

    private void line(String mark, String text) {
        surroundings.out().println(mark + HumanWords.harmless(text.replace('\n', ' ')));
    }
}
