package dev.wsclient.internal.protocol.extension;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Compresses messages one by one
 * (<a href="https://www.rfc-editor.org/rfc/rfc7692#section-7">RFC 7692, section 7</a>).
 */
final class PerMessageDeflate implements Extension {

	private static final int RSV1 = 0x40;

	private final DeflateParameters parameters;

	private final int minSize;

	private final MessageDeflater deflater;

	PerMessageDeflate(DeflateParameters parameters, int level, int minSize) {
		this.parameters = parameters;
		this.minSize = minSize;
		this.deflater = new MessageDeflater(level, parameters.clientWindowBits(),
				!parameters.clientNoContextTakeover());
	}

	@Override
	public int reservedBits() {
		return RSV1;
	}

	@Override
	public PayloadDecoder newDecoder(ByteBufAllocator allocator) {
		return new MessageInflater(allocator, this.parameters.serverWindowBits(),
				!this.parameters.serverNoContextTakeover());
	}

	@Override
	public boolean isWorthEncoding(int payloadSize) {
		return payloadSize >= this.minSize;
	}

	@Override
	public void encode(ByteBuffer payload, ByteBuf out) {
		this.deflater.deflate(payload, out);
	}

	@Override
	public void release() {
		this.deflater.release();
	}

	@Override
	public String toString() {
		return this.parameters.agreement();
	}

}
