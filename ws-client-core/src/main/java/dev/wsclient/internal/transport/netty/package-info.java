/**
 * The port on Netty channels: bootstrap, name resolution, TLS, and the handler that joins
 * bytes to the protocol.
 */
@NullMarked
package dev.wsclient.internal.transport.netty;

import org.jspecify.annotations.NullMarked;
