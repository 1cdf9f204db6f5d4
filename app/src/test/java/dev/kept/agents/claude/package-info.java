@NullMarked
package dev.kept.agents.claude;

import org.jspecify.annotations.NullMarked;
