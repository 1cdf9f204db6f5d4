/** The training runs whose AOT caches make later starts quick. */
@NullMarked
package dev.kept.aot;

import org.jspecify.annotations.NullMarked;
