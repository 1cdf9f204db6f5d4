@NullMarked
package dev.kept.agents.copilot;

import org.jspecify.annotations.NullMarked;
