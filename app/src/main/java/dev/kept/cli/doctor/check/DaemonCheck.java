package dev.kept.cli.doctor.check;

import dev.kept.config.KeptHome;
import dev.kept.config.KeptVersion;
import dev.kept.control.InstanceLock;
import dev.kept.status.StatusReport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** A check that the daemon runs and answers. One that was never started, or was stopped, is no problem. */
record DaemonCheck() implements Check {
    @Override
    public String id() {
        return "daemon";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        Optional<StatusReport> report = kept.report();
        if (report.isPresent()) {
            return List.of(running(report.get().daemon()));
        }
        KeptHome home = kept.home();
        // The daemon deletes its socket when it is stopped.
        if (!Files.exists(home.controlSocket())) {
            return List.of(Finding.note(
                    Files.exists(home.lockFile())
                            ? "Kept is stopped, so nothing new is kept"
                            : "Kept was not started yet, so nothing is kept",
                    "kept start"));
        }
        Optional<ProcessHandle> holder = InstanceLock.lastHolder(home).filter(DaemonCheck::mayBeDaemon);
        return List.of(
                holder.isPresent()
                        ? Finding.problem(
                                "process " + holder.get().pid() + " holds the home and does not answer on its socket",
                                "kept restart")
                        : Finding.problem(
                                "Kept is not running, and was not stopped: it was killed, or the machine went down."
                                        + " Nothing new is kept",
                                "kept start"));
    }

    private static Finding running(StatusReport.Daemon daemon) {
        String words = "daemon " + daemon.version() + " runs as process " + daemon.pid();
        return daemon.version().equals(KeptVersion.current())
                ? Finding.ok(words)
                : Finding.note(words + "; this is version " + KeptVersion.current(), "kept restart");
    }

    /** Reports whether a process may be a daemon: the pid in the lock file may have been reused by another program. */
    private static boolean mayBeDaemon(ProcessHandle process) {
        return process.info().command().map(command -> command.endsWith("java")).orElse(true);
    }
}
