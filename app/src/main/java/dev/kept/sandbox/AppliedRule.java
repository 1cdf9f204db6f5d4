package dev.kept.sandbox;

/**
 * A rule that holds.
 *
 * @param standing what identifies the file or directory that it is for: see {@link PathRule#standing}
 */
public record AppliedRule(PathRule rule, String standing) {}
