@NullMarked
package dev.kept.provider.gemini;

import org.jspecify.annotations.NullMarked;
