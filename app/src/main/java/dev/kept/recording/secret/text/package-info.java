/** Measures of text that rules share: alphabets, assignments, randomness, names. Pure. */
@NullMarked
package dev.kept.recording.secret.text;

import org.jspecify.annotations.NullMarked;
