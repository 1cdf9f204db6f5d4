package dev.kept.cli.doctor;

import dev.kept.cli.doctor.check.Finding;
import dev.kept.cli.doctor.check.Severity;
import java.util.Comparator;
import java.util.List;

/**
 * The result of one check.
 *
 * @param id id of the check
 */
public record CheckResult(String id, List<Finding> findings) {
    public CheckResult {
        findings = List.copyOf(findings);
    }

    /** Returns the weight of the heaviest finding; OK if the check had nothing to examine. */
    public Severity severity() {
        return findings.stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.OK);
    }
}
