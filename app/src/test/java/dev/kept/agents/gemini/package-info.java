@NullMarked
package dev.kept.agents.gemini;

import org.jspecify.annotations.NullMarked;
