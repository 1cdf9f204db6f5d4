package dev.kept.config;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The environment variables that decide how the Java runtimes of Kept run: those that every Java obeys and Kept clears,
 * Kept's own replacement for them, and the locale that the launcher sets. Pure.
 */
public final class JavaVariables {
    /** The variable with options for Kept's own Java runtimes, separated by white space. */
    public static final String OPTIONS = "KEPT_JAVA_OPTIONS";

    /** The variable with the caller's own {@code LC_ALL}, empty where there was none; the launcher sets it. */
    public static final String CALLER_LOCALE = "KEPT_CALLER_LC_ALL";

    /** The variables from which Java runtimes read options. They would come after Kept's limits, and override them. */
    public static final Set<String> CLEARED = Set.of(
            "_JAVA_OPTIONS",
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "JDK_AOT_VM_OPTIONS",
            "IBM_JAVA_OPTIONS",
            "OPENJ9_JAVA_OPTIONS");

    private static final String LOCALE = "LC_ALL";

    private JavaVariables() {}

    /** Returns the options that the owner adds to Kept's Java runtimes, in their order. */
    public static List<String> options(Map<String, String> environment) {
        return Arrays.stream(environment.getOrDefault(OPTIONS, "").split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Returns the options that may take memory or change limits: all but system properties. */
    public static List<String> weightyOptions(Map<String, String> environment) {
        return options(environment).stream()
                .filter(word -> !word.startsWith("-D"))
                .toList();
    }

    /**
     * Returns an environment for another Java runtime of Kept: with the launcher's locale, without the variables that
     * Java obeys.
     */
    public static Map<String, String> forJava(Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.keySet().removeAll(CLEARED);
        variables.remove(CALLER_LOCALE);
        return variables;
    }

    /** Restores the caller's locale in an environment for a program that is not Kept's own Java. */
    public static void restoreLocale(Map<String, String> environment) {
        String locale = environment.remove(CALLER_LOCALE);
        if (locale == null) {
            return;
        }
        if (locale.isEmpty()) {
            environment.remove(LOCALE);
        } else {
            environment.put(LOCALE, locale);
        }
    }
}
