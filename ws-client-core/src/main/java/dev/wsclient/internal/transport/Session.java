package dev.wsclient.internal.transport;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;

/**
 * One physical WebSocket, from the first attempt to reach the server to its end. All
 * methods but those that return addresses are called on the event loop; after the end
 * they do nothing.
 */
public interface Session {

	/**
	 * Whether the socket takes more. {@link SessionHandler#onWritable()} tells when that
	 * becomes true again.
	 * @return {@code false} if writing would only pile up
	 */
	boolean isWritable();

	/**
	 * Writes a message without flushing it. It ends in {@link SessionHandler#onWritten}
	 * or {@link SessionHandler#onLost(Outbound)}.
	 * @param message the message
	 */
	void write(Outbound message);

	/**
	 * Writes a keep-alive ping without flushing it, unless the one before still waits for
	 * the socket.
	 * @param payload at most 125 bytes
	 */
	void writePing(ByteBuffer payload);

	/**
	 * Hands all that was written to the socket.
	 */
	void flush();

	/**
	 * Stops or goes on to read. Called while a message, fragment or control frame is
	 * delivered, that one is the last until reading goes on: what was read behind it
	 * waits, and comes before anything more is read from the socket. If the session ends
	 * meanwhile, but not by an {@link #abort} without failure, it comes before
	 * {@link SessionHandler#onEnd(SessionEnd)}.
	 * @param reading whether to read
	 */
	void setReading(boolean reading);

	/**
	 * Sends a Close frame, behind all that was written, and waits for the server's.
	 * Without effect if one was sent.
	 * @param status the code and reason
	 */
	void close(CloseStatus status);

	/**
	 * Ends the session at once. {@link SessionHandler#onEnd(SessionEnd)} follows, during
	 * this call or soon after it.
	 * @param failure why, or {@code null} if the user wants it
	 */
	void abort(@Nullable Failure failure);

	/**
	 * Returns this end. Any thread.
	 * @return the address, or {@code null} before TCP is up
	 */
	@Nullable SocketAddress localAddress();

	/**
	 * Returns the other end: the server's, or the proxy's. Any thread.
	 * @return the address, or {@code null} before TCP is up
	 */
	@Nullable SocketAddress remoteAddress();

}
