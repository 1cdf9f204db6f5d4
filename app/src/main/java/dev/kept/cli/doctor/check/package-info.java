/** The checks of {@code kept doctor}: each examines one thing and returns findings with remedies. Prints nothing. */
@NullMarked
package dev.kept.cli.doctor.check;

import org.jspecify.annotations.NullMarked;
