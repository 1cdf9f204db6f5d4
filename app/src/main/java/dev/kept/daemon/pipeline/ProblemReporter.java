package dev.kept.daemon.pipeline;

import dev.kept.config.JavaVariables;
import dev.kept.ingest.source.IngestListener.FileCounts;
import dev.kept.model.BoundedText;
import dev.kept.model.SessionKey;
import dev.kept.provider.SourceRecord;
import dev.kept.recording.contract.RecordingListener;
import dev.kept.recording.destination.Refusal;
import dev.kept.status.StatusReport.UnknownType;
import dev.kept.text.ShellWord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A reporter of problems and events in words for people: in {@code status} with a remedy, and in the logs. Owned by the
 * pipeline thread.
 *
 * @param problems problems shown by {@code status}
 * @param log destination of log entries
 */
public record ProblemReporter(ProblemBook problems, DaemonLog log) implements RecordingListener {
    /** Longer than two rescans, each of which reports what is still wrong with a file. */
    private static final Duration FILE_PROBLEM_FADES = Duration.ofSeconds(150);

    /** Longer than the six hours between two checks. */
    private static final Duration ALTERED_TAPE_FADES = Duration.ofHours(7);

    private static final Duration AS_LONG_AS_IT_RUNS = Duration.ofDays(36_500);

    private static final Duration SESSION_PROBLEM_FADES = Duration.ofHours(24);

    @Override
    public void obeyed(SessionKey session, String verb, String message) {
        log.info("command.obeyed", Map.of("session", session.toString(), "verb", verb, "message", message));
    }

    @Override
    public void problem(SessionKey session, String code, String message, String remedy) {
        // Each command that failed is a problem of its own; a recording has one at a time.
        String subject = code.startsWith("command.") ? session + "\n" + message : session.toString();
        if (problems.report(code, subject, message, remedy, SESSION_PROBLEM_FADES)) {
            log.warning(code, Map.of("session", session.toString()));
        }
    }

    @Override
    public void denied(SessionKey session, Refusal refusal) {
        log.denied(
                "write." + refusal.code().publicName(),
                Map.of("session", session.toString(), "message", refusal.message()));
    }

    @Override
    public void mended(SessionKey session, String code) {
        problems.clear(code, session.toString());
    }

    /** Reports that the owner gave this process Java options that may take memory beyond what the ceiling counts. */
    public void reportJavaOptions(List<String> options) {
        problems.report(
                "java.options",
                JavaVariables.OPTIONS,
                JavaVariables.OPTIONS + " adds to the daemon's Java: " + String.join(" ", options)
                        + ". Kept's own limits come after them, but daemonMaxMemoryMb is not promised.",
                "Unset " + JavaVariables.OPTIONS + ", then: kept restart",
                AS_LONG_AS_IT_RUNS);
    }

    /** Reports that something is wrong with a file. */
    void reportFile(PipelineMessage.FileProblem problem) {
        String code = problem.code();
        Path path = problem.path();
        String message = problem.message();
        String remedy = problem.remedy().or(() -> remedyOfCause(message)).orElseGet(() -> remedy(code, path));
        if (problems.report(code, path.toString(), path + ": " + message, remedy, fades(code))) {
            log.warning(code, Map.of("path", path.toString(), "message", message));
        }
    }

    private static Duration fades(String code) {
        return switch (code) {
            case "tape.altered" -> ALTERED_TAPE_FADES;
            case "source.folder" -> SESSION_PROBLEM_FADES;
            default -> FILE_PROBLEM_FADES;
        };
    }

    /** Returns the remedy for a cause that the system named in the message, whatever was to be done with the file. */
    private static Optional<String> remedyOfCause(String message) {
        if (message.contains("Too many open files in system")) {
            return Optional.of("sudo sysctl fs.file-max=1000000; it is tried again every minute.");
        }
        if (message.contains("Too many open files")) {
            return Optional.of(
                    "Raise the limit of open files (ulimit -n 1024, or LimitNOFILE=1024 in a service's unit),"
                            + " then: kept restart");
        }
        if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
            return Optional.of("Make room on that disk (kept clean --dry-run shows what could go); it is tried again"
                    + " every minute.");
        }
        if (message.contains("Read-only file system")) {
            return Optional.of("Mount that disk so that it can be written to; it is tried again every minute.");
        }
        return Optional.empty();
    }

    private static String remedy(String code, Path path) {
        return switch (code) {
            case "watch.limit" -> "sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024";
            case "sources.limit", "folders.limit" -> "Raise daemonMaxMemoryMb in config.yaml, then: kept restart";
            case "disk.full" ->
                "Make room on that disk (kept clean --dry-run shows what could go), or lower keep.minFreeBytes.";
            case "tape.damaged" ->
                "Leave its folder as it is, it may be the only copy; a backup of KEPT_HOME may have that file. See: kept doctor";
            case "tape.unwritable" -> "Make room or mend the permissions of KEPT_HOME; it is tried again every minute.";
            case "tape.altered" ->
                "A backup of KEPT_HOME may have that file as it was. Everything else is read as before; see: kept doctor --verify";
            case "packed.window" ->
                "Its packed bytes are kept. To have it read, unpack it beside itself: zstd -d --long=31 "
                        + ShellWord.of(path);
            case "packed.expansion" ->
                "Its packed bytes are kept. If it is what you expect, raise tape.maxUnpackRatio and tape.maxUnpackedBytes"
                        + " in config.yaml.";
            case "packed.dictionary" ->
                "Its packed bytes are kept. With the dictionary: zstd -d -D DICTIONARY " + ShellWord.of(path);
            case "packed.room" ->
                "Its packed bytes are kept. Make room on that disk (kept clean --dry-run shows what could go); it is"
                        + " unpacked then.";
            case "packed.broken" ->
                "Its packed bytes are kept, and what comes before the damage is read. It is read anew when it changes.";
            case "source.folder" ->
                "Continue one of them in its agent, which notes its folder then, or remove the folders from keep.exclude.";
            case "config.refused" ->
                "Correct the file; until then the daemon keeps its previous configuration. See: kept config validate";
            case "sandbox.waiting" -> "Wait, or run: kept restart";
            default -> "Mend the file or its permissions; it is looked at again every minute.";
        };
    }

    /** Reports that none of a provider's files is understood, or that this is over. */
    void reportCounts(ProviderCounters counters, FileCounts counts) {
        String provider = counts.provider();
        if (counters.onlyUnknownFiles()) {
            problems.report(
                    "files.unknown",
                    provider,
                    "None of the " + counts.unknown() + " files where " + provider
                            + " keeps its sessions is one that this version knows.",
                    "Update Kept; nothing of them is kept until then.",
                    SESSION_PROBLEM_FADES);
        } else {
            problems.clear("files.unknown", provider);
        }
    }

    /** Reports a record that is valid JSON only after repair. */
    void reportRepaired(String provider, long count, Path path) {
        boolean fresh = problems.report(
                "records.repaired",
                provider,
                provider + " wrote line feeds or tabs into the text of " + count + (count == 1 ? " record" : " records")
                        + " as such, which is no JSON, last in " + path + ". Kept reads them as text.",
                "Nothing needs to be done; the tape has the bytes as they were written.",
                SESSION_PROBLEM_FADES);
        if (fresh) {
            log.warning("records.repaired", Map.of("provider", provider, "path", path.toString()));
        }
    }

    /** Reports the first record of a type that is not understood. */
    void reportUnknownType(String provider, UnknownType type) {
        if (type.type().equals(SourceRecord.Malformed.TORN)) {
            problems.report(
                    "records.torn",
                    provider,
                    provider + " was stopped while it wrote: a torn record, first in " + type.example()
                            + ". What there is of it is kept and counted; the records around it are read.",
                    "Nothing needs to be done; what the agent did not write is in no file.",
                    SESSION_PROBLEM_FADES);
            log.warning("records.torn", Map.of("provider", provider, "where", type.example()));
            return;
        }
        if (type.type().equals(SourceRecord.Malformed.TOO_LARGE)) {
            problems.report(
                    "records.tooLarge",
                    provider,
                    provider + " wrote a record that would take more memory than one record may, first in "
                            + type.example() + ". Such records are kept on tape and counted, and not understood.",
                    "Nothing needs to be done: kept restore gives the file back as it was, and all other records are read.",
                    SESSION_PROBLEM_FADES);
            log.warning("records.tooLarge", Map.of("provider", provider, "where", type.example()));
            return;
        }
        problems.report(
                "records.unknown",
                provider + "/" + type.type(),
                provider + " writes records of a type that this version does not know: “" + type.type() + "”, first in "
                        + type.example() + ". They are kept and counted.",
                "Update Kept; the tape is read again then.",
                SESSION_PROBLEM_FADES);
        log.warning("records.unknown", Map.of("provider", provider, "type", type.type(), "where", type.example()));
    }

    /** Reports that a record names a working directory that is too long to be one. */
    void reportUnknownFolder(String provider, Path path) {
        problems.report(
                "folder.unknown",
                provider,
                path + " names a working directory of more than " + BoundedText.MAX_PATH
                        + " characters. It counts as unknown; the text is on the tape.",
                "Commands in that session need a path from the root.",
                SESSION_PROBLEM_FADES);
    }

    /** Reports a fault of Kept's own in one message. */
    void reportFault(String kind, RuntimeException fault) {
        log.error("daemon.fault", fault);
        problems.report(
                "daemon.fault",
                kind,
                "A fault in Kept itself (" + kind + ": " + fault + ").",
                "kept restart reads everything again from the tapes; the log names the place.",
                SESSION_PROBLEM_FADES);
    }
}
