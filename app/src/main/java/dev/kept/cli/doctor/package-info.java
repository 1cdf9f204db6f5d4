/** The command {@code kept doctor}, and its report as text and JSON. */
@NullMarked
package dev.kept.cli.doctor;

import org.jspecify.annotations.NullMarked;
