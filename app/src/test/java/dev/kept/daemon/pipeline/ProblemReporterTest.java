package dev.kept.daemon.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import dev.kept.observe.AuditLog;
import dev.kept.observe.OperationalLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemReporterTest {
    @TempDir
    private Path temporary;

    private String remedy(String code, String message) throws IOException {
        KeptHome home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
        try (DaemonLog log = new DaemonLog(
                OperationalLog.open(home, Clock.systemUTC()), AuditLog.open(home, Clock.systemUTC()), () -> {})) {
            ProblemReporter reporter = new ProblemReporter(new ProblemBook(Clock.systemUTC()), log);
            reporter.reportFile(new PipelineMessage.FileProblem(code, Path.of("/a/b"), message, Optional.empty()));
            return reporter.problems().list().getFirst().remedy();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "source.unreadable, /a/b: Too many open files, limit of open files (ulimit -n 1024",
        "tape.unwritable, /a/b: Too many open files, limit of open files (ulimit -n 1024",
        "directory.unreadable, /a/b: Too many open files in system, fs.file-max",
        "tape.unwritable, No space left on device, Make room on that disk",
        "tape.unwritable, Disk quota exceeded, Make room on that disk",
        "tape.unwritable, /a/b: Read-only file system, Mount that disk",
        "source.unreadable, /a/b: Permission denied, Mend the file or its permissions",
        "tape.unwritable, /a/b: Input/output error, mend the permissions of KEPT_HOME",
    })
    void theRemedyIsForTheCauseThatTheSystemNames(String code, String message, String words) throws IOException {
        assertThat(remedy(code, message)).contains(words);
    }
}
