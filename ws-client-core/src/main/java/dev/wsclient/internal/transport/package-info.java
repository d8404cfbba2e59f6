/**
 * The port through which the life cycle speaks to the network.
 */
@NullMarked
package dev.wsclient.internal.transport;

import org.jspecify.annotations.NullMarked;
