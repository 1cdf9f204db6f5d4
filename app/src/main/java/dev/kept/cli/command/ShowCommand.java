package dev.kept.cli.command;

import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
import dev.kept.cli.service.DaemonProcess;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.Pager;
import dev.kept.cli.terminal.Style;
import dev.kept.cli.terminal.Terminal;
import dev.kept.cli.terminal.UsageException;
import dev.kept.config.RecordingSettings;
import dev.kept.control.ExitCode;
import dev.kept.model.ConversationEvent;
import dev.kept.query.SessionFinder;
import dev.kept.query.SessionIds;
import dev.kept.replay.ConversationCursor;
import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code kept show}: shows a conversation. Needs no daemon. */
@Command(
        name = "show",
        description = "Show a conversation.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept show last                      the latest conversation, in your pager if it is long",
            "  kept show last --tail 3             its last three messages",
            "  kept show last --follow             and what is said from now on; Ctrl-C ends",
            "  kept show 7d3f1c52 --full           with all that tools were given and gave back"
        })
public final class ShowCommand implements Action {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final int FOLLOWED_TAIL = 10;

    private final CliContext context;

    @Parameters(arity = "1", paramLabel = "ID", description = SessionIds.HELP)
    private String id = "";

    @Option(names = "--tail", paramLabel = "N", description = "Only the last N messages.")
    private int tail = -1;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is said from now on.")
    private boolean follow;

    @Option(names = "--full", description = "Tools with all they were given and gave back, and what the agent put in.")
    private boolean full;

    @Option(names = "--thinking", description = "What the model wrote to itself, where the agent kept it.")
    private boolean thinking;

    public ShowCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (tail < -1 || tail == 0) {
            throw new UsageException("--tail needs a number from 1 on");
        }
        SessionFinder finder = new SessionFinder(context);
        StoredSession session = finder.stored(id);
        RecordingSettings looks =
                finder.configOrDefaults().recordings(session.key().provider());
        Optional<StoredTape> subagent = subagent(session);
        StoredTape tape = subagent.orElse(session.main());
        ConversationPrinter text = new ConversationPrinter(
                new ConversationPrinter.Options(
                        looks.userName(),
                        tape.provider().displayName(),
                        looks.timeZone(),
                        context.terminalOut() ? Terminal.size().columns() : 0,
                        full,
                        thinking),
                context.style());
        try (ConversationCursor cursor =
                new ConversationCursor(subagent.map(session::part).map(List::of).orElseGet(session::parts))) {
            if (follow) {
                follow(session, cursor, text);
            } else {
                try (Pager pager = new Pager(context)) {
                    pager.write(heading(session));
                    show(cursor, text, tail, pager);
                }
            }
        }
        return ExitCode.DONE;
    }

    /** Returns the subagent whose id was typed instead of its session's. */
    private Optional<StoredTape> subagent(StoredSession session) {
        String beginning = SessionIds.beginning(id);
        return beginning.isEmpty() || session.key().sessionId().startsWith(beginning)
                ? Optional.empty()
                : session.subagent(beginning);
    }

    private String heading(StoredSession session) {
        Style style = context.style();
        String name = session.name().isEmpty() ? "(nothing said yet)" : session.name();
        String where = session.metadata().workingDirectory();
        String titled = HumanReadable.titled(session.metadata().nameOrigin());
        return style.strong(HumanReadable.harmless(name)) + "\n"
                + style.quiet(HumanReadable.harmless(session.key()
                        + subagent(session)
                                .map(it -> "  subagent " + it.branch())
                                .orElse("")
                        + (where.isEmpty() ? "" : "  " + context.pathForPeople(where))
                        + (titled.isEmpty() ? "" : "  " + titled)))
                + "\n";
    }

    private static void show(ConversationCursor cursor, ConversationPrinter text, int tail, Pager pager)
            throws IOException {
        Deque<StringBuilder> last = new ArrayDeque<>();
        boolean wanted = true;
        for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent() && wanted; next = cursor.peek()) {
            cursor.consume();
            Optional<ConversationPrinter.Block> block = text.next(next.get());
            if (block.isPresent() && tail < 0) {
                wanted = pager.write(block.get().text());
            } else if (block.isPresent()) {
                if (block.get().startsMessage() || last.isEmpty()) {
                    last.add(new StringBuilder());
                }
                last.getLast().append(block.get().text());
                if (last.size() > tail) {
                    last.remove();
                }
            }
        }
        for (StringBuilder message : last) {
            pager.write(message.toString());
        }
    }

    private void follow(StoredSession session, ConversationCursor cursor, ConversationPrinter text)
            throws IOException, InterruptedException {
        CliContext plain = context.withoutPager();
        try (Pager pager = new Pager(plain)) {
            pager.write(heading(session));
            show(cursor, text, tail < 0 ? FOLLOWED_TAIL : tail, pager);
            context.out().flush();
            if (new DaemonProcess(context.home()).runningPid().isEmpty()) {
                context.err()
                        .println("kept: the daemon is not running, so nothing new comes. Start it with: kept start");
            }
            boolean wanted = true;
            while (wanted) {
                Thread.sleep(LOOK_AGAIN);
                for (Optional<ConversationEvent> next = cursor.peek();
                        next.isPresent() && wanted;
                        next = cursor.peek()) {
                    cursor.consume();
                    Optional<ConversationPrinter.Block> block = text.next(next.get());
                    wanted = block.isEmpty() || pager.write(block.get().text());
                    context.out().flush();
                }
            }
        }
    }
}
