/** Text on a terminal: colours, columns, pager, progress, and the context of a command. */
@NullMarked
package dev.kept.cli.terminal;

import org.jspecify.annotations.NullMarked;
