package dev.kept.cli.doctor.check;

import dev.kept.config.SandboxMode;
import dev.kept.status.StatusReport;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A check of the daemon's confinement, and whether the configuration requires more. */
record SandboxCheck() implements Check {
    @Override
    public String id() {
        return "sandbox";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        Optional<String> inForce = kept.report().map(StatusReport::daemon).map(StatusReport.Daemon::sandbox);
        if (inForce.isEmpty()) {
            return List.of();
        }
        if (!inForce.get().equals("none")) {
            return List.of(Finding.ok("sandbox " + inForce.get()));
        }
        return List.of(
                kept.config().sandbox() == SandboxMode.REQUIRED
                        ? Finding.problem(
                                "none confines the daemon, and config.yaml requires one: it was started before that",
                                "kept restart")
                        : Finding.note("sandbox: none; the daemon may do what you may"));
    }
}
