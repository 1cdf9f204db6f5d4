/**
 * GitHub Copilot CLI: append-only JSONL, one file per session, one of the agent's own events per line.
 *
 * <p>"Seen" in comments means: in published files of 1.0.64 to 1.0.68, or written by 1.0.102 against a scripted model.
 */
@NullMarked
package dev.kept.agents.copilot;

import org.jspecify.annotations.NullMarked;
