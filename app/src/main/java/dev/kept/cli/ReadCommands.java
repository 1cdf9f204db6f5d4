package dev.kept.cli;

import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
import dev.kept.cli.Commands.Action;
import dev.kept.config.RecordingSettings;
import dev.kept.daemon.ExitCode;
import dev.kept.json.JsonWriter;
import dev.kept.model.ConversationEvent;
import dev.kept.recording.ReplayCursor;
import dev.kept.status.HumanWords;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport.SessionStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;

/** Commands that look at what is kept and change nothing. They need no daemon. */
final class ReadCommands {
    private ReadCommands() {}

    static final String ID_HELP =
            "The session: its id, a beginning of it that no other has, PROVIDER/ID, or last for the latest.";

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
    static final class Sessions implements Action {
        private final Surroundings surroundings;

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

        Sessions(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            Instant now = surroundings.clock().instant();
            Optional<Instant> after = since.isEmpty() ? Optional.empty() : Optional.of(Age.before(since, now));
            Optional<Path> below = cwd.isEmpty() ? Optional.empty() : Optional.of(surroundings.path(cwd));
            Listing listing = Listing.of(surroundings);
            List<SessionStatus> found = listing.sessions().stream()
                    .filter(session -> provider.isEmpty() || session.provider().equals(provider))
                    .filter(session -> !recording || session.recording().isPresent())
                    .filter(session -> after.map(at -> session.lastMessageAt()
                                    .or(session::updatedAt)
                                    .map(last -> !last.isBefore(at))
                                    .orElse(false))
                            .orElse(true))
                    .filter(session ->
                            below.map(folder -> isBelow(session, folder)).orElse(true))
                    .filter(session -> text.isEmpty() || says(session, text))
                    .sorted(SessionIds.LATEST_FIRST)
                    .toList();
            if (json) {
                StringWriter out = new StringWriter();
                StatusJson.writeSessions(found, listing.fromDaemon() ? "daemon" : "disk", now, out);
                surroundings.out().print(out);
            } else if (ids) {
                found.forEach(session -> surroundings.out().println(session.sessionId()));
            } else {
                print(found, listing, now);
            }
            if (listing.unreadable() > 0) {
                surroundings
                        .err()
                        .println("kept: " + HumanWords.count(listing.unreadable(), "tape")
                                + " cannot be read; see: kept doctor");
            }
            return ExitCode.DONE;
        }

        private void print(List<SessionStatus> found, Listing listing, Instant now) throws IOException {
            try (Pager pager = new Pager(surroundings)) {
                int width = surroundings.terminalOut() ? Terminal.size().columns() : 0;
                pager.write(SessionLines.table(found, now, surroundings::pathForPeople, width, surroundings.style()));
                if (!surroundings.terminalOut()) {
                    return;
                }
                String legend = SessionLines.legend(found);
                pager.write(legend.isEmpty() ? "" : "\n" + surroundings.style().quiet(legend) + "\n");
                if (found.isEmpty()) {
                    pager.write(
                            listing.sessions().isEmpty()
                                    ? "Nothing is kept yet. Start with: kept start\n"
                                    : "None of "
                                            + HumanWords.count(
                                                    listing.sessions().size(), "session") + " is like that.\n");
                }
                if (listing.importing()) {
                    pager.write("The daemon still reads what was there before it: more will come.\n");
                }
            }
        }

        private static boolean isBelow(SessionStatus session, Path folder) {
            try {
                return session.cwd()
                        .map(where -> Path.of(where).startsWith(folder))
                        .orElse(false);
            } catch (InvalidPathException noPath) {
                return false;
            }
        }

        private static boolean says(SessionStatus session, String text) {
            String wanted = text.toLowerCase(Locale.ROOT);
            return session.title().orElse("").toLowerCase(Locale.ROOT).contains(wanted)
                    || session.snippet().orElse("").toLowerCase(Locale.ROOT).contains(wanted);
        }
    }

    @Command(
            name = "path",
            description = "Say which files hold a session: the tape, and where its agent keeps it.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept path last                      both, with whether the agent's file is still there",
                "  jq -r .type \"$(kept path last --tape)\" | sort | uniq -c",
                "  ls -l \"$(kept path last --source)\""
            })
    static final class ShowPath implements Action {
        private final Surroundings surroundings;

        @Parameters(arity = "1", paramLabel = "ID", description = ID_HELP)
        private String id = "";

        @Option(names = "--tape", description = "Only the newest file of the tape.")
        private boolean tape;

        @Option(names = "--source", description = "Only the agent's file, there or not.")
        private boolean source;

        @Option(names = "--json", description = "For programs.")
        private boolean json;

        ShowPath(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            StoredSession session = new SessionFinder(surroundings).stored(id);
            if (json) {
                surroundings.out().println(json(session));
                return ExitCode.DONE;
            }
            if (tape || source) {
                StoredTape main = session.main();
                surroundings
                        .out()
                        .println(
                                tape
                                        ? main.folder()
                                                .resolve(main.card().newest().fileName())
                                        : main.card().path());
                return ExitCode.DONE;
            }
            for (StoredTape each : session.tapes()) {
                if (!each.isMainLine()) {
                    surroundings
                            .out()
                            .println("subagent "
                                    + HumanWords.harmless(each.kind().line()));
                }
                for (Path file : each.files()) {
                    surroundings.out().println("tape    " + file);
                }
                surroundings
                        .out()
                        .println("source  " + each.card().path()
                                + (each.sourcePresent() ? "" : "  (not there any more; kept restore)"));
            }
            return ExitCode.DONE;
        }

        private static String json(StoredSession session) {
            StringWriter text = new StringWriter();
            try (JsonGenerator out = JsonWriter.indented(text)) {
                out.writeStartObject();
                out.writeStringProperty("provider", session.key().provider());
                out.writeStringProperty("sessionId", session.key().sessionId());
                out.writeArrayPropertyStart("tapes");
                for (StoredTape tape : session.tapes()) {
                    out.writeStartObject();
                    out.writeStringProperty("line", tape.kind().line());
                    out.writeStringProperty("folder", tape.folder().toString());
                    out.writeArrayPropertyStart("files");
                    tape.files().forEach(file -> out.writeString(file.toString()));
                    out.writeEndArray();
                    out.writeNumberProperty("bytes", tape.length());
                    out.writeStringProperty("source", tape.card().path().toString());
                    out.writeBooleanProperty("sourcePresent", tape.sourcePresent());
                    out.writeEndObject();
                }
                out.writeEndArray();
                out.writeEndObject();
            }
            return text.toString();
        }
    }

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
    static final class Show implements Action {
        private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
        private static final int FOLLOWED_TAIL = 10;

        private final Surroundings surroundings;

        @Parameters(arity = "1", paramLabel = "ID", description = ID_HELP)
        private String id = "";

        @Option(names = "--tail", paramLabel = "N", description = "Only the last N messages.")
        private int tail = -1;

        @Option(
                names = {"-f", "--follow"},
                description = "Go on with what is said from now on.")
        private boolean follow;

        @Option(
                names = "--full",
                description = "Tools with all they were given and gave back, and what the agent put in.")
        private boolean full;

        @Option(names = "--thinking", description = "What the model wrote to itself, where the agent kept it.")
        private boolean thinking;

        Show(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            if (tail < -1 || tail == 0) {
                throw new UsageException("--tail needs a number from 1 on");
            }
            SessionFinder finder = new SessionFinder(surroundings);
            StoredSession session = finder.stored(id);
            RecordingSettings looks =
                    finder.configOrDefaults().recordings(session.key().provider());
            StoredTape tape = session.main();
            ConversationText text = new ConversationText(
                    new ConversationText.Options(
                            looks.userName(),
                            tape.provider().displayName(),
                            looks.timeZone(),
                            surroundings.terminalOut() ? Terminal.size().columns() : 0,
                            full,
                            thinking),
                    surroundings.style());
            try (ReplayCursor cursor = new ReplayCursor(
                    tape.folder(), tape.provider(), tape.kind(), session.key().sessionId())) {
                if (follow) {
                    follow(session, cursor, text);
                } else {
                    try (Pager pager = new Pager(surroundings)) {
                        pager.write(heading(session));
                        show(cursor, text, tape.kind().line(), tail, pager);
                    }
                }
            }
            return ExitCode.DONE;
        }

        private String heading(StoredSession session) {
            Style style = surroundings.style();
            String name = session.name().isEmpty() ? "(nothing said yet)" : session.name();
            String where = session.metadata().workingDirectory();
            return style.strong(HumanWords.harmless(name)) + "\n"
                    + style.quiet(HumanWords.harmless(
                            session.key() + (where.isEmpty() ? "" : "  " + surroundings.pathForPeople(where))))
                    + "\n";
        }

        private static void show(ReplayCursor cursor, ConversationText text, String line, int tail, Pager pager)
                throws IOException {
            Deque<StringBuilder> last = new ArrayDeque<>();
            boolean wanted = true;
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent() && wanted; next = cursor.peek()) {
                cursor.take();
                Optional<ConversationText.Block> block =
                        next.get().header().line().equals(line) ? text.next(next.get()) : Optional.empty();
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

        private void follow(StoredSession session, ReplayCursor cursor, ConversationText text)
                throws IOException, InterruptedException {
            Surroundings plain = surroundings.withoutPager();
            String line = session.main().kind().line();
            try (Pager pager = new Pager(plain)) {
                pager.write(heading(session));
                show(cursor, text, line, tail < 0 ? FOLLOWED_TAIL : tail, pager);
                surroundings.out().flush();
                if (new DaemonProcess(surroundings.home()).runningPid().isEmpty()) {
                    surroundings
                            .err()
                            .println(
                                    "kept: the daemon is not running, so nothing new comes. Start it with: kept start");
                }
                boolean wanted = true;
                while (wanted) {
                    Thread.sleep(LOOK_AGAIN);
                    for (Optional<ConversationEvent> next = cursor.peek();
                            next.isPresent() && wanted;
                            next = cursor.peek()) {
                        cursor.take();
                        Optional<ConversationText.Block> block =
                                next.get().header().line().equals(line) ? text.next(next.get()) : Optional.empty();
                        wanted = block.isEmpty() || pager.write(block.get().text());
                        surroundings.out().flush();
                    }
                }
            }
        }
    }
}
