package dev.kept.cli.doctor.check;

import dev.kept.archive.PurgeOutlook;
import dev.kept.archive.PurgeOutlook.Standing;
import dev.kept.archive.PurgeSurvey;
import dev.kept.archive.PurgeWords;
import dev.kept.status.StatusReport;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What agents will delete soon by their settings, and whether its bytes were found to be on tape. */
public record PurgeCheck() implements Check {
    @Override
    public String id() {
        return "agents.purge";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        PurgeSurvey.Bounds bounds = kept.wholeTapes() ? PurgeSurvey.Bounds.NONE : PurgeSurvey.Bounds.LARGE;
        List<Finding> findings = new ArrayList<>();
        for (PurgeOutlook outlook : PurgeSurvey.of(kept.home(), kept.roots(), kept.now(), bounds, _ -> kept.goesOn())) {
            findings.add(told(kept, outlook));
        }
        return findings;
    }

    private static Finding told(Examined kept, PurgeOutlook outlook) throws IOException {
        String words = PurgeWords.of(outlook, kept.home(), kept.now());
        if (outlook.count(Standing.DIFFERENT) > 0) {
            return Finding.problem(
                    words,
                    "leave the tape as it is; while Kept runs, this has it compare both, and keep both: "
                            + outlook.first(Standing.DIFFERENT)
                                    .map(file -> "touch -c " + ShellWord.of(file))
                                    .orElse("kept restart"));
        }
        if (outlook.count(Standing.NOT_ON_TAPE) + outlook.count(Standing.CHANGED) > 0) {
            return notOnTape(kept, words);
        }
        return outlook.count(Standing.NOT_COMPARED) > 0
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
        if (report.filter(told -> !told.imports().isDone()).isPresent()) {
            return Finding.note(words + "; the daemon is still copying");
        }
        return Finding.problem(
                words,
                report.isEmpty()
                        ? "kept start"
                        : "kept restart looks at all files again; kept status says what is wrong with one");
    }
}
