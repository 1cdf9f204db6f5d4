package dev.kept.cli;

import dev.kept.archive.StoredSession;
import dev.kept.cli.Commands.Action;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.Providers;
import dev.kept.status.HumanWords;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes what config.yaml asks to remove. */
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
final class CleanCommand implements Action {
    private final Surroundings surroundings;

    @Option(names = "--dry-run", description = "Only show what would go.")
    private boolean dryRun;

    @Option(names = "--only-copies", description = "Also sessions whose agent has deleted its file.")
    private boolean onlyCopies;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    CleanCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        KeptConfig.Keeping keep =
                ConfigReader.read(surroundings.home(), Providers.NAMES).keep();
        List<StoredSession> all = Removal.all(surroundings);
        List<StoredSession> going = CleaningPolicy.choose(
                all, keep, onlyCopies, surroundings.clock().instant());
        long bytes = 0;
        for (StoredSession session : all) {
            bytes += session.bytesOnDisk();
        }
        surroundings.out().println(HumanWords.count(all.size(), "session") + " take " + HumanWords.bytes(bytes) + ".");
        if (going.isEmpty()) {
            surroundings
                    .out()
                    .println(
                            keep.retention().isEmpty() && keep.maxTapeBytes().isEmpty()
                                    ? "config.yaml sets no limit (keep.retention, keep.maxTapeBytes), so all of it stays."
                                    : "Nothing has to go.");
            return ExitCode.DONE;
        }
        Removal.show(surroundings, going, List.of());
        if (dryRun) {
            return ExitCode.DONE;
        }
        return yes || Removal.confirmed(surroundings)
                ? Removal.forget(surroundings, going, List.of())
                : ExitCode.FAILED;
    }
}
