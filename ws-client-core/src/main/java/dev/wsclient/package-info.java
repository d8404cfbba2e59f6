/**
 * What a user of the client types: the client, its connections, the listener and the
 * values they exchange.
 */
@NullMarked
package dev.wsclient;

import org.jspecify.annotations.NullMarked;
