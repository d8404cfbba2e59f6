package dev.wsclient.internal.transport;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;

/**
 * How a session ended.
 *
 * @param status the close code and reason
 * @param initiator who ended it
 * @param clean whether both Close frames were exchanged
 * @param failure what went wrong, or {@code null}
 */
public record SessionEnd(CloseStatus status, WsCloseEvent.Initiator initiator, boolean clean,
		@Nullable Failure failure) {

}
