package dev.kept.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.benchmarks.AttackRun.Ending;
import dev.kept.benchmarks.AttackRun.Outcome;
import dev.kept.benchmarks.AttackRun.Part;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three attacks on the daemon's system calls; {@code benchmarks/attack} makes hundreds, on every call. */
@Timeout(300)
class AttackIT {
    private static final long SEED = 20_261_130L;

    @BeforeEach
    void isStraceUsable() throws Exception {
        Optional<String> unusable = Injection.unusable();
        if (unusable.isPresent()) {
            System.out.println("FAULTS LEFT OUT: strace cannot be used here: " + unusable.get());
            Assumptions.abort("no strace");
        }
    }

    @Test
    void aDaemonThatIsKilledBeforeItForcesATapeIsLaunchedAgainAndHasAll() throws Exception {
        Outcome outcome = AttackRun.of(Injection.kill("fsync,fdatasync", 7), Part.WORK, SEED);

        assertThat(outcome.ending()).as(outcome.what()).isEqualTo(Ending.LAUNCHED_AGAIN);
    }

    @Test
    void aDaemonWhoseFileCallsFailNowAndThenHasAll() throws Exception {
        Outcome outcome = AttackRun.of(
                Injection.often(
                        "openat,read,pread64,write,pwrite64,fsync,fdatasync,ftruncate,rename,statx,newfstatat",
                        "EIO",
                        23),
                Part.WORK,
                SEED);

        assertThat(outcome.ending()).as(outcome.what()).isIn(Ending.WENT_ON, Ending.LAUNCHED_AGAIN);
    }

    @Test
    void aDaemonThatCanWriteNothingAtItsEndEndsAndHasAllWhenItIsStarted() throws Exception {
        Outcome outcome =
                AttackRun.of(Injection.often("openat,write,pwrite64,fsync,rename", "ENOSPC", 1), Part.END, SEED);

        assertThat(outcome.ending()).as(outcome.what()).isEqualTo(Ending.STOPPED);
    }
}
