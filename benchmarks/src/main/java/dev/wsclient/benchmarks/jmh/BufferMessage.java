package dev.wsclient.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;

/**
 * A text message in a network buffer, decoded each time it is asked for.
 */
final class BufferMessage implements WsMessage {

	private final ByteBuf buffer;

	BufferMessage(ByteBuf buffer) {
		this.buffer = buffer;
	}

	@Override
	public Type type() {
		return Type.TEXT;
	}

	@Override
	public int size() {
		return this.buffer.readableBytes();
	}

	@Override
	public ByteBuffer payload() {
		return this.buffer.nioBuffer().asReadOnlyBuffer();
	}

	@Override
	public String text() {
		return this.buffer.toString(StandardCharsets.UTF_8);
	}

	@Override
	public byte[] bytes() {
		byte[] bytes = new byte[size()];
		this.buffer.getBytes(this.buffer.readerIndex(), bytes);
		return bytes;
	}

	@Override
	public WsSession session() {
		throw new UnsupportedOperationException("nothing is answered here");
	}

	@Override
	public WsMessage copy() {
		return retain();
	}

	@Override
	public Retained retain() {
		return new Copy(bytes());
	}

	/**
	 * A message that lasts.
	 */
	private static final class Copy implements Retained {

		private final byte[] bytes;

		Copy(byte[] bytes) {
			this.bytes = bytes;
		}

		@Override
		public Type type() {
			return Type.TEXT;
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
			return new String(this.bytes, StandardCharsets.UTF_8);
		}

		@Override
		public byte[] bytes() {
			return this.bytes.clone();
		}

		@Override
		public WsSession session() {
			throw new UnsupportedOperationException("nothing is answered here");
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

}
