/** The redactor: secrets by their form, and the markers in their place. Pure but for the key file. */
@NullMarked
package dev.kept.recording.secret;

import org.jspecify.annotations.NullMarked;
