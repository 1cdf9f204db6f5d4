/**
 * Confinement by the operating system: the files that the daemon may use, derived from the configuration, and Landlock
 * and seccomp, which enforce it.
 */
@NullMarked
package dev.kept.sandbox;

import org.jspecify.annotations.NullMarked;
