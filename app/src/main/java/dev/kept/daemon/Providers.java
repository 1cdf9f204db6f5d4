package dev.kept.daemon;

import java.util.Set;

/** The agents that this build knows. */
public final class Providers {
    /** Their names, as configuration and status use them. */
    public static final Set<String> NAMES = Set.of("claude");

    private Providers() {}
}
