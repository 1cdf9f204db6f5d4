@NullMarked
package dev.kept.provider.claude;

import org.jspecify.annotations.NullMarked;
