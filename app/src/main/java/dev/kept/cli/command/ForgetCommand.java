package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.archive.StoredSession;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.Age;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.control.ExitCode;
import dev.kept.query.SessionFinder;
import dev.kept.query.SessionFolders;
import dev.kept.query.SessionListing;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code kept forget}: removes what is kept of sessions that a person names. */
@Command(
        name = "forget",
        description = {
            "Remove what is kept of sessions, for good.",
            "The tape, its journal and all caches go; what stays is a mark without content, so that Kept does not"
                    + " keep these sessions again. The agents' own files are not touched."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept forget 7d3f1c52                shows what would go, and asks",
            "  kept forget --cwd ~/work/secret     all that was said in this folder and below",
            "  kept forget --older-than 90d --yes  without a question",
            "  kept forget last --recordings       the files that were recorded from it, too"
        })
public final class ForgetCommand implements Action {
    private final CliContext context;

    @Parameters(arity = "0..*", paramLabel = "ID", description = "Sessions, each as for kept show.")
    private List<String> ids = List.of();

    @Option(names = "--cwd", paramLabel = "DIR", description = "Those in this folder and below it.")
    private String cwd = "";

    @Option(names = "--provider", paramLabel = "NAME", description = "Those of this agent.")
    private String provider = "";

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            description = "Those without a message since then: 90d, 1y, or a day such as 2026-01-31.")
    private String olderThan = "";

    @Option(names = "--recordings", description = "The files that were recorded from them, too.")
    private boolean recordings;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Only show what would go.")
    private boolean dryRun;

    public ForgetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        List<StoredSession> chosen = chosen();
        if (chosen.isEmpty()) {
            context.out().println("No session matches.");
            return ExitCode.DONE;
        }
        List<Path> notes = recordings ? Removal.notes(context.home(), chosen) : List.of();
        Removal.show(context, chosen, notes);
        if (dryRun) {
            return ExitCode.DONE;
        }
        if (!yes && !Removal.confirmed(context)) {
            return ExitCode.FAILED;
        }
        return Removal.forget(context, chosen, notes);
    }

    private List<StoredSession> chosen() throws Exception {
        boolean filtered = !cwd.isEmpty() || !provider.isEmpty() || !olderThan.isEmpty();
        if (ids.isEmpty() == !filtered) {
            throw new UsageException("say which: kept forget ID…, or with --cwd, --provider or --older-than");
        }
        if (!ids.isEmpty()) {
            Set<StoredSession> named = new LinkedHashSet<>();
            for (String id : ids) {
                named.add(new SessionFinder(context).stored(id));
            }
            return List.copyOf(named);
        }
        if (!provider.isEmpty() && !Providers.NAMES.contains(provider)) {
            throw new UsageException(
                    "there is no provider “" + provider + "”; Kept knows " + String.join(", ", Providers.NAMES));
        }
        Optional<Path> below = cwd.isEmpty() ? Optional.empty() : Optional.of(context.path(cwd));
        Optional<Instant> before = olderThan.isEmpty()
                ? Optional.empty()
                : Optional.of(Age.before(olderThan, context.clock().instant()));
        List<StoredSession> all = SessionListing.stored(context).stream()
                .filter(session ->
                        provider.isEmpty() || session.key().provider().equals(provider))
                .filter(session ->
                        before.map(at -> session.lastMessageAt().isBefore(at)).orElse(true))
                .toList();
        return below.isEmpty() ? all : SessionFolders.chosen(context, all, below.get());
    }
}
