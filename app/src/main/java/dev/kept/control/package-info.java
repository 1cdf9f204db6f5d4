/** The control socket: wire protocol, client and server, answers, exit codes, and the instance lock of a home. */
@NullMarked
package dev.kept.control;

import org.jspecify.annotations.NullMarked;
