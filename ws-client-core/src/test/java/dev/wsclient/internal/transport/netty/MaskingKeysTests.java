package dev.wsclient.internal.transport.netty;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Masking keys come from the secure random source, and don't repeat.
 */
class MaskingKeysTests {

	private static final int MANY = 100_000;

	@Test
	void keysLookRandom() {
		MaskingKeys keys = new MaskingKeys(new SecureRandom());
		Set<Integer> distinct = new HashSet<>();
		int[] ones = new int[Integer.SIZE];
		for (int i = 0; i < MANY; i++) {
			int key = keys.getAsInt();
			distinct.add(key);
			for (int bit = 0; bit < Integer.SIZE; bit++) {
				ones[bit] += (key >>> bit) & 1;
			}
		}
		// One pair in a hundred thousand is to be expected, and each bit every second
		// time,
		// by six deviations
		assertThat(distinct).hasSizeGreaterThan(MANY - 20);
		assertThat(IntStream.of(ones)).allMatch((count) -> Math.abs(count - MANY / 2) < 950);
	}

	@Test
	void seedIsDrawnAnewForEachPool() {
		CountingRandom random = new CountingRandom();
		MaskingKeys keys = new MaskingKeys(random);
		int first = keys.getAsInt();
		assertThat(random.bytes).isEqualTo(32);
		for (int i = 0; i < MANY; i++) {
			keys.getAsInt();
		}
		assertThat(random.bytes).isGreaterThan(32 * (MANY / 4096)).isLessThan(MANY);
		assertThat(new MaskingKeys(new SecureRandom()).getAsInt()).isNotEqualTo(first);
	}

	/**
	 * Counts what is drawn.
	 */
	private static final class CountingRandom extends SecureRandom {

		private static final long serialVersionUID = 1L;

		private int bytes;

		@Override
		public void nextBytes(byte[] bytes) {
			this.bytes += bytes.length;
			super.nextBytes(bytes);
		}

	}

}
