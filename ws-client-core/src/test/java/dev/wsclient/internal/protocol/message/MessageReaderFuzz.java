package dev.wsclient.internal.protocol.message;

import java.util.Arrays;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Fuzzes {@link MessageReader}, and with it frames and inflating. The first byte of an
 * input sets the session up, the rest is what the server sends.
 *
 * <pre>
 *     7         6  5  4      3          2         1  0
 *  +---------+-----------+-----------+---------+--------+
 *  | streams | window    | forgets   | deflate | limits |
 *  |         | bits - 8  | messages  | agreed  |        |
 *  +---------+-----------+-----------+---------+--------+
 * </pre>
 */
public class MessageReaderFuzz {

	private static final int[] MAX_MESSAGE_SIZES = { 100_000, 125, 1000, 10_000_000 };

	private static final int[] MAX_FRAME_SIZES = { Integer.MAX_VALUE, 100, Integer.MAX_VALUE, 1000 };

	@FuzzTest
	public void read(byte[] input) {
		if (input.length > 0) {
			int settings = input[0];
			int limits = settings & 3;
			int windowBits = ((settings & 4) != 0) ? 8 + ((settings >> 4) & 7) : 0;
			ReaderCheck.check(Arrays.copyOfRange(input, 1, input.length),
					new ReaderCheck.Session(MAX_MESSAGE_SIZES[limits], MAX_FRAME_SIZES[limits], windowBits,
							(settings & 8) != 0, (settings & 0x80) != 0));
		}
	}

}
