@NullMarked
package dev.kept.provider;

import org.jspecify.annotations.NullMarked;
