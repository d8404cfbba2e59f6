package dev.wsclient;

import org.jspecify.annotations.Nullable;

/**
 * One move of a connection from a state to another.
 *
 * @param from the state that was left
 * @param to the state that was entered
 * @param cause the error that caused the move, or {@code null} when it was asked for or
 * is the normal course
 * @since 0.1.0
 */
public record WsStateChange(WsState from, WsState to, @Nullable Throwable cause) {

}
