/** The launch: configuration, limits of the runtime, a private copy of the program, relaunches. */
@NullMarked
package dev.kept.daemon.launch;

import org.jspecify.annotations.NullMarked;
