package dev.kept.daemon;

import dev.kept.agents.Providers;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.daemon.launch.RelaunchLedger;
import dev.kept.sandbox.PathRule;
import dev.kept.sandbox.SandboxRules;
import dev.kept.sandbox.SandboxStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Detects that the daemon must be launched again to do its work: the configuration changed, or a folder that it should
 * use appeared or was replaced after the rules were applied. Uses stat alone, which no sandbox restricts. One thread.
 *
 * <p>A configuration that is refused never ends a running daemon: it keeps its current configuration and reports the
 * refusal.
 */
final class RightsWatch {
    private final KeptHome home;
    private final KeptConfig config;
    private final SandboxStatus inForce;
    private final Supplier<SandboxRules> rules;
    private final RelaunchLedger ledger;
    private final Clock clock;
    private String seen = "";
    /** State of the configuration file that the daemon runs with; empty before the first read. */
    private String settled = "";

    /** Result of a check. */
    sealed interface Finding {}

    /** Nothing has changed. */
    record Fine() implements Finding {}

    /** The daemon should end and be launched again; the relaunch is recorded in the ledger. */
    record Relaunch(String code, Path path) implements Finding {}

    /** A relaunch is needed but not possible now. */
    record Hindered(String code, Path path, String message) implements Finding {}

    /**
     * Creates a watch.
     *
     * @param config the configuration that the daemon runs with
     * @param rules computes the rules that would apply now; links may lead elsewhere than before
     * @param inForce the confinement of this process
     */
    RightsWatch(KeptHome home, KeptConfig config, Supplier<SandboxRules> rules, SandboxStatus inForce, Clock clock) {
        this.home = home;
        this.config = config;
        this.inForce = inForce;
        this.rules = rules;
        this.ledger = new RelaunchLedger(home);
        this.clock = clock;
    }

    /** Checks once. */
    Finding check() {
        Optional<Path> outdated = outdatedRule();
        boolean edited = edited();
        if (outdated.isEmpty() && !edited) {
            return new Fine();
        }
        try {
            KeptConfig now = ConfigReader.read(home, Providers.NAMES);
            if (outdated.isPresent()) {
                return relaunch("sandbox.outdated", outdated.get());
            }
            if (!now.equals(config)) {
                return relaunch("config.changed", home.configFile());
            }
            settled = seen;
            return new Fine();
        } catch (ConfigException | IOException e) {
            return new Hindered(
                    "config.refused",
                    home.configFile(),
                    "what changed here is not in effect: " + String.valueOf(e.getMessage()));
        }
    }

    private Finding relaunch(String code, Path path) {
        Duration wait = ledger.wait(clock.instant());
        if (wait.isPositive()) {
            return new Hindered(
                    "sandbox.waiting",
                    path,
                    "it changed again; the daemon starts anew for it in " + (wait.toSeconds() + 1)
                            + " s, because it did so often lately");
        }
        try {
            ledger.note(clock.instant(), code + " " + path);
            return new Relaunch(code, path);
        } catch (IOException e) {
            if (!Files.isDirectory(home.run())) {
                // The home vanished; only the launching process may create it again, and nothing can be kept until
                // then.
                return new Relaunch("home.vanished", home.directory());
            }
            return new Hindered(
                    "sandbox.waiting", path, "the daemon must start anew for it but cannot write that down: " + e);
        }
    }

    private Optional<Path> outdatedRule() {
        if (inForce.landlockAbi() == 0) {
            return Optional.empty();
        }
        for (PathRule rule : rules.get().rules()) {
            if (!rule.mayAppear()) {
                continue;
            }
            boolean there = rule.identity().isPresent();
            // Kept's own folders are created again by the launching process; the daemon itself may not.
            if (there ? !inForce.holds(rule) : rule.reason() == PathRule.Reason.KEPT) {
                return Optional.of(rule.path());
            }
        }
        return Optional.empty();
    }

    /**
     * Reports whether the file was changed and has not changed since the previous check, so that its writer is done.
     * Remembers its state for the next check.
     */
    private boolean edited() {
        String before = seen;
        seen = stamp();
        return !seen.equals(settled) && seen.equals(before);
    }

    private String stamp() {
        Path file = home.configFile();
        if (!Files.exists(file)) {
            return "none";
        }
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
        } catch (IOException goneAgain) {
            return "none";
        }
    }
}
