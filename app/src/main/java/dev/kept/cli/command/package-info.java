/** The commands, one class or group each, and the lookup of sessions that they share. */
@NullMarked
package dev.kept.cli.command;

import org.jspecify.annotations.NullMarked;
