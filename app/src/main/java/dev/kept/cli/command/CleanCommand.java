package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.archive.StoredSession;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.control.ExitCode;
import dev.kept.query.SessionListing;
import dev.kept.status.HumanReadable;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code kept clean}: removes what config.yaml asks to remove. */
@Command(
        name = "clean",
        description = {
            "Bring what is kept down to what config.yaml asks for (keep.retention, keep.maxTapeBytes), oldest first.",
            "A session whose agent deleted its file is the only copy there is: it stays, unless --only-copies."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept clean --dry-run                only show what would go",
            "  kept clean --only-copies            also what no agent has any more"
        })
public final class CleanCommand implements Action {
    private final CliContext context;

    @Option(names = "--dry-run", description = "Only show what would go.")
    private boolean dryRun;

    @Option(names = "--only-copies", description = "Also sessions whose agent has deleted its file.")
    private boolean onlyCopies;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    public CleanCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        KeptConfig.Keeping keep =
                ConfigReader.read(context.home(), Providers.NAMES).keep();
        List<StoredSession> all = SessionListing.stored(context);
        List<StoredSession> going =
                CleaningPolicy.choose(all, keep, onlyCopies, context.clock().instant());
        long bytes = 0;
        for (StoredSession session : all) {
            bytes += session.bytesOnDisk();
        }
        context.out().println(HumanReadable.count(all.size(), "session") + " take " + HumanReadable.bytes(bytes) + ".");
        if (going.isEmpty()) {
            context.out()
                    .println(
                            keep.retention().isEmpty() && keep.maxTapeBytes().isEmpty()
                                    ? "config.yaml sets no limit (keep.retention, keep.maxTapeBytes), so all of it stays."
                                    : "Nothing has to go.");
            return ExitCode.DONE;
        }
        Removal.show(context, going, List.of());
        if (dryRun) {
            return ExitCode.DONE;
        }
        return yes || Removal.confirmed(context) ? Removal.forget(context, going, List.of()) : ExitCode.FAILED;
    }
}
