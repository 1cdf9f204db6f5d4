package dev.kept.provider.support;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A function that finds the heading of the plan with which a conversation begins. Agents hand an agreed plan over to a
 * new conversation in a prompt with an introduction of their own and the plan below; and people paste plans that begin
 * with a heading.
 */
public final class PlanHeading {
    /** The introductions of Claude Code, Codex Desktop and Codex, and phrases that people use instead. */
    private static final Pattern HANDED_OVER = Pattern.compile(
            "(?:please +)?implement +(?:the|this) +(?:following +|approved +)?plan *:"
                    + "|a previous agent produced the plan below[^\\n]*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern HEADING = Pattern.compile("#{1,6}[ \\t]+(.*?)[ \\t]*#*");
    private static final Pattern OF_A_PLAN = Pattern.compile(".*\\bplan\\b.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern LABEL = Pattern.compile("plan *: *(?=\\S)", Pattern.CASE_INSENSITIVE);

    private PlanHeading() {}

    /**
     * Returns the first heading of a handed-over plan, or else its first line; empty for a text that does not begin
     * with a plan.
     */
    public static Optional<String> of(String prompt) {
        String text = prompt.stripLeading();
        Matcher opening = HANDED_OVER.matcher(text);
        if (opening.lookingAt()) {
            String plan = text.substring(opening.end());
            return heading(plan)
                    .or(() -> plan.lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .findFirst());
        }
        return text.startsWith("#")
                ? text.lines()
                        .findFirst()
                        .flatMap(PlanHeading::headingOf)
                        .filter(line -> OF_A_PLAN.matcher(line).matches())
                        .map(PlanHeading::unlabelled)
                : Optional.empty();
    }

    private static Optional<String> heading(String plan) {
        boolean inCode = false;
        for (String line : (Iterable<String>) plan.lines()::iterator) {
            inCode ^= line.stripLeading().startsWith("```");
            Optional<String> heading = inCode ? Optional.empty() : headingOf(line);
            if (heading.isPresent()) {
                return heading.map(PlanHeading::unlabelled);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> headingOf(String line) {
        Matcher heading = HEADING.matcher(line.strip());
        return heading.matches() && !heading.group(1).isBlank() ? Optional.of(heading.group(1)) : Optional.empty();
    }

    private static String unlabelled(String heading) {
        return LABEL.matcher(heading).lookingAt() ? heading.replaceFirst("(?i)^plan *: *", "") : heading;
    }
}
