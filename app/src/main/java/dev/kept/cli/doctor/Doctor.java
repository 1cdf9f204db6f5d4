package dev.kept.cli.doctor;

import dev.kept.cli.doctor.check.Checks;
import dev.kept.cli.doctor.check.Examined;
import dev.kept.cli.doctor.check.Finding;
import dev.kept.cli.doctor.check.ServiceState;
import dev.kept.cli.doctor.check.Severity;
import dev.kept.cli.service.ServiceDefinition;
import dev.kept.cli.service.ServiceManager;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.ProgressLine;
import dev.kept.cli.terminal.Style;
import dev.kept.cli.terminal.UsageException;
import dev.kept.cli.terminal.WaitIndicator;
import dev.kept.config.ConfigException;
import dev.kept.control.ExitCode;
import dev.kept.query.SessionListing;
import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command {@code kept doctor}: reports what is well and what is not, with remedies. Exits 1 if something needs a
 * person.
 */
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
public final class Doctor implements Action {
    private final CliContext context;

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

    public Doctor(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (sandbox && (json || verify || history)) {
            throw new UsageException("--sandbox goes alone");
        }
        if (sandbox) {
            return SandboxView.show(context);
        }
        Examined.Sources sources = new Examined.Sources(
                context.home(),
                context.environment(),
                context.clock(),
                Path.of(System.getProperty("java.home")),
                () -> SessionListing.reportOrNotice(context),
                this::service);
        List<CheckResult> results;
        try (ProgressLine progress = new ProgressLine(context, "Reading tapes")) {
            Examined examined = new Examined(sources, new Examined.Depth(verify, history), progress);
            results = new Examiner(Checks.ALL).examine(examined, new Shown(progress));
        }
        if (json) {
            context.out().println(DoctorJson.of(results, context.clock().instant()));
        }
        return DoctorJson.worst(results) == Severity.PROBLEM ? ExitCode.FAILED : ExitCode.DONE;
    }

    private ServiceState service() throws IOException {
        Optional<ServiceManager> manager;
        try {
            manager = ServiceManager.of(context);
        } catch (ConfigException refused) {
            return new ServiceState.Unknown();
        }
        if (manager.isEmpty() || !manager.get().isOurs()) {
            return new ServiceState.None();
        }
        ServiceDefinition definition = manager.get().definition();
        return manager.get().isCurrent()
                ? new ServiceState.Current(definition.name())
                : new ServiceState.Outdated(context.forPeople(definition.file()));
    }

    /** A listener that shows the result of each check at once, and on a terminal also the check in progress. */
    private final class Shown implements Examiner.Audience {
        private final ProgressLine progress;
        private @Nullable WaitIndicator waiting;

        Shown(ProgressLine progress) {
            this.progress = progress;
        }

        @Override
        public void begins(String id) {
            // A check that shows its own progress needs no other line.
            waiting = verify && id.startsWith("tapes.") ? null : WaitIndicator.show(context, "Checking " + id);
        }

        @Override
        public void ends(CheckResult result) {
            WaitIndicator shown = waiting;
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
        Style style = context.style();
        switch (finding.severity()) {
            case OK -> line(style.good("ok") + "  ", finding.message());
            case NOTE -> line("–   ", finding.message());
            case PROBLEM -> line(style.bad("!!") + "  ", id + ": " + finding.message());
        }
        finding.remedy().ifPresent(remedy -> line("    → ", remedy));
    }

    private void line(String mark, String text) {
        context.out().println(mark + HumanReadable.harmless(text.replace('\n', ' ')));
    }
}
