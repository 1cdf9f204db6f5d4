/** The provider SPI: session files of an agent, its records, and their events. */
@NullMarked
package dev.kept.provider;

import org.jspecify.annotations.NullMarked;
