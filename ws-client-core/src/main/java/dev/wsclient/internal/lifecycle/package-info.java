/**
 * What keeps a connection alive over its sessions: state machine, reconnect, keep-alive,
 * outbound queue, listener calls.
 */
@NullMarked
package dev.wsclient.internal.lifecycle;

import org.jspecify.annotations.NullMarked;
