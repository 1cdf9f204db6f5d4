package dev.kept.cli.doctor.check;

import dev.kept.control.LastExit;
import dev.kept.control.QuarantinedSource;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** A check of the problems that {@code kept status} shows, except those that have a check of their own. */
record ReportedCheck() implements Check {
    private static final Set<String> OWN_CHECKS = Set.of(LastExit.CODE, QuarantinedSource.CODE);

    @Override
    public String id() {
        return "reported";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        if (kept.report().isEmpty()) {
            return List.of();
        }
        List<Finding> problems = kept.report().get().problems().stream()
                .filter(problem -> !OWN_CHECKS.contains(problem.code()))
                .map(problem -> Finding.problem(problem.code() + ": " + problem.message(), problem.remedy()))
                .toList();
        return problems.isEmpty() ? List.of(Finding.ok("the daemon reports no problem")) : problems;
    }
}
