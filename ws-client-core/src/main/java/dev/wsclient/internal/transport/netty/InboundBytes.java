package dev.wsclient.internal.transport.netty;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;

import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.internal.protocol.message.MessageReader;

/**
 * The bytes of an open session on their way from the socket through the reader. When
 * reading is stopped neither goes on: what was read from the socket and not delivered yet
 * waits here, and nothing more is read from the socket until all of it is delivered. That
 * is what one read brought; over TLS also what was read of the next record, and where the
 * system reads a socket to its end when the server closed it, what its buffer held. Event
 * loop only.
 */
final class InboundBytes {

	private final MessageReader reader;

	private final ChannelConfig channel;

	private final Consumer<ProtocolViolation> onViolation;

	/**
	 * Never empty while the reader is paused and has more to deliver.
	 */
	private final Deque<ByteBuf> waiting = new ArrayDeque<>(1);

	private boolean delivering;

	/**
	 * Creates an empty object.
	 * @param reader delivers messages
	 * @param channel the settings of the channel
	 * @param onViolation told of the fault that ends the reading
	 */
	InboundBytes(MessageReader reader, ChannelConfig channel, Consumer<ProtocolViolation> onViolation) {
		this.reader = reader;
		this.channel = channel;
		this.onViolation = onViolation;
	}

	/**
	 * Takes what was read from the socket.
	 * @param in the bytes, not released
	 */
	void read(ByteBuf in) {
		boolean next = this.waiting.isEmpty();
		if (next) {
			deliver(in);
		}
		if (!next || this.reader.isPaused()) {
			this.waiting.add(rest(in));
		}
	}

	/**
	 * Stops or goes on to read. May be called while a message is delivered, which is the
	 * last one then until reading goes on.
	 * @return whether there is something to {@linkplain #readOn() read on} first
	 */
	boolean setReading(boolean reading) {
		if (!reading) {
			this.reader.pause();
			this.channel.setAutoRead(false);
			return false;
		}
		this.reader.resume();
		if (this.waiting.isEmpty() || this.delivering) {
			this.channel.setAutoRead(true);
			return false;
		}
		return true;
	}

	/**
	 * Delivers what waits, and goes on to read from the socket unless reading was stopped
	 * again.
	 */
	void readOn() {
		deliverWaiting();
		if (this.waiting.isEmpty() && !this.reader.isPaused()) {
			this.channel.setAutoRead(true);
		}
	}

	/**
	 * Delivers all that waits although reading was stopped, as the session ends.
	 */
	void deliverAll() {
		while (!this.waiting.isEmpty() && !this.delivering) {
			this.reader.resume();
			deliverWaiting();
		}
	}

	private void deliverWaiting() {
		while (!this.waiting.isEmpty() && !this.reader.isPaused()) {
			ByteBuf in = this.waiting.remove();
			try {
				deliver(in);
				if (this.reader.isPaused()) {
					this.waiting.addFirst(rest(in));
				}
			}
			finally {
				in.release();
			}
		}
	}

	private void deliver(ByteBuf in) {
		this.delivering = true;
		try {
			this.reader.read(in);
		}
		catch (ProtocolViolation ex) {
			this.onViolation.accept(ex);
		}
		catch (RuntimeException | Error ex) {
			// What waits must not seem to follow on what came before
			release();
			throw ex;
		}
		finally {
			this.delivering = false;
		}
	}

	// The reader may have more to deliver although it took all bytes
	private static ByteBuf rest(ByteBuf in) {
		return in.isReadable() ? in.retain() : Unpooled.EMPTY_BUFFER;
	}

	/**
	 * Gives up what waits; nothing is delivered any more.
	 */
	void release() {
		this.reader.release();
		this.waiting.forEach(ByteBuf::release);
		this.waiting.clear();
	}

}
