/** Service managers, and the start, stop and restart of the daemon. */
@NullMarked
package dev.kept.cli.service;

import org.jspecify.annotations.NullMarked;
