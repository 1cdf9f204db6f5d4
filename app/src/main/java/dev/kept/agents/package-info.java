/** The registry of the agents that this build reads. */
@NullMarked
package dev.kept.agents;

import org.jspecify.annotations.NullMarked;
