/** The grammar of in-chat commands. Pure. */
@NullMarked
package dev.kept.command;

import org.jspecify.annotations.NullMarked;
