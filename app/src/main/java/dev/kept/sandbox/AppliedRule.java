package dev.kept.sandbox;

/**
 * A rule in force.
 *
 * @param identity identity of the file or directory that it was made for: see {@link PathRule#identity}
 */
public record AppliedRule(PathRule rule, String identity) {}
