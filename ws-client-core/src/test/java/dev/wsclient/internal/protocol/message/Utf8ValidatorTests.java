package dev.wsclient.internal.protocol.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Utf8Validator}.
 */
class Utf8ValidatorTests {

	private final Utf8Validator validator = new Utf8Validator();

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "'', -1, true", "41, -1, true", "7F, -1, true", "80, 0, false", "BF, 0, false", "C0, 0, false",
			"C080, 0, false", "C1BF, 0, false", "C2, -1, false", "C280, -1, true", "C27F, 1, false", "C2C0, 1, false",
			"DFBF, -1, true", "E09F, 1, false", "E0A0, -1, false", "E0A080, -1, true", "E0A0C0, 2, false",
			"ED9FBF, -1, true", "EDA0, 1, false", "EDA080, 1, false", "EDBFBF, 1, false", "EE8080, -1, true",
			"EFBFBF, -1, true", "EFBFBE, -1, true", "F08F, 1, false", "F09080, -1, false", "F0908080, -1, true",
			"F48FBFBF, -1, true", "F490, 1, false", "F4908080, 1, false", "F5, 0, false", "F888808080, 0, false",
			"FC8480808080, 0, false", "FE, 0, false", "FF, 0, false", "CEBAE1BDB9CF83CEBCCEB5, -1, true",
			"CEBAE1BDB9CF83CEBCCEB5EDA080656469746564, 12, false" })
	void sampleIsJudgedInEveryPosition(String hex, int bad, boolean complete) {
		byte[] sample = HexFormat.of().parseHex(hex);
		for (int before = 0; before < 17; before++) {
			byte[] text = new byte[before + sample.length];
			System.arraycopy(sample, 0, text, before, sample.length);
			for (int split = 0; split <= text.length; split++) {
				assertThat(findBadByte(text, split)).isEqualTo((bad < 0) ? -1 : before + bad);
				assertThat(this.validator.isComplete()).isEqualTo(complete);
			}
		}
	}

	private int findBadByte(byte[] text, int split) {
		ByteBuf buffer = Unpooled.wrappedBuffer(text);
		this.validator.reset();
		int bad = this.validator.findBadByte(buffer, 0, split);
		return (bad >= 0) ? bad : this.validator.findBadByte(buffer, split, text.length - split);
	}

	@Test
	void everyCodePointButSurrogatesIsText() {
		for (int codePoint = 0; codePoint <= 0x1FFFFF; codePoint++) {
			boolean valid = codePoint <= 0x10FFFF && (codePoint < 0xD800 || codePoint > 0xDFFF);
			byte[] text = encode(codePoint);
			boolean accepted = findBadByte(text, 0) < 0 && this.validator.isComplete();
			if (accepted != valid) {
				assertThat(accepted).as("U+%X", codePoint).isEqualTo(valid);
			}
		}
	}

	private static byte[] encode(int c) {
		if (c < 0x80) {
			return new byte[] { (byte) c };
		}
		if (c < 0x800) {
			return new byte[] { (byte) (0xC0 + (c >> 6)), last(c) };
		}
		if (c < 0x10000) {
			return new byte[] { (byte) (0xE0 + (c >> 12)), last(c >> 6), last(c) };
		}
		return new byte[] { (byte) (0xF0 + (c >> 18)), last(c >> 12), last(c >> 6), last(c) };
	}

	private static byte last(int bits) {
		return (byte) (0x80 + (bits % 64));
	}

	@Test
	void everyTwoBytesAreJudgedAsByTheJdk() {
		for (int value = 0; value <= 0xFFFF; value++) {
			assertSameAsJdk(new byte[] { (byte) (value >> 8), (byte) value });
		}
	}

	@Test
	void damagedTextIsJudgedAsByTheJdk() {
		Random random = new Random(20261122);
		String text = "plain ascii \u00e4\u00f6\u00fc \u20ac\u4e2d\u6587 \ud83d\ude00\ud83c\udf0d and so on, ";
		for (int i = 0; i < 20_000; i++) {
			byte[] bytes = text.substring(random.nextInt(10), 20 + random.nextInt(text.length() - 20))
				.getBytes(StandardCharsets.UTF_8);
			bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
			assertSameAsJdk(bytes);
		}
	}

	private void assertSameAsJdk(byte[] bytes) {
		boolean accepted = findBadByte(bytes, bytes.length / 2) < 0 && this.validator.isComplete();
		if (accepted != isTextForJdk(bytes)) {
			assertThat(accepted).as(HexFormat.of().formatHex(bytes)).isEqualTo(!accepted);
		}
	}

	private static boolean isTextForJdk(byte[] bytes) {
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
		try {
			decoder.decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

	@Test
	void badTextStaysBadUntilReset() {
		assertThat(findBadByte(new byte[] { (byte) 0xFF }, 0)).isZero();
		assertThat(this.validator.findBadByte(Unpooled.wrappedBuffer(new byte[16]), 0, 16)).isZero();
		this.validator.reset();
		assertThat(this.validator.findBadByte(Unpooled.wrappedBuffer(new byte[16]), 0, 16)).isEqualTo(-1);
	}

}
