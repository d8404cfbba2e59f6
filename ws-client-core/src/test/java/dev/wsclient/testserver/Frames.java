package dev.wsclient.testserver;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of frames as a server sends them, right or wrong.
 */
public final class Frames {

	private Frames() {
	}

	public static byte[] text(String text) {
		return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
	}

	public static byte[] ping(String text) {
		return frame(0x89, text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Makes a Close frame.
	 * @param code the close code
	 * @return the frame
	 */
	public static byte[] close(int code) {
		return frame(0x88, new byte[] { (byte) (code >> 8), (byte) code });
	}

	/**
	 * Makes an unmasked frame.
	 * @param firstByte FIN, reserved bits and opcode
	 * @param payload the payload
	 * @return the frame
	 */
	public static byte[] frame(int firstByte, byte[] payload) {
		return join(header(firstByte, payload.length), payload);
	}

	/**
	 * Makes the header of an unmasked frame.
	 * @param firstByte FIN, reserved bits and opcode
	 * @param length the length it declares, written in as few bytes as possible
	 * @return the header
	 */
	public static byte[] header(int firstByte, long length) {
		ByteBuffer out = ByteBuffer.allocate(10).put((byte) firstByte);
		if (length < 126) {
			out.put((byte) length);
		}
		else if (length < 65_536) {
			out.put((byte) 126).putShort((short) length);
		}
		else {
			out.put((byte) 127).putLong(length);
		}
		return Arrays.copyOf(out.array(), out.position());
	}

	public static byte[] join(byte[]... parts) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			out.writeBytes(part);
		}
		return out.toByteArray();
	}

}
