/** What the tests of several rooms share: seeded generators and small helpers. */
@NullMarked
package dev.kept.testing;

import org.jspecify.annotations.NullMarked;
