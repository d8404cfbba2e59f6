package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.function.IntSupplier;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Masking keys that nobody can predict (RFC 6455, section 10.3), many at a time: the key
 * stream of AES in counter mode, whose key and counter come from the system's secure
 * random source and change with each pool. That source alone would cost more than the
 * rest of a short frame. Event loop only.
 */
final class MaskingKeys implements IntSupplier {

	private static final int POOL_SIZE = 2048 * Integer.BYTES;

	private static final int SEED_SIZE = 16;

	private final SecureRandom random;

	private final byte[] zeros = new byte[POOL_SIZE];

	private final ByteBuffer pool = ByteBuffer.allocate(POOL_SIZE).position(POOL_SIZE);

	MaskingKeys(SecureRandom random) {
		this.random = random;
	}

	@Override
	public int getAsInt() {
		if (!this.pool.hasRemaining()) {
			fill();
		}
		return this.pool.getInt();
	}

	private void fill() {
		try {
			Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
			cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(seed(), "AES"), new IvParameterSpec(seed()));
			cipher.doFinal(this.zeros, 0, POOL_SIZE, this.pool.array());
		}
		catch (GeneralSecurityException ex) {
			// A security provider without it
			this.random.nextBytes(this.pool.array());
		}
		this.pool.clear();
	}

	private byte[] seed() {
		byte[] seed = new byte[SEED_SIZE];
		this.random.nextBytes(seed);
		return seed;
	}

}
