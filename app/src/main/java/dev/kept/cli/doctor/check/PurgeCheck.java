package dev.kept.cli.doctor.check;

import dev.kept.archive.PurgeOutlook;
import dev.kept.archive.PurgeOutlook.FileState;
import dev.kept.archive.PurgeSurvey;
import dev.kept.archive.PurgeWords;
import dev.kept.status.StatusReport;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A check of the conversations that agents will delete soon by their settings: whether their bytes are on tape. */
public record PurgeCheck() implements Check {
    @Override
    public String id() {
        return "agents.purge";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        PurgeSurvey.Bounds bounds = kept.wholeTapes() ? PurgeSurvey.Bounds.NONE : PurgeSurvey.Bounds.LARGE;
        List<Finding> findings = new ArrayList<>();
        for (PurgeOutlook outlook : PurgeSurvey.of(kept.home(), kept.roots(), kept.now(), bounds, _ -> kept.step())) {
            findings.add(finding(kept, outlook));
        }
        return findings;
    }

    private static Finding finding(Examined kept, PurgeOutlook outlook) throws IOException {
        String words = PurgeWords.of(outlook, kept.home(), kept.now());
        if (outlook.count(FileState.DIFFERENT) > 0) {
            return Finding.problem(
                    words,
                    "leave the tape as it is; while Kept runs, this has it compare both, and keep both: "
                            + outlook.first(FileState.DIFFERENT)
                                    .map(file -> "touch -c " + ShellWord.of(file))
                                    .orElse("kept restart"));
        }
        if (outlook.count(FileState.NOT_ON_TAPE) + outlook.count(FileState.CHANGED) > 0) {
            return notOnTape(kept, words);
        }
        return outlook.count(FileState.NOT_COMPARED) > 0
                ? Finding.note(words, "kept doctor --verify")
                : Finding.ok(words);
    }

    private static Finding notOnTape(Examined kept, String words) throws IOException {
        if (!Files.exists(kept.home().tapes())) {
            return Finding.note(words, "kept start");
        }
        if (kept.config().keep().firstImport().isPresent()
                || !kept.config().keep().exclude().isEmpty()) {
            return Finding.note(words + "; config.yaml leaves some out (keep.firstImport, keep.exclude)");
        }
        Optional<StatusReport> report = kept.report();
        if (report.filter(status -> !status.imports().isDone()).isPresent()) {
            return Finding.note(words + "; the daemon is still copying");
        }
        return Finding.problem(
                words,
                report.isEmpty()
                        ? "kept start"
                        : "kept restart looks at all files again; kept status says what is wrong with one");
    }
}
