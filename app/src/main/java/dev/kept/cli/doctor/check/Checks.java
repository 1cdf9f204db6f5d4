package dev.kept.cli.doctor.check;

import dev.kept.config.HomeDisk;
import java.util.List;

/** The list of all checks, in the order in which they are run and shown; {@code docs/doctor.md} describes each. */
public final class Checks {
    /** All checks. */
    public static final List<Check> ALL = List.of(
            new JavaCheck(),
            new ConfigurationCheck(),
            new HomeCheck(),
            new DaemonCheck(),
            new LastExitCheck(),
            new QuarantineCheck(),
            new HeartbeatCheck(),
            new SandboxCheck(),
            new MemoryCheck(),
            new RecordsCheck(),
            new ReportedCheck(),
            new ServiceCheck(),
            new RootsCheck(),
            new StoresCheck(),
            new PurgeCheck(),
            new HistoryCheck(),
            new DiskSpaceCheck(),
            new DiskCheck(HomeDisk::type),
            InotifyCheck.ofThisMachine(),
            new ClockCheck(),
            new TapesCheck(),
            new TapesSizeCheck(),
            new TapesVerifyCheck());

    private Checks() {}
}
