package dev.kept.cli;

import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.daemon.ControlClient;
import dev.kept.daemon.ControlRequest;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.Launch;
import dev.kept.daemon.Providers;
import dev.kept.sandbox.Access;
import dev.kept.sandbox.InForce;
import dev.kept.sandbox.PathRule;
import dev.kept.status.HumanWords;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code kept doctor --sandbox}: what the daemon may read and write by the configuration as it is, and whether that is
 * what holds it.
 */
final class SandboxView {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Surroundings surroundings;
    private boolean outdated;

    private SandboxView(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Prints it. Exits 1 when the daemon is held to something else than the configuration says. */
    static int show(Surroundings surroundings) throws ConfigException, IOException {
        return new SandboxView(surroundings).show();
    }

    private int show() throws ConfigException, IOException {
        KeptConfig config = ConfigReader.read(surroundings.home(), Providers.NAMES);
        Optional<String> answer =
                new ControlClient(surroundings.home(), PATIENCE).ask(new ControlRequest.Confinement());
        Optional<InForce> inForce = answer.isPresent() ? Optional.of(InForce.fromJson(answer.get())) : Optional.empty();
        say("sandbox: " + config.sandbox().name().toLowerCase(java.util.Locale.ROOT) + " in the configuration; "
                + inForce.map(told -> told.name() + " in force in the daemon")
                        .orElse("the daemon is not running, so nothing is in force"));
        inForce.filter(told -> !told.missing().isEmpty()).ifPresent(told -> say("missing: " + told.missing()));
        say("");
        boolean filesRestricted = inForce.map(told -> told.landlockAbi() > 0).orElse(true);
        say(filesRestricted ? "The daemon may" : "Files are not restricted. With Landlock, the daemon might only");
        for (PathRule rule : Launch.rules(surroundings.home(), config, surroundings.environment())
                .rules()) {
            rule(rule, inForce.filter(told -> told.landlockAbi() > 0));
        }
        say("It may not");
        say("  files      " + (filesRestricted ? "open any other" : "(not restricted)"));
        boolean callsRestricted = inForce.map(InForce::filter).orElse(true);
        say("  network    "
                + (callsRestricted ? "connect to anybody, or listen but on its control socket" : "(not restricted)"));
        say("  programs   " + (callsRestricted ? "start any" : "(not restricted)"));
        say("It can always see that a file is there, how large it is and when it was changed.");
        if (outdated) {
            say("");
            say("Not in force yet: the daemon starts anew within seconds to take it up, or at: kept restart");
        }
        return outdated ? ExitCode.FAILED : ExitCode.DONE;
    }

    private void rule(PathRule rule, Optional<InForce> inForce) {
        boolean there = rule.standing().isPresent();
        // Of a runtime's and a system's files, some are on one machine and some on another.
        if ((!there && !rule.mayAppear()) || rule.access() == Access.START) {
            return;
        }
        String state = "";
        if (!there) {
            state = "  (not there)";
        } else if (rule.mayAppear() && inForce.isPresent() && !inForce.get().holds(rule)) {
            outdated = true;
            state = "  (not in force yet)";
        }
        String words = rule.access().words();
        say("  " + words + " ".repeat(16 - words.length()) + surroundings.forPeople(rule.path()) + "  – "
                + rule.reason().words() + state);
    }

    private void say(String line) {
        surroundings.out().println(HumanWords.harmless(line));
    }
}
