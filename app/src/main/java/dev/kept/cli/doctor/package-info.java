/**
 * The checks of {@code kept doctor}: each looks at one thing and says what it found, with the remedy. Prints nothing.
 */
@NullMarked
package dev.kept.cli.doctor;

import org.jspecify.annotations.NullMarked;
