/**
 * What no user types: the implementation of the client.
 */
@NullMarked
package dev.wsclient.internal;

import org.jspecify.annotations.NullMarked;
