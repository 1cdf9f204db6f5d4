package dev.kept.status;

import dev.kept.status.StatusReport.Daemon;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.RecordingStatus;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.status.StatusReport.UnknownType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The report as text for people, in this order: daemon, import, recorded and live sessions, problems with remedies,
 * providers, memory.
 *
 * <p>Names and texts from agents' files are shown without control characters, so that no file can control the terminal.
 */
public final class StatusText {
    /** Age of a heartbeat that means that the daemon hangs; the interval is 5 s. */
    private static final Duration LATE_HEARTBEAT = Duration.ofSeconds(20);

    private final StatusReport report;
    private final Options options;
    private final Instant now;
    private final StringBuilder out = new StringBuilder();

    /**
     * Display options.
     *
     * @param all true to show stale sessions too
     * @param color true to use escape sequences of a terminal
     * @param shortenPath function that shortens a path, e.g. to {@code ~/} for the home directory
     */
    public record Options(boolean all, boolean color, UnaryOperator<String> shortenPath) {
        /** Live sessions only, without colour, paths unchanged. */
        public static final Options PLAIN = new Options(false, false, UnaryOperator.identity());
    }

    private StatusText(StatusReport report, Options options, Instant now) {
        this.report = report;
        this.options = options;
        this.now = now;
    }

    /** Returns the text, with a closing newline; ages are relative to {@code now}. */
    public static String render(StatusReport report, Options options, Instant now) {
        StatusText text = new StatusText(report, options, now);
        text.daemon(report.daemon());
        text.imports(report.imports());
        text.sessions();
        text.problems();
        text.providers();
        text.memory(report.memory());
        return text.out.toString();
    }

    private void daemon(Daemon daemon) {
        String state = daemon.running()
                ? good("running") + " for " + HumanReadable.lasting(Duration.between(daemon.startedAt(), now))
                : bad("not running");
        line("Kept " + daemon.version() + " is " + state + " (pid " + daemon.pid() + ", sandbox " + daemon.sandbox()
                + ")");
        if (daemon.heartbeatAt().isEmpty()) {
            line("  " + quiet("starting: no heartbeat yet"));
        } else if (Duration.between(daemon.heartbeatAt().get(), now).compareTo(LATE_HEARTBEAT) > 0) {
            line(bad("  The last heartbeat was "
                    + HumanReadable.ago(daemon.heartbeatAt().get(), now) + ": the daemon may hang. Try: kept restart"));
        } else {
            line("  heartbeat " + HumanReadable.ago(daemon.heartbeatAt().get(), now));
        }
    }

    private void memory(Memory memory) {
        String used = HumanReadable.bytes(memory.process().rss()) + " of "
                + HumanReadable.bytes(memory.daemonMaxMemoryBytes());
        line("");
        line(memory.overBudget() ? bad("MEMORY OVER BUDGET: " + used) : strong("Memory  ") + used);
        line(quiet("  heap " + HumanReadable.bytes(memory.process().heapUsed()) + " used, "
                + HumanReadable.bytes(memory.process().heapCommitted()) + " committed; outside the heap "
                + HumanReadable.bytes(memory.process().nonHeapUsed()) + "; direct "
                + HumanReadable.bytes(memory.process().directUsed())));
        line(quiet("  snapshots " + HumanReadable.bytes(memory.snapshots().estimatedBytes()) + ": "
                + HumanReadable.count(memory.snapshots().sessionCount(), "session") + ", "
                + HumanReadable.count(memory.snapshots().eventCount(), "event")));
        Evictions evictions = memory.snapshots().evictions();
        if (evictions.total() > 0) {
            String reasons = evictions.byReason().entrySet().stream()
                    .map(each -> each.getKey() + " " + each.getValue())
                    .collect(Collectors.joining(", "));
            line(quiet("  " + HumanReadable.count(evictions.total(), "eviction") + " gave back "
                    + HumanReadable.bytes(evictions.bytesReclaimed()) + " (" + reasons + ")"));
        }
    }

    private void imports(Imports imports) {
        if (imports.filesTotal() == 0 || imports.isDone()) {
            return;
        }
        String files =
                HumanReadable.grouped(imports.filesDone()) + " of " + HumanReadable.count(imports.filesTotal(), "file");
        String bytes = HumanReadable.bytes(imports.bytesDone()) + " of " + HumanReadable.bytes(imports.bytesTotal());
        long percent = imports.bytesTotal() == 0 ? 0 : imports.bytesDone() * 100 / imports.bytesTotal();
        line("Import  " + files + ", " + bytes + " (" + percent + " %)");
    }

    private void providers() {
        if (report.providers().isEmpty()) {
            line("Providers  none");
        }
        List<ProviderStatus> silent =
                report.providers().stream().filter(StatusText::hasNothing).toList();
        for (ProviderStatus provider : report.providers()) {
            if (silent.contains(provider)) {
                continue;
            }
            line("");
            line(strong(safe(provider.provider())) + "  "
                    + HumanReadable.count(provider.filesFollowed(), "file") + " followed of "
                    + provider.filesPresent() + " present, "
                    + HumanReadable.bytes(provider.bytesOnTape()) + " on tape, "
                    + HumanReadable.count(provider.recordsRead(), "record"));
            line(quiet("  in " + (provider.roots().isEmpty() ? "no directory yet" : roots(provider))));
            List<String> oddities = new ArrayList<>();
            addCount(oddities, provider.recordsUnknown(), "unknown record");
            addCount(oddities, provider.rewritesDetected(), "rewritten source");
            if (provider.filesUnknown() > 0) {
                line(quiet("  " + HumanReadable.count(provider.filesUnknown(), "unknown file") + " (not kept)"
                        + named(provider.unknownFiles())));
            }
            if (!oddities.isEmpty()) {
                line(quiet("  " + String.join(", ", oddities) + " (kept as they are)"));
            }
            if (provider.idsForgotten() > 0) {
                line(quiet("  " + HumanReadable.count(provider.idsForgotten(), "event")
                        + " of very long sessions would be taken as new if their files were rewritten"));
            }
            for (UnknownType unknown : provider.unknownTypes()) {
                line(quiet("  unknown “" + safe(unknown.type()) + "” × " + HumanReadable.grouped(unknown.count())
                        + ", first in " + safe(unknown.example())));
            }
        }
        if (!silent.isEmpty()) {
            line("");
            line(quiet("No files yet of "
                    + silent.stream()
                            .map(provider -> safe(provider.provider()) + " (" + roots(provider) + ")")
                            .collect(Collectors.joining(", "))));
        }
    }

    private String named(List<String> files) {
        return files.isEmpty()
                ? ""
                : ", such as " + files.stream().map(this::path).collect(Collectors.joining(", "));
    }

    private static boolean hasNothing(ProviderStatus provider) {
        return provider.filesPresent() == 0
                && provider.filesFollowed() == 0
                && provider.bytesOnTape() == 0
                && provider.recordsRead() == 0;
    }

    private String roots(ProviderStatus provider) {
        return provider.roots().stream().map(this::path).collect(Collectors.joining(", "));
    }

    private static void addCount(List<String> words, long count, String singular) {
        if (count > 0) {
            words.add(HumanReadable.count(count, singular));
        }
    }

    private void sessions() {
        List<SessionStatus> recorded = report.sessions().stream()
                .filter(session -> session.recording().isPresent())
                .toList();
        List<SessionStatus> others = report.sessions().stream()
                .filter(session -> session.recording().isEmpty())
                .filter(session -> options.all() || !session.stale())
                .toList();
        int hidden = report.sessions().size() - recorded.size() - others.size();
        line("");
        line(strong("Recording  ")
                + (recorded.isEmpty() ? "nothing" : HumanReadable.count(recorded.size(), "session")));
        recorded.forEach(this::session);
        secrets();
        line("");
        line(strong(options.all() ? "Others  " : "Others that are live  ")
                + (others.isEmpty() ? "none" : HumanReadable.count(others.size(), "session")));
        others.forEach(this::session);
        if (hidden > 0) {
            line(quiet("  " + HumanReadable.count(hidden, "stale session") + " not shown: kept status --all"));
        }
    }

    private void secrets() {
        if (report.secrets().replaced() > 0) {
            String kinds = report.secrets().byKind().entrySet().stream()
                    .map(each -> safe(each.getKey()) + " " + each.getValue())
                    .collect(Collectors.joining(", "));
            line(quiet("  " + HumanReadable.count(report.secrets().replaced(), "secret") + " written as markers ("
                    + kinds + ")"));
        }
    }

    private void session(SessionStatus session) {
        String name = session.title().or(session::snippet).map(StatusText::safe).orElse("(nothing said yet)");
        String last = session.lastMessageAt()
                .or(session::updatedAt)
                .map(at -> HumanReadable.ago(at, now))
                .orElse("no time");
        line("  " + strong(safe(session.shortId())) + "  " + name);
        List<String> facts = new ArrayList<>();
        facts.add(safe(session.provider()));
        facts.add(last);
        facts.add(HumanReadable.count(session.eventCount(), "event"));
        session.cwd().ifPresent(cwd -> facts.add(path(cwd)));
        String titled = HumanReadable.titled(session.titleSource());
        if (!titled.isEmpty()) {
            facts.add(titled);
        }
        if (session.stale()) {
            facts.add("stale");
        }
        if (session.evicted()) {
            facts.add("evicted from memory, on tape");
        }
        if (!session.sourcePresent()) {
            facts.add("the agent deleted its file; the tape has it");
        }
        line(quiet("            " + String.join(" · ", facts)));
        session.recording().ifPresent(this::recording);
    }

    private void recording(RecordingStatus recording) {
        String written = recording
                .lastWriteAt()
                .map(at -> "last written " + HumanReadable.ago(at, now))
                .orElse("nothing written yet");
        line("            " + good("→ " + path(recording.outputPath())) + ", begun "
                + HumanReadable.ago(recording.startedAt(), now) + ", " + written);
    }

    private void problems() {
        if (report.problems().isEmpty()) {
            return;
        }
        line("");
        line(bad("Problems  " + report.problems().size()));
        for (Problem problem : report.problems()) {
            String since = problem.since()
                    .map(at -> " (since " + HumanReadable.ago(at, now) + ")")
                    .orElse("");
            String waiting = problem.pendingCommands() == 0
                    ? ""
                    : "; " + HumanReadable.count(problem.pendingCommands(), "command") + " waiting";
            line("  " + safe(problem.message()) + since + waiting + quiet("  [" + safe(problem.code()) + "]"));
            line("    to mend it: " + safe(problem.remedy()));
        }
    }

    private String path(String path) {
        return safe(options.shortenPath().apply(path));
    }

    private static String safe(String text) {
        return HumanReadable.harmless(text);
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private String strong(String text) {
        return styled("1", text);
    }

    private String quiet(String text) {
        return styled("2", text);
    }

    private String good(String text) {
        return styled("32", text);
    }

    private String bad(String text) {
        return styled("1;31", text);
    }

    private String styled(String code, String text) {
        return options.color() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
