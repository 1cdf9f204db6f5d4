package dev.kept.cli;

import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.control.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code kept completion}: scripts with which a shell completes commands, options and session ids, and the
 * manual page.
 */
@Command(
        name = "completion",
        description = "Print a completion script for a shell, or the manual page.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept completion bash > ~/.local/share/bash-completion/completions/kept",
            "  kept completion zsh > ~/.zfunc/_kept        with fpath+=~/.zfunc before compinit",
            "  kept completion fish > ~/.config/fish/completions/kept.fish",
            "  kept completion man > ~/.local/share/man/man1/kept.1"
        })
final class CompletionCommand implements Action {
    private final CliContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "1", paramLabel = "bash|zsh|fish|man", description = "For which shell; man: the manual page.")
    private String shell = "";

    CompletionCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws UsageException {
        CommandLine kept = spec.root().commandLine();
        context.out()
                .print(
                        switch (shell) {
                            case "bash" -> ShellCompletion.bash(kept);
                            case "zsh" -> ShellCompletion.zsh(kept);
                            case "fish" -> ShellCompletion.fish(kept);
                            case "man" -> ManualPage.of(kept);
                            default ->
                                throw new UsageException(
                                        "there is nothing for “" + shell + "”; write bash, zsh, fish or man");
                        });
        return ExitCode.DONE;
    }
}
