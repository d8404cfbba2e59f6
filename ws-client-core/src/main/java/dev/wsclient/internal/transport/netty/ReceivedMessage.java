package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;

/**
 * The message being received: a view of the network buffer, used again for the next
 * message of the same read. Event loop only.
 */
final class ReceivedMessage implements WsMessage {

	private final WsSession session;

	private Type type = Type.TEXT;

	private int index;

	private int size;

	/**
	 * {@code null} between messages.
	 */
	private @Nullable ByteBuf buffer;

	private @Nullable String text;

	/**
	 * Whether somebody asked for the text of the newest message.
	 */
	private boolean textWanted;

	/**
	 * Creates an object without a message.
	 * @param session the session of its messages
	 * @param textWanted whether somebody asked for the text of the message before
	 */
	ReceivedMessage(WsSession session, boolean textWanted) {
		this.session = session;
		this.textWanted = textWanted;
	}

	/**
	 * Returns an object without a message for the next read of the same session.
	 */
	ReceivedMessage next() {
		return new ReceivedMessage(this.session, this.textWanted);
	}

	boolean isTextWanted() {
		return this.textWanted;
	}

	void begin(Type type, ByteBuf buffer, @Nullable String text) {
		this.text = text;
		this.type = type;
		this.buffer = buffer;
		this.index = buffer.readerIndex();
		this.size = buffer.readableBytes();
		this.textWanted = false;
	}

	void end() {
		this.buffer = null;
		this.text = null;
	}

	private ByteBuf buffer() {
		if (this.buffer == null) {
			throw new IllegalStateException(
					"The message is valid only until the listener's call returns; keep a copy() of it");
		}
		return this.buffer;
	}

	@Override
	public Type type() {
		buffer();
		return this.type;
	}

	@Override
	public int size() {
		buffer();
		return this.size;
	}

	@Override
	public ByteBuffer payload() {
		return buffer().nioBuffer(this.index, this.size).asReadOnlyBuffer();
	}

	@Override
	public String text() {
		ByteBuf buffer = buffer();
		this.textWanted = true;
		String text = this.text;
		if (text == null) {
			text = decode(buffer);
			this.text = text;
		}
		return text;
	}

	private String decode(ByteBuf buffer) {
		return buffer.hasArray()
				? new String(buffer.array(), buffer.arrayOffset() + this.index, this.size, StandardCharsets.UTF_8)
				: buffer.toString(this.index, this.size, StandardCharsets.UTF_8);
	}

	@Override
	public byte[] bytes() {
		byte[] bytes = new byte[this.size];
		buffer().getBytes(this.index, bytes);
		return bytes;
	}

	@Override
	public WsSession session() {
		return this.session;
	}

	@Override
	public WsMessage copy() {
		return retain();
	}

	@Override
	public Retained retain() {
		return new CopiedMessage(type(), bytes(), this.session);
	}

}
