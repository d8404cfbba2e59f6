package dev.wsclient.internal.protocol.frame;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Writes frames as a server does, good and bad ones. Shares nothing with the code under
 * test.
 */
public final class ServerFrames {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	public ServerFrames frame(int firstByte, byte[] payload) {
		this.out.write(firstByte);
		if (payload.length < 126) {
			this.out.write(payload.length);
		}
		else if (payload.length < 65536) {
			this.out.write(126);
			this.out.write(payload.length / 256);
			this.out.write(payload.length % 256);
		}
		else {
			this.out.write(127);
			for (int shift = 56; shift >= 0; shift -= 8) {
				this.out.write((int) ((long) payload.length >> shift));
			}
		}
		this.out.writeBytes(payload);
		return this;
	}

	public ServerFrames frame(int firstByte, String payload) {
		return frame(firstByte, payload.getBytes(StandardCharsets.UTF_8));
	}

	public ServerFrames hex(String bytes) {
		this.out.writeBytes(HexFormat.of().parseHex(bytes.replace(" ", "")));
		return this;
	}

	public byte[] toByteArray() {
		return this.out.toByteArray();
	}

}
