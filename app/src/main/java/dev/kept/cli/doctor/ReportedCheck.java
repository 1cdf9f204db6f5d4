package dev.kept.cli.doctor;

import java.io.IOException;
import java.util.List;

/** The problems that the daemon reports by itself, the same that {@code kept status} shows. */
record ReportedCheck() implements Check {
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
                .map(problem -> Finding.problem(problem.code() + ": " + problem.message(), problem.remedy()))
                .toList();
        return problems.isEmpty() ? List.of(Finding.ok("the daemon reports no problem")) : problems;
    }
}
