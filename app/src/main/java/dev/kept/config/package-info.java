/** {@code KEPT_HOME}, {@code config.yaml}, and private files. */
@NullMarked
package dev.kept.config;

import org.jspecify.annotations.NullMarked;
