package dev.kept.cli;

import dev.kept.config.KeptVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The manual page {@code kept(1)} in troff, generated from the commands' own help. */
final class ManualPage {
    private final StringBuilder out = new StringBuilder();

    private ManualPage() {}

    static String of(CommandLine kept) {
        ManualPage page = new ManualPage();
        page.head(kept);
        kept.getSubcommands().forEach((name, command) -> {
            page.command("kept " + name, command);
            command.getSubcommands().forEach((below, deeper) -> page.command("kept " + name + " " + below, deeper));
        });
        page.tail();
        return page.out.toString();
    }

    private void head(CommandLine kept) {
        line(".TH KEPT 1 \"\" \"kept " + KeptVersion.current() + "\" \"Kept\"");
        section("NAME");
        line("kept \\- keeps every conversation you have with AI coding agents");
        section("SYNOPSIS");
        line(".B kept");
        line(".I COMMAND");
        line("[options]");
        section("DESCRIPTION");
        text(List.of(kept.getCommandSpec().usageMessage().description()));
        section("COMMANDS");
    }

    private void command(String name, CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        line(".SS \"" + escaped(synopsis(name, command)) + "\"");
        text(List.of(usage.description()));
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (option.hidden() || Arrays.asList(option.names()).contains("--help") || option.versionHelp()) {
                continue;
            }
            line(".TP");
            line(".B " + escaped(String.join(", ", option.names()))
                    + (option.arity().max() == 0 ? "" : " \\fI" + escaped(option.paramLabel()) + "\\fR"));
            text(List.of(option.description()));
        }
        if (usage.footer().length > 0) {
            line(".PP");
            line(".nf");
            for (String each : usage.footer()) {
                line(each.isEmpty() ? ".sp" : escaped(each));
            }
            line(".fi");
        }
    }

    private static String synopsis(String name, CommandLine command) {
        return name
                + command.getCommandSpec().positionalParameters().stream()
                        .map(parameter -> " "
                                + (parameter.arity().min() == 0
                                        ? "[" + parameter.paramLabel() + "]"
                                        : parameter.paramLabel()))
                        .collect(Collectors.joining());
    }

    private void tail() {
        section("EXIT STATUS");
        Map<String, String> codes = Map.of(
                "0",
                "Done.",
                "1",
                "Failed, or something needs a person.",
                "2",
                "Wrong usage or configuration.",
                "3",
                "The daemon is not running.");
        codes.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(code -> {
            line(".TP");
            line(".B " + code.getKey());
            line(code.getValue());
        });
        section("ENVIRONMENT");
        entry("KEPT_HOME", "Where Kept keeps its files; ~/.kept without it.");
        entry("KEPT_JAVA_HOME", "The Java runtime to use, 25 or newer.");
        entry("NO_COLOR", "If set, nothing is colored.");
        entry("PAGER", "What long texts are shown with; less \\-R without it.");
        section("FILES");
        entry("~/.kept/config.yaml", "What Kept may do and how much it may use.");
        entry("~/.kept/tapes/", "The verbatim copies, plain files.");
        entry("~/.kept/recordings/", "Where recordings go that name no path.");
    }

    private void entry(String name, String what) {
        line(".TP");
        line(".B " + escaped(name));
        line(what);
    }

    private void section(String name) {
        line(".SH " + name);
    }

    private void text(List<String> paragraphs) {
        paragraphs.forEach(paragraph -> line(escaped(paragraph)));
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    /** Escapes a text: a line must not begin with a dot or a quote, and a typed hyphen must stay one. */
    private static String escaped(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
