@NullMarked
package dev.kept.text;

import org.jspecify.annotations.NullMarked;
