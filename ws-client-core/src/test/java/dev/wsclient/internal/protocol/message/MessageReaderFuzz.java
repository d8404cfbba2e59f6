package dev.wsclient.internal.protocol.message;

import java.util.Arrays;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Fuzzes {@link MessageReader}, and with it frames and inflating. The first byte of an
 * input sets the session up, the rest is what the server sends.
 *
 * <pre>
 *    7     6  5  4          3          2        1  0
 *  +-----+-----------+-----------+---------+---------+
 *  |     | window    | forgets   | deflate | largest |
 *  |     | bits - 8  | messages  | agreed  | message |
 *  +-----+-----------+-----------+---------+---------+
 * </pre>
 */
public class MessageReaderFuzz {

	private static final int[] MAX_SIZES = { 100_000, 125, 1000, 10_000_000 };

	@FuzzTest
	public void read(byte[] input) {
		if (input.length == 0) {
			return;
		}
		int settings = input[0];
		byte[] stream = Arrays.copyOfRange(input, 1, input.length);
		int maxSize = MAX_SIZES[settings & 3];
		if ((settings & 4) != 0) {
			ReaderCheck.checkDeflate(stream, maxSize, 8 + ((settings >> 4) & 7), (settings & 8) != 0);
		}
		else {
			ReaderCheck.check(stream, maxSize);
		}
	}

}
