package dev.kept.cli.command;

import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.Age;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.Pager;
import dev.kept.cli.terminal.SessionLines;
import dev.kept.cli.terminal.Terminal;
import dev.kept.control.ExitCode;
import dev.kept.query.SessionFolders;
import dev.kept.query.SessionIds;
import dev.kept.query.SessionListing;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport.SessionStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code kept sessions}: lists what is kept. Needs no daemon. */
@Command(
        name = "sessions",
        description = "List what is kept, latest first.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept sessions --since 2d            what was talked about these two days",
            "  kept sessions --cwd . login         in this folder, with “login” in title or first words",
            "  kept sessions --recording           what is being recorded",
            "  kept sessions --json | jq -r '.sessions[].sessionId'"
        })
public final class SessionsCommand implements Action {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "Only those with this in title or snippet.")
    private String text = "";

    @Option(names = "--provider", paramLabel = "NAME", description = "Only those of this agent.")
    private String provider = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only those with a message since then: 12h, 2d, 3w, or a day such as 2026-01-31.")
    private String since = "";

    @Option(names = "--cwd", paramLabel = "DIR", description = "Only those in this folder and below it.")
    private String cwd = "";

    @Option(names = "--recording", description = "Only those that are being recorded.")
    private boolean recording;

    @Option(names = "--ids", description = "Only the ids, one per line.")
    private boolean ids;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    public SessionsCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Instant now = context.clock().instant();
        Optional<Instant> after = since.isEmpty() ? Optional.empty() : Optional.of(Age.before(since, now));
        Optional<Path> below = cwd.isEmpty() ? Optional.empty() : Optional.of(context.path(cwd));
        SessionListing listing = SessionListing.of(context);
        List<SessionStatus> found = listing.sessions().stream()
                .filter(session -> provider.isEmpty() || session.provider().equals(provider))
                .filter(session -> !recording || session.recording().isPresent())
                .filter(session -> after.map(at -> session.lastMessageAt()
                                .or(session::updatedAt)
                                .map(last -> !last.isBefore(at))
                                .orElse(false))
                        .orElse(true))
                .filter(session -> text.isEmpty() || says(session, text))
                .sorted(SessionIds.LATEST_FIRST)
                .toList();
        if (below.isPresent()) {
            found = SessionFolders.listed(context, found, below.get());
        }
        if (json) {
            StringWriter out = new StringWriter();
            StatusJson.writeSessions(found, listing.fromDaemon() ? "daemon" : "disk", now, out);
            context.out().print(out);
        } else if (ids) {
            found.forEach(session -> context.out().println(session.sessionId()));
        } else {
            print(found, listing, now);
        }
        if (listing.unreadable() > 0) {
            context.err()
                    .println("kept: " + HumanReadable.count(listing.unreadable(), "tape")
                            + " cannot be read; see: kept doctor");
        }
        return ExitCode.DONE;
    }

    private void print(List<SessionStatus> found, SessionListing listing, Instant now) throws IOException {
        try (Pager pager = new Pager(context)) {
            int width = context.terminalOut() ? Terminal.size().columns() : 0;
            pager.write(SessionLines.table(found, now, context::pathForPeople, width, context.style()));
            if (!context.terminalOut()) {
                return;
            }
            String legend = SessionLines.legend(found);
            pager.write(legend.isEmpty() ? "" : "\n" + context.style().quiet(legend) + "\n");
            if (found.isEmpty()) {
                pager.write(
                        listing.sessions().isEmpty()
                                ? "Nothing is kept yet. Start with: kept start\n"
                                : "No session matches ("
                                        + HumanReadable.grouped(
                                                listing.sessions().size()) + " searched).\n");
            }
            if (listing.importing()) {
                pager.write("The daemon still reads what was there before it: more will come.\n");
            }
        }
    }

    private static boolean says(SessionStatus session, String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return session.title().orElse("").toLowerCase(Locale.ROOT).contains(wanted)
                || session.snippet().orElse("").toLowerCase(Locale.ROOT).contains(wanted);
    }
}
