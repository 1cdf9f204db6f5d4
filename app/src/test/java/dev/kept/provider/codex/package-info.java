@NullMarked
package dev.kept.provider.codex;

import org.jspecify.annotations.NullMarked;
