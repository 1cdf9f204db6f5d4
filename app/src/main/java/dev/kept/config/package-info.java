/** Where Kept's files are, and what its owner decided: KEPT_HOME and config.yaml, read fail-closed. */
@NullMarked
package dev.kept.config;

import org.jspecify.annotations.NullMarked;
