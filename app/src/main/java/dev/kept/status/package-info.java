/** What people are told about a running daemon: the report, its JSON and its text. */
@NullMarked
package dev.kept.status;

import org.jspecify.annotations.NullMarked;
