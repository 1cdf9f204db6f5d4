@NullMarked
package dev.kept.provider.copilot;

import org.jspecify.annotations.NullMarked;
