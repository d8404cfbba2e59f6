package dev.wsclient.internal.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.internal.protocol.frame.ServerFrames;
import dev.wsclient.oracle.StrictReader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzes {@link ClosePayload}. An input is the body of a Close frame.
 */
public class ClosePayloadFuzz {

	private static final int MAX_CONTROL_PAYLOAD = 125;

	@FuzzTest
	public void parse(byte[] input) {
		int code = (input.length < 2) ? 1005 : (input[0] & 0xFF) << 8 | (input[1] & 0xFF);
		byte[] reason = Arrays.copyOfRange(input, Math.min(2, input.length), input.length);
		int fault = 0;
		if (input.length == 1 || (input.length > 1 && !StrictReader.isLegalInCloseFrame(code))) {
			fault = 1002;
		}
		else if (!StrictReader.isUtf8(reason)) {
			fault = 1007;
		}
		ByteBuf payload = Unpooled.copiedBuffer(new byte[3], input, new byte[3]).setIndex(3, 3 + input.length);
		try {
			assertThat(ClosePayload.parse(payload))
				.isEqualTo(new ClosePayload(code, new String(reason, StandardCharsets.UTF_8)));
			assertThat(fault).isZero();
		}
		catch (ProtocolViolation ex) {
			assertThat(ex.closeCode()).isEqualTo(fault);
		}
		assertThat(payload.readerIndex()).isEqualTo(3);
		assertThat(payload.readableBytes()).isEqualTo(input.length);
		if (input.length <= MAX_CONTROL_PAYLOAD) {
			byte[] stream = new ServerFrames().frame(0x88, input).frame(0x81, "after").toByteArray();
			ReaderCheck.check(stream, new ReaderCheck.Session(1000, 1000, 0, false, false));
		}
	}

}
