package dev.wsclient.internal.protocol.message;

import io.netty.buffer.ByteBuf;

/**
 * Takes what a {@link MessageReader} reads, in the order of the wire, within
 * {@link MessageReader#read}.
 * <p>
 * The payload is what is readable of the given buffer. It is valid during the call only,
 * and most often it is memory of the reader or the read buffer itself, narrowed to the
 * payload. The callee may read it in any way (both indices may end anywhere) or copy it.
 * It must not write to it, change its capacity, discard its read bytes, release it, or
 * keep it: what is in it changes when the call returns.
 * <p>
 * The callee may call {@link MessageReader#stop()} and {@link MessageReader#release()},
 * but not {@link MessageReader#read}.
 *
 * @since 0.1.0
 */
public interface MessageSink {

	/**
	 * A whole text message.
	 * @param payload the text, proven to be UTF-8
	 */
	void onText(ByteBuf payload);

	/**
	 * Whether {@link #onText(ByteBuf, String)} is welcome, because texts are most often
	 * wanted as strings.
	 * @return {@code false} unless overridden
	 */
	default boolean wantsStrings() {
		return false;
	}

	/**
	 * A whole text message that was decoded already, as that proved it to be UTF-8.
	 * @param payload the text
	 * @param text the same
	 */
	default void onText(ByteBuf payload, String text) {
		onText(payload);
	}

	/**
	 * A whole binary message.
	 * @param payload the bytes
	 */
	void onBinary(ByteBuf payload);

	/**
	 * A piece of a message, from a reader that streams; others don't call it.
	 * @param opcode {@code TEXT} or {@code BINARY}
	 * @param payload the bytes; those of a text are proven to be UTF-8 so far
	 * @param first whether the message begins here
	 * @param last whether the message ends here
	 */
	default void onFragment(int opcode, ByteBuf payload, boolean first, boolean last) {
		throw new UnsupportedOperationException("This sink takes whole messages");
	}

	/**
	 * A ping.
	 * @param payload at most 125 bytes
	 */
	void onPing(ByteBuf payload);

	/**
	 * A pong.
	 * @param payload at most 125 bytes
	 */
	void onPong(ByteBuf payload);

	/**
	 * The Close frame; nothing comes after it.
	 * @param code the close code, 1005 if the frame carries none
	 * @param reason the reason, may be empty
	 */
	void onClose(int code, String reason);

}
