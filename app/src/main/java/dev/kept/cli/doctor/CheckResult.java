package dev.kept.cli.doctor;

import dev.kept.cli.doctor.check.Finding;
import dev.kept.cli.doctor.check.Severity;
import java.util.Comparator;
import java.util.List;

/**
 * What one check found.
 *
 * @param id of the check
 */
public record CheckResult(String id, List<Finding> findings) {
    public CheckResult {
        findings = List.copyOf(findings);
    }

    /** The weight of the heaviest finding; a check that had nothing to look at is well. */
    public Severity severity() {
        return findings.stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.OK);
    }
}
