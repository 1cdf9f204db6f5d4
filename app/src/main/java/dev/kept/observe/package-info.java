/** The operational log and the audit log, both bounded, neither with conversation text. */
@NullMarked
package dev.kept.observe;

import org.jspecify.annotations.NullMarked;
