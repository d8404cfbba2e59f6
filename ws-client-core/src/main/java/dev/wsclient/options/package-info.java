/**
 * Immutable options and their builders.
 */
@NullMarked
package dev.wsclient.options;

import org.jspecify.annotations.NullMarked;
