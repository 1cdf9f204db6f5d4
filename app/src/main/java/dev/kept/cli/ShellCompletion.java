package dev.kept.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completion scripts, generated from the commands. Session ids come from {@code kept sessions --ids} at completion
 * time, the latest first.
 */
final class ShellCompletion {
    private ShellCompletion() {}

    /** Returns the commands by their words: {@code allow}, {@code config validate}. */
    private static Map<String, CommandLine> commands(CommandLine kept) {
        Map<String, CommandLine> commands = new TreeMap<>();
        kept.getSubcommands().forEach((name, command) -> {
            commands.put(name, command);
            command.getSubcommands().forEach((below, deeper) -> commands.put(name + " " + below, deeper));
        });
        return commands;
    }

    private static String options(CommandLine command) {
        return optionSpecs(command).flatMap(option -> Stream.of(option.names())).collect(Collectors.joining(" "));
    }

    private static Stream<OptionSpec> optionSpecs(CommandLine command) {
        return command.getCommandSpec().options().stream().filter(option -> !option.hidden());
    }

    private static boolean takesSession(CommandLine command) {
        return command.getCommandSpec().positionalParameters().stream()
                .anyMatch(parameter -> parameter.paramLabel().equals("ID"));
    }

    private static boolean takesFolder(CommandLine command) {
        return command.getCommandSpec().positionalParameters().stream()
                .anyMatch(parameter -> parameter.paramLabel().equals("DIR"));
    }

    private static List<String> choices(CommandLine command) {
        return command.getCommandSpec().positionalParameters().stream()
                .map(parameter -> parameter.paramLabel())
                .filter(label -> label.contains("|"))
                .flatMap(label -> Stream.of(label.split("\\|", -1)))
                .toList();
    }

    static String bash(CommandLine kept) {
        StringBuilder script = new StringBuilder("""
                # bash completion for kept
                # Offers those of the words that begin with the current one. No word is expanded.
                _kept_words() {
                    local word
                    for word in "$@"; do
                        [[ $word == "$current"* ]] && COMPREPLY+=("$word")
                    done
                }
                # Offers session ids; what is not of their form is no id.
                _kept_ids() {
                    local id
                    _kept_words last
                    while IFS= read -r id; do
                        case $id in
                            ''|-*|.*|*[!A-Za-z0-9._-]*) ;;
                            *) _kept_words "$id" ;;
                        esac
                    done < <(kept sessions --ids 2>/dev/null)
                }
                _kept() {
                    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
                    COMPREPLY=()
                    case $previous in
                        -o|--output|--to|--cwd|--allow) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
                        -f|--format) _kept_words md jsonl; return ;;
                    esac
                    if [ "$COMP_CWORD" -eq 1 ]; then
                """);
        script.append("        _kept_words ")
                .append(String.join(" ", kept.getSubcommands().keySet()))
                .append(' ')
                .append(options(kept))
                .append("; return\n    fi\n    case $command in\n");
        kept.getSubcommands().forEach((name, command) -> {
            String words = Stream.concat(
                            Stream.concat(command.getSubcommands().keySet().stream(), choices(command).stream()),
                            Stream.of(options(command)))
                    .collect(Collectors.joining(" "));
            script.append("        ").append(name).append(")\n");
            script.append("            case $current in\n                -*) _kept_words ")
                    .append(words)
                    .append(" ;;\n                *) ");
            if (takesSession(command)) {
                script.append("_kept_ids");
            } else if (takesFolder(command)) {
                script.append("compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$current\")");
            } else {
                script.append("_kept_words ").append(words);
            }
            script.append(" ;;\n            esac ;;\n");
        });
        return script.append("    esac\n}\ncomplete -F _kept kept\n").toString();
    }

    static String zsh(CommandLine kept) {
        StringBuilder script = new StringBuilder("""
                #compdef kept
                # zsh completion for kept
                _kept_ids() {
                    local -a ids
                    ids=(last ${(f)"$(kept sessions --ids 2>/dev/null)"})
                    # What is not of the form of ids is none.
                    ids=(${ids:#*[^A-Za-z0-9._-]*})
                    ids=(${ids:#[-.]*})
                    compadd -V sessions -a ids
                }
                _kept() {
                    local -a commands
                    commands=(
                """);
        kept.getSubcommands()
                .forEach((name, command) -> script.append("        '")
                        .append(name)
                        .append(':')
                        .append(zshQuoted(description(command)))
                        .append("'\n"));
        script.append("""
                    )
                    if (( CURRENT == 2 )); then
                        _describe command commands
                        return
                    fi
                    local command=$words[2]
                    shift words
                    (( CURRENT-- ))
                    case $command in
                """);
        kept.getSubcommands().forEach((name, command) -> {
            script.append("        ").append(name).append(") _arguments");
            optionSpecs(command).forEach(option -> {
                for (String each : option.names()) {
                    script.append(" \\\n            '")
                            .append(each)
                            .append('[')
                            .append(zshQuoted(String.join(" ", option.description())))
                            .append(']')
                            .append(option.arity().max() == 0 ? "" : ":" + zshAction(option))
                            .append('\'');
                }
            });
            if (takesSession(command)) {
                script.append(" \\\n            '*:session:_kept_ids'");
            } else if (takesFolder(command)) {
                script.append(" \\\n            '*:folder:_files -/'");
            } else if (!choices(command).isEmpty()) {
                script.append(" \\\n            '1:which:(")
                        .append(String.join(" ", choices(command)))
                        .append(")'");
            } else if (command.getSubcommands().size() > 0) {
                script.append(" \\\n            '1:which:(")
                        .append(String.join(" ", command.getSubcommands().keySet()))
                        .append(")'");
            }
            script.append(" ;;\n");
        });
        return script.append("    esac\n}\n_kept \"$@\"\n").toString();
    }

    private static String zshAction(OptionSpec option) {
        return switch (option.paramLabel()) {
            case "DIR" -> "folder:_files -/";
            case "PATH" -> "file:_files";
            case "md|jsonl" -> "form:(md jsonl)";
            default -> option.paramLabel().toLowerCase(Locale.ROOT).replace('|', ' ') + ":";
        };
    }

    private static String zshQuoted(String text) {
        return text.replace("'", "’").replace(":", "\\:").replace("[", "(").replace("]", ")");
    }

    static String fish(CommandLine kept) {
        StringBuilder script = new StringBuilder("# fish completion for kept\ncomplete -c kept -f\n");
        kept.getSubcommands().forEach((name, command) -> {
            script.append("complete -c kept -n __fish_use_subcommand -a ")
                    .append(name)
                    .append(" -d ")
                    .append(fishQuoted(description(command)))
                    .append('\n');
        });
        commands(kept).forEach((name, command) -> {
            String when = " -n '__fish_seen_subcommand_from " + name + "'";
            if (name.contains(" ")) {
                return;
            }
            optionSpecs(command).forEach(option -> {
                script.append("complete -c kept").append(when);
                for (String each : option.names()) {
                    script.append(each.startsWith("--") ? " -l " + each.substring(2) : " -s " + each.substring(1));
                }
                script.append(
                                option.arity().max() == 0
                                        ? ""
                                        : option.paramLabel().equals("PATH")
                                                        || option.paramLabel().equals("DIR")
                                                ? " -r -F"
                                                : " -x")
                        .append(" -d ")
                        .append(fishQuoted(String.join(" ", option.description())))
                        .append('\n');
            });
            if (takesSession(command)) {
                script.append("complete -c kept")
                        .append(when)
                        .append(" -k -a 'last (kept sessions --ids 2>/dev/null")
                        .append(" | string match -r -- \"^[A-Za-z0-9_][A-Za-z0-9._-]*\\$\")'\n");
            } else if (takesFolder(command)) {
                script.append("complete -c kept").append(when).append(" -a '(__fish_complete_directories)'\n");
            }
            List<String> words = Stream.concat(command.getSubcommands().keySet().stream(), choices(command).stream())
                    .toList();
            if (!words.isEmpty()) {
                script.append("complete -c kept")
                        .append(when)
                        .append(" -a '")
                        .append(String.join(" ", words))
                        .append("'\n");
            }
        });
        return script.toString();
    }

    private static String fishQuoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static String description(CommandLine command) {
        String[] lines = command.getCommandSpec().usageMessage().description();
        return lines.length == 0 ? "" : lines[0];
    }
}
