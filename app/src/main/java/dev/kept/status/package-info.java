/** The status report: a projection of session metadata, as JSON and as text. */
@NullMarked
package dev.kept.status;

import org.jspecify.annotations.NullMarked;
