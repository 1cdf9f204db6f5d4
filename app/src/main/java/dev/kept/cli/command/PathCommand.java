package dev.kept.cli.command;

import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.control.ExitCode;
import dev.kept.json.JsonWriter;
import dev.kept.query.SessionFinder;
import dev.kept.query.SessionIds;
import dev.kept.status.HumanReadable;
import dev.kept.tape.Segment;
import dev.kept.text.ShellWord;
import dev.kept.text.TerminalText;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;

/** The command {@code kept path}: prints the files that hold a session. Needs no daemon. */
@Command(
        name = "path",
        description = "Say which files hold a session: the tape, and where its agent keeps it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept path last                      both, with whether the agent's file is still there",
            "  jq -r .type \"$(kept path last --tape)\" | sort | uniq -c",
            "  ls -l \"$(kept path last --source)\"",
            "",
            "A path with characters that drive a terminal is printed by --json alone, where they are escaped."
        })
public final class PathCommand implements Action {
    private final CliContext context;

    @Parameters(arity = "1", paramLabel = "ID", description = SessionIds.HELP)
    private String id = "";

    @Option(
            names = "--tape",
            description = "Only the newest file of the tape; zstdcat reads it if its name ends in .zst.")
    private boolean tape;

    @Option(names = "--source", description = "Only the agent's file, there or not.")
    private boolean source;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    public PathCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        StoredSession session = new SessionFinder(context).stored(id);
        if (json) {
            context.out().println(json(session));
            return ExitCode.DONE;
        }
        if (tape || source) {
            StoredTape main = session.main();
            Path file = tape ? newest(main) : main.manifest().path();
            if (!TerminalText.isHarmless(file.toString())) {
                context.err()
                        .println("kept: the path " + HumanReadable.harmless(file.toString())
                                + " has characters that cannot be printed\n  → For programs it is in: kept path "
                                + ShellWord.of(session.key().sessionId()) + " --json");
                return ExitCode.FAILED;
            }
            context.out().println(file);
            return ExitCode.DONE;
        }
        for (StoredTape each : session.tapes()) {
            if (!each.isMainBranch()) {
                context.out().println("subagent " + HumanReadable.harmless(each.branch()));
            }
            for (Segment segment : each.segments()) {
                context.out()
                        .println("tape    "
                                + HumanReadable.harmless(segment.file().toString())
                                + (segment.sealed() ? "  (sealed: zstdcat reads it)" : ""));
            }
            Optional<StoredTape> packed = each.packed();
            if (packed.isPresent()) {
                for (Segment segment : packed.get().segments()) {
                    context.out()
                            .println("packed  " + segment.file()
                                    + "  (the agent's packed file as it is; why: kept status)");
                }
            }
            context.out()
                    .println("source  "
                            + HumanReadable.harmless(each.manifest().path().toString())
                            + (each.sourcePresent() ? "" : "  (not there any more; kept restore)"));
        }
        return ExitCode.DONE;
    }

    private static Path newest(StoredTape tape) throws IOException {
        List<Segment> segments = tape.segments();
        if (segments.isEmpty() && tape.packed().isPresent()) {
            segments = tape.packed().get().segments();
        }
        if (segments.isEmpty()) {
            throw new IOException("the tape in " + tape.folder() + " holds nothing yet");
        }
        return segments.getLast().file();
    }

    private static String json(StoredSession session) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            out.writeStringProperty("provider", session.key().provider());
            out.writeStringProperty("sessionId", session.key().sessionId());
            out.writeArrayPropertyStart("tapes");
            for (StoredTape tape : session.tapes()) {
                out.writeStartObject();
                out.writeStringProperty("line", tape.branch());
                out.writeStringProperty("folder", tape.folder().toString());
                out.writeArrayPropertyStart("files");
                for (Segment segment : tape.segments()) {
                    out.writeString(segment.file().toString());
                }
                out.writeEndArray();
                out.writeArrayPropertyStart("packedFiles");
                Optional<StoredTape> packed = tape.packed();
                for (Segment segment : packed.isPresent() ? packed.get().segments() : List.<Segment>of()) {
                    out.writeString(segment.file().toString());
                }
                out.writeEndArray();
                out.writeNumberProperty("bytes", tape.length());
                out.writeStringProperty("source", tape.manifest().path().toString());
                out.writeBooleanProperty("sourcePresent", tape.sourcePresent());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.toString();
    }
}
