/**
 * Logging that never fails.
 */
@NullMarked
package dev.wsclient.internal.log;

import org.jspecify.annotations.NullMarked;
