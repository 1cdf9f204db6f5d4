/** The grammar of the commands that a person types inside a chat. Pure: text in, values out. */
@NullMarked
package dev.kept.command;

import org.jspecify.annotations.NullMarked;
