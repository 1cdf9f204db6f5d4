/** The daemon's life: one instance, its control socket, its limits, and how it is launched. */
@NullMarked
package dev.kept.daemon;

import org.jspecify.annotations.NullMarked;
