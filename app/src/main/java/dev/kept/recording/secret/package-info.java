/** Which texts are secrets by their form, and what is written in their place. Pure but for the key's file. */
@NullMarked
package dev.kept.recording.secret;

import org.jspecify.annotations.NullMarked;
