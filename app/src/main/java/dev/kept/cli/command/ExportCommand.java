package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.FileSink;
import dev.kept.cli.terminal.ProgressLine;
import dev.kept.cli.terminal.UsageException;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.control.ExitCode;
import dev.kept.query.SessionFinder;
import dev.kept.query.SessionIds;
import dev.kept.recording.destination.DestinationResolver;
import dev.kept.recording.destination.GeneratedName;
import dev.kept.recording.destination.OpenDestination;
import dev.kept.recording.destination.PathPolicy;
import dev.kept.recording.destination.PathVerdict;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.destination.SafeDestinationOpener;
import dev.kept.recording.render.ConversationExport;
import dev.kept.recording.secret.MarkerKey;
import dev.kept.recording.secret.SecretCounts;
import dev.kept.recording.secret.SecretRedactor;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.status.HumanReadable;
import dev.kept.text.ForeignPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code kept export}: writes a conversation to a file or to the standard output. Needs no daemon. */
@Command(
        name = "export",
        description = "Write a whole conversation to a file, or to the standard output.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept export last -o notes/           to a file named after the conversation",
            "  kept export 7d3f -o ~/notes/auth.md  where recordings may be written: kept allow ~/notes",
            "  kept export last -f jsonl | jq .     events for programs; no file, so nothing to allow",
            "",
            "A file that is there is never written over. Images are written beside a file, in NAME.assets/;",
            "on the standard output their links lead nowhere."
        })
public final class ExportCommand implements Action {
    private final CliContext context;

    @Parameters(arity = "1", paramLabel = "ID", description = SessionIds.HELP)
    private String id = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PATH",
            description = "A new .md or .jsonl file, or a folder. Without it: the standard output.")
    private String output = "";

    @Option(
            names = {"-f", "--format"},
            paramLabel = "md|jsonl",
            description = "The form; that of the file's suffix without it, else md.")
    private String format = "";

    public ExportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Optional<RecordingFormat> wanted = wanted();
        SessionFinder finder = new SessionFinder(context);
        StoredSession session = finder.stored(id);
        KeptConfig config = finder.configOrDefaults();
        ConversationExport export = new ConversationExport(new RecordingStyles(
                config, SecretRedactor.of(MarkerKey.open(context.home().markerKey()), new SecretCounts())));
        ConversationExport.Subject subject = session.toExport();
        try (ProgressLine progress = new ProgressLine(context, "Exporting")) {
            List<StoredTape> tapes = session.conversation();
            progress.begin(
                    tapes.size(), tapes.stream().mapToLong(StoredTape::length).sum());
            if (output.isEmpty()) {
                return toStandardOutput(export, subject, wanted.orElse(RecordingFormat.MARKDOWN), progress);
            }
            return toFile(export, subject, destination(session, config, wanted), progress);
        }
    }

    private Optional<RecordingFormat> wanted() throws UsageException {
        return switch (format.toLowerCase(Locale.ROOT)) {
            case "" -> Optional.empty();
            case "md", "markdown" -> Optional.of(RecordingFormat.MARKDOWN);
            case "jsonl", "json" -> Optional.of(RecordingFormat.JSONL);
            default -> throw new UsageException("there is no format “" + format + "”; write md or jsonl");
        };
    }

    /** Thrown when the reader of the output leaves before its end, which is no error. */
    private static final class ReaderLeftException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private int toStandardOutput(
            ConversationExport export,
            ConversationExport.Subject subject,
            RecordingFormat chosen,
            ProgressLine progress)
            throws IOException {
        ConversationExport.Sink sink = new ConversationExport.Sink() {
            @Override
            public void write(String text) throws IOException {
                // The renderer has made it harmless; a program gets the bytes of a recording.
                if (context.terminalOut()) {
                    context.out().print(text);
                } else {
                    context.out().printData(text);
                }
                if (context.out().checkError()) {
                    throw new ReaderLeftException();
                }
            }

            @Override
            public void at(long bytes) {
                progress.at(bytes);
            }
        };
        try {
            export.write(subject, chosen, Optional.empty(), sink);
            return ExitCode.DONE;
        } catch (ReaderLeftException left) {
            return ExitCode.FAILED;
        }
    }

    private PathVerdict.Allowed destination(StoredSession session, KeptConfig config, Optional<RecordingFormat> wanted)
            throws IOException, UsageException {
        KeptHome home = context.home();
        PathPolicy policy = new PathPolicy(
                config.allowedWriteRoots(),
                home.directory(),
                Providers.roots(config, home, context.environment()).values().stream()
                        .flatMap(List::stream)
                        .toList(),
                home.userHome());
        Path named = context.path(output);
        GeneratedName generated = GeneratedName.of(
                config.recordings(session.key().provider()),
                session.metadata().firstEventAt().orElse(context.clock().instant()),
                SecretRedactor.of(MarkerKey.open(home.markerKey()), new SecretCounts())
                        .redactTitle(session.name()),
                session.key(),
                workingDirectory(session));
        boolean folder = Files.isDirectory(named) || output.endsWith("/");
        Path file = folder ? named.resolve(generated.fileName(wanted.orElse(RecordingFormat.MARKDOWN))) : named;
        return switch (new DestinationResolver(home.userHome(), policy.recordings())
                .resolve(Optional.of(file.toString()), Optional.empty(), generated)) {
            case DestinationResolver.Unresolved(var refusal) -> throw refused(refusal);
            case DestinationResolver.Resolved resolved -> {
                if (wanted.isPresent() && wanted.get() != resolved.format()) {
                    throw new UsageException("-f " + format + " and the file's name do not agree: "
                            + context.forPeople(resolved.file()));
                }
                yield switch (policy.decide(resolved.file())) {
                    case PathVerdict.Denied(var refusal) -> throw refused(refusal);
                    case PathVerdict.Allowed allowed -> allowed;
                };
            }
        };
    }

    private static Optional<Path> workingDirectory(StoredSession session) {
        String directory = session.metadata().workingDirectory();
        return ForeignPath.of(directory);
    }

    private static UsageException refused(Refusal refusal) {
        return new UsageException(refusal.message() + " " + refusal.remedy());
    }

    private Integer toFile(
            ConversationExport export,
            ConversationExport.Subject subject,
            PathVerdict.Allowed allowed,
            ProgressLine progress)
            throws IOException {
        Path file = allowed.canonical();
        SafeDestinationOpener opener = new SafeDestinationOpener(context.home().recordings());
        try (OpenDestination opened = opener.open(allowed)) {
            if (!opened.created()) {
                context.err()
                        .println("kept: " + context.forPeople(file)
                                + " is there already and is not written over; name another file");
                return ExitCode.FAILED;
            }
            Thread unfinished = new Thread(() -> file.toFile().delete());
            Runtime.getRuntime().addShutdownHook(unfinished);
            FileSink sink = new FileSink(opened.appender(), progress);
            boolean done = false;
            long events;
            try {
                events = export.write(
                        subject, RecordingFormat.of(file).orElse(RecordingFormat.MARKDOWN), Optional.of(file), sink);
                sink.end();
                done = true;
            } finally {
                Runtime.getRuntime().removeShutdownHook(unfinished);
                if (!done) {
                    Files.deleteIfExists(file);
                }
            }
            progress.close();
            context.out()
                    .println("Wrote " + context.forPeople(file) + ": " + HumanReadable.count(events, "event") + ", "
                            + HumanReadable.bytes(Files.size(file)) + ".");
            return ExitCode.DONE;
        }
    }
}
