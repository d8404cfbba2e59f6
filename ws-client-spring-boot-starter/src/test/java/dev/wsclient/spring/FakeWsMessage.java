package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.wsclient.WsMessage;

/**
 * A message made of an array.
 */
final class FakeWsMessage implements WsMessage.Retained {

	private final Type type;

	private final byte[] payload;

	int released;

	private FakeWsMessage(Type type, byte[] payload) {
		this.type = type;
		this.payload = payload;
	}

	static FakeWsMessage text(String text) {
		return new FakeWsMessage(Type.TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	static FakeWsMessage binary(String text) {
		return binary(text.getBytes(StandardCharsets.UTF_8));
	}

	static FakeWsMessage binary(byte[] bytes) {
		return new FakeWsMessage(Type.BINARY, bytes);
	}

	@Override
	public Type type() {
		return this.type;
	}

	@Override
	public int size() {
		return this.payload.length;
	}

	@Override
	public ByteBuffer payload() {
		return ByteBuffer.wrap(this.payload).asReadOnlyBuffer();
	}

	@Override
	public String text() {
		return new String(this.payload, StandardCharsets.UTF_8);
	}

	@Override
	public byte[] bytes() {
		return this.payload.clone();
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
		this.released++;
	}

}
