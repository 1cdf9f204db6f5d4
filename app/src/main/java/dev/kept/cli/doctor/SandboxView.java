package dev.kept.cli.doctor;

import dev.kept.agents.Providers;
import dev.kept.cli.terminal.CliContext;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.ExitCode;
import dev.kept.sandbox.Access;
import dev.kept.sandbox.PathRule;
import dev.kept.sandbox.SandboxRules;
import dev.kept.sandbox.SandboxStatus;
import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The view {@code kept doctor --sandbox}: the rights of the daemon by the current configuration, and whether they are
 * in force.
 */
final class SandboxView {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CliContext context;
    private boolean outdated;

    private SandboxView(CliContext context) {
        this.context = context;
    }

    /** Prints the view. Exits 1 if the daemon's confinement differs from the configuration. */
    static int show(CliContext context) throws ConfigException, IOException {
        return new SandboxView(context).show();
    }

    private int show() throws ConfigException, IOException {
        KeptConfig config = ConfigReader.read(context.home(), Providers.NAMES);
        Optional<String> answer = new ControlClient(context.home(), PATIENCE).ask(new ControlRequest.Confinement());
        Optional<SandboxStatus> inForce =
                answer.isPresent() ? Optional.of(SandboxStatus.fromJson(answer.get())) : Optional.empty();
        say("sandbox: " + config.sandbox().name().toLowerCase(java.util.Locale.ROOT) + " in the configuration; "
                + inForce.map(status -> status.name() + " in force in the daemon")
                        .orElse("the daemon is not running, so nothing is in force"));
        inForce.filter(status -> !status.missing().isEmpty()).ifPresent(status -> say("missing: " + status.missing()));
        say("");
        boolean filesRestricted =
                inForce.map(status -> status.landlockAbi() > 0).orElse(true);
        say(filesRestricted ? "The daemon may" : "Files are not restricted. With Landlock, the daemon might only");
        SandboxRules rules = SandboxRules.ofThisJava(
                context.home(), config, Providers.roots(config, context.home(), context.environment()), "");
        for (PathRule rule : rules.rules()) {
            rule(rule, inForce.filter(status -> status.landlockAbi() > 0));
        }
        say("It may not");
        say("  files      " + (filesRestricted ? "open any other" : "(not restricted)"));
        boolean callsRestricted = inForce.map(SandboxStatus::filter).orElse(true);
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

    private void rule(PathRule rule, Optional<SandboxStatus> inForce) {
        boolean there = rule.identity().isPresent();
        // Some files of a runtime and a system exist on some machines only.
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
        say("  " + words + " ".repeat(16 - words.length()) + context.forPeople(rule.path()) + "  – "
                + rule.reason().words() + state);
    }

    private void say(String line) {
        context.out().println(HumanReadable.harmless(line));
    }
}
