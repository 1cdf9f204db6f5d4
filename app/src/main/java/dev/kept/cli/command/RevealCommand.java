package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.control.ExitCode;
import dev.kept.recording.SecretResolver;
import dev.kept.recording.secret.MarkerKey;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code kept reveal}: finds on the tapes the secret behind a marker in a recording. */
@Command(
        name = "reveal",
        description = "Print the secret that a marker in a recording stands for.",
        mixinStandardHelpOptions = true)
public final class RevealCommand implements Action {
    private final CliContext context;

    @Parameters(
            index = "0",
            paramLabel = "MARKER",
            description = "As it stands in the recording: [secret:github:1f2e3d4c].")
    private String marker = "";

    @Parameters(
            index = "1",
            paramLabel = "SESSION",
            arity = "0..1",
            description = "The session's id, or its beginning; without it all tapes are read.")
    private String session = "";

    public RevealCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, UsageException {
        Optional<String> wanted = SecretResolver.marker(marker);
        if (wanted.isEmpty()) {
            throw new UsageException("“" + marker + "” is no marker; one looks like [secret:github:1f2e3d4c].");
        }
        if (!Files.exists(context.home().markerKey())) {
            context.err()
                    .println("kept: there is no "
                            + context.forPeople(context.home().markerKey())
                            + ": the key of the markers is made when the daemon first starts.");
            return ExitCode.FAILED;
        }
        SecretResolver resolver = new SecretResolver(
                new TapeLibrary(context.home().tapes()),
                Providers.ALL,
                MarkerKey.open(context.home().markerKey()));
        Optional<SecretResolver.Found> found = resolver.resolve(wanted.get(), session);
        if (found.isEmpty()) {
            context.err()
                    .println("kept: no tape" + (session.isEmpty() ? "" : " of a session " + session)
                            + " holds the secret of "
                            + wanted.get() + "; it was deleted, or the marker was made by another installation or with"
                            + " another key.");
            return ExitCode.FAILED;
        }
        context.out().println(found.get().text());
        return ExitCode.DONE;
    }
}
