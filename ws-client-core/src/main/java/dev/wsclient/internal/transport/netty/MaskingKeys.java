package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.IntSupplier;

/**
 * Masking keys that nobody can predict (RFC 6455, section 10.3): taken from the system's
 * secure random source, many at a time because one reading of it costs more than a frame.
 * Event loop only.
 */
final class MaskingKeys implements IntSupplier {

	/**
	 * One reading for 512 keys.
	 */
	private static final int POOL_SIZE = 512 * Integer.BYTES;

	private final SecureRandom random;

	private final byte[] bytes = new byte[POOL_SIZE];

	private final ByteBuffer pool = ByteBuffer.wrap(this.bytes).position(POOL_SIZE);

	MaskingKeys(SecureRandom random) {
		this.random = random;
	}

	@Override
	public int getAsInt() {
		if (!this.pool.hasRemaining()) {
			this.random.nextBytes(this.bytes);
			this.pool.clear();
		}
		return this.pool.getInt();
	}

}
