@NullMarked
package dev.kept.agents.codex;

import org.jspecify.annotations.NullMarked;
