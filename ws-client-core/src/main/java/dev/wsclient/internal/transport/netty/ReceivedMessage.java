package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * The message being received: a view of the network buffer, used again for the next
 * message of the session. Event loop only.
 */
final class ReceivedMessage implements WsMessage {

	private Type type = Type.TEXT;

	private int index;

	private int size;

	/**
	 * Kept between the messages of a read.
	 */
	private @Nullable ByteBuf buffer;

	private boolean valid;

	private boolean decoded;

	private @Nullable String text;

	// With G1 a reference written to an old object, as this is, costs a memory fence:
	// several of them are a tenth of what a short message costs
	@SuppressWarnings("ReferenceEquality") // buffers with equal bytes are not the same
	void begin(Type type, ByteBuf buffer) {
		if (this.type != type) {
			this.type = type;
		}
		if (this.buffer != buffer) {
			this.buffer = buffer;
		}
		this.index = buffer.readerIndex();
		this.size = buffer.readableBytes();
		this.valid = true;
	}

	void end() {
		this.valid = false;
		this.decoded = false;
		this.text = null;
	}

	/**
	 * Lets go of the buffer of a read.
	 */
	void forget() {
		this.buffer = null;
	}

	private ByteBuf buffer() {
		if (!this.valid || this.buffer == null) {
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
		String text = this.text;
		if (text == null) {
			text = decode(buffer());
			// Kept for those who ask twice; most don't
			if (this.decoded) {
				this.text = text;
			}
			this.decoded = true;
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
	public WsMessage copy() {
		return retain();
	}

	@Override
	public Retained retain() {
		return new CopiedMessage(type(), bytes());
	}

}
