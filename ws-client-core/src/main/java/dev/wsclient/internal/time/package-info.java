/**
 * The only readings of the clock.
 */
@NullMarked
package dev.wsclient.internal.time;

import org.jspecify.annotations.NullMarked;
