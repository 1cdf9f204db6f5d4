/** The command line: its process, its command tree, completion and manual. */
@NullMarked
package dev.kept.cli;

import org.jspecify.annotations.NullMarked;
