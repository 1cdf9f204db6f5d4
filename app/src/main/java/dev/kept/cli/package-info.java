/** What people type. Talks to the daemon, or works from disk without it. */
@NullMarked
package dev.kept.cli;

import org.jspecify.annotations.NullMarked;
