/** The daemon put together: its process, start and end, watchdog, rights and status. */
@NullMarked
package dev.kept.daemon;

import org.jspecify.annotations.NullMarked;
