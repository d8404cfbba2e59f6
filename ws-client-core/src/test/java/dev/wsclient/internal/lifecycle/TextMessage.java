package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;

/**
 * A text message that is valid until it is invalidated, as those of the network are.
 */
final class TextMessage implements WsMessage.Retained {

	private final WsSession session;

	private final String text;

	private boolean valid = true;

	TextMessage(WsSession session, String text) {
		this.session = session;
		this.text = text;
	}

	void invalidate() {
		this.valid = false;
	}

	private String valid() {
		if (!this.valid) {
			throw new IllegalStateException("used after the call");
		}
		return this.text;
	}

	@Override
	public Type type() {
		return Type.TEXT;
	}

	@Override
	public int size() {
		return bytes().length;
	}

	@Override
	public ByteBuffer payload() {
		return ByteBuffer.wrap(bytes()).asReadOnlyBuffer();
	}

	@Override
	public String text() {
		return valid();
	}

	@Override
	public byte[] bytes() {
		return valid().getBytes(StandardCharsets.UTF_8);
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
		return new TextMessage(this.session, valid());
	}

	@Override
	public void release() {
		this.valid = false;
	}

}
