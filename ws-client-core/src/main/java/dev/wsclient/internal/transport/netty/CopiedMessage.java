package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;

/**
 * A message that lasts. Retained without a backlog, it keeps no place.
 */
final class CopiedMessage implements WsMessage.Retained {

	private final Type type;

	private final byte[] bytes;

	private final WsSession session;

	private @Nullable String text;

	CopiedMessage(Type type, byte[] bytes, WsSession session) {
		this.type = type;
		this.bytes = bytes;
		this.session = session;
	}

	@Override
	public Type type() {
		return this.type;
	}

	@Override
	public int size() {
		return this.bytes.length;
	}

	@Override
	public ByteBuffer payload() {
		return ByteBuffer.wrap(this.bytes).asReadOnlyBuffer();
	}

	@Override
	public String text() {
		String text = this.text;
		if (text == null) {
			text = new String(this.bytes, StandardCharsets.UTF_8);
			this.text = text;
		}
		return text;
	}

	@Override
	public byte[] bytes() {
		return this.bytes.clone();
	}

	@Override
	public WsSession session() {
		return this.session;
	}

	@Override
	public WsMessage copy() {
		return this;
	}

	@Override
	public Retained retain() {
		return this;
	}

	@Override
	public void release() {
	}

}
