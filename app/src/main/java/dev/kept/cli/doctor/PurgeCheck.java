package dev.kept.cli.doctor;

import dev.kept.archive.PurgeOutlook;
import dev.kept.provider.Provider;
import dev.kept.status.HumanWords;
import dev.kept.status.StatusReport;
import dev.kept.tape.Tombstones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What agents will delete soon by their settings, and whether it is on tape. */
record PurgeCheck() implements Check {
    @Override
    public String id() {
        return "agents.purge";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<Provider, List<Path>> each : kept.roots().entrySet()) {
            for (Path root : each.getValue()) {
                Optional<PurgeOutlook> outlook =
                        PurgeOutlook.of(each.getKey(), root, kept.home().tapes(), kept.now());
                if (outlook.isPresent()) {
                    findings.add(told(kept, each.getKey(), outlook.get()));
                }
            }
        }
        return findings;
    }

    private static Finding told(Examined kept, Provider provider, PurgeOutlook outlook) throws IOException {
        String when = provider.displayName() + " deletes sessions " + HumanWords.lasting(outlook.after())
                + " after their last change";
        String within = " within " + PurgeOutlook.SOON.toDays() + " days";
        if (outlook.soon() == 0) {
            return Finding.ok(when + "; none goes" + within);
        }
        String files = HumanWords.count(outlook.soon(), "file");
        Tombstones forgotten = Tombstones.open(kept.home().tapes());
        List<Path> missing = outlook.notOnTape().stream()
                .filter(file -> !forgotten.contains(provider.name(), file))
                .toList();
        if (missing.isEmpty()) {
            return Finding.ok(when + "; " + files + within
                    + (outlook.notOnTape().isEmpty() ? ", all on tape" : ", all on tape or forgotten"));
        }
        String words = when + "; of " + files + " that go" + within + " " + HumanWords.grouped(missing.size())
                + " are not on tape, first " + kept.forPeople(missing.getFirst());
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
