package dev.wsclient.testserver;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

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
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(firstByte);
		if (payload.length < 126) {
			out.write(payload.length);
		}
		else if (payload.length < 65_536) {
			out.write(126);
			out.write(payload.length >> 8);
			out.write(payload.length);
		}
		else {
			out.write(127);
			out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(payload.length).array());
		}
		out.writeBytes(payload);
		return out.toByteArray();
	}

	public static byte[] join(byte[]... parts) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			out.writeBytes(part);
		}
		return out.toByteArray();
	}

}
