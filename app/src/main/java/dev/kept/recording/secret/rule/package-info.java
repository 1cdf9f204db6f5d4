/** Rules that recognise secrets, and the table of forms. Pure. */
@NullMarked
package dev.kept.recording.secret.rule;

import org.jspecify.annotations.NullMarked;
