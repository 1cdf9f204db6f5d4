/**
 * What the operating system holds the daemon to: which files it may read and write, derived from the configuration
 * ({@link dev.kept.sandbox.SandboxRules}), and the two means of Linux that enforce it, Landlock for files and seccomp for
 * sockets and programs. Put on by the launching process, which then becomes the daemon.
 */
@NullMarked
package dev.kept.sandbox;

import org.jspecify.annotations.NullMarked;
