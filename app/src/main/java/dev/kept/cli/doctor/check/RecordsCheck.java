package dev.kept.cli.doctor.check;

import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.UnknownType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A check of how much of the agents' files the daemon follows and understands; what it does not understand is kept all
 * the same.
 */
record RecordsCheck() implements Check {
    private static final String REMEDY = "update Kept; the tapes are read again then";

    @Override
    public String id() {
        return "records";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        List<Finding> findings = new ArrayList<>();
        Optional<StatusReport> report = kept.report();
        report.ifPresent(status -> status.providers().forEach(provider -> findings.addAll(of(kept, provider))));
        return findings;
    }

    private static List<Finding> of(Examined kept, ProviderStatus provider) {
        List<Finding> findings = new ArrayList<>();
        String words =
                provider.provider() + ": " + HumanReadable.count(provider.filesFollowed(), "file") + " followed of "
                        + HumanReadable.grouped(provider.filesPresent()) + " present, "
                        + HumanReadable.grouped(provider.filesUnknown()) + " not understood; "
                        + HumanReadable.count(provider.recordsRead(), "record") + " read, "
                        + HumanReadable.grouped(provider.recordsRead() - provider.recordsUnknown()) + " understood, "
                        + HumanReadable.grouped(provider.recordsUnknown()) + " not";
        boolean none = provider.recordsRead() > 0 && provider.recordsUnknown() == provider.recordsRead();
        findings.add(none ? Finding.problem(words, REMEDY) : Finding.ok(words));
        if (provider.filesUnknown() > 0) {
            findings.add(Finding.note(provider.provider() + ": "
                    + HumanReadable.count(provider.filesUnknown(), "file") + " not known to this version, and not kept"
                    + (provider.unknownFiles().isEmpty()
                            ? ""
                            : ", such as "
                                    + provider.unknownFiles().stream()
                                            .map(kept.home()::forPeople)
                                            .collect(Collectors.joining(", ")))));
        }
        for (UnknownType unknown : provider.unknownTypes()) {
            findings.add(Finding.note(provider.provider() + ": not understood: “" + unknown.type() + "” × "
                    + HumanReadable.grouped(unknown.count()) + ", first in " + unknown.example()));
        }
        return findings;
    }
}
