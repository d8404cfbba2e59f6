package dev.wsclient.internal.protocol.frame;

import java.util.HexFormat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link FrameReader}.
 */
class FrameReaderTests {

	private final FrameReader reader = new FrameReader();

	@ParameterizedTest
	@CsvSource({ "8100, 0", "8101, 1", "8105, 5", "817D, 125", "817E007E, 126", "817E007F, 127", "817E0080, 128",
			"817E0081, 129", "817EFFFF, 65535", "817F0000000000010000, 65536", "817F0000000000010003, 65539",
			"817F4000000000000000, 4611686018427387904", "817F7FFFFFFFFFFFFFFF, 9223372036854775807" })
	void lengthIsRead(String header, long length) {
		ByteBuf in = bytes(header + "AABB");
		assertThat(this.reader.read(in)).isTrue();
		assertThat(this.reader.payloadLength()).isEqualTo(length);
		assertThat(in.readableBytes()).as("bytes behind the header").isEqualTo(2);
		assertThat(readByByte(header)).isEqualTo(length);
	}

	private long readByByte(String header) {
		ByteBuf in = bytes(header);
		while (in.readableBytes() > 1) {
			assertThat(this.reader.read(in.readSlice(1))).isFalse();
			assertThat(this.reader.read(Unpooled.EMPTY_BUFFER)).isFalse();
		}
		assertThat(this.reader.read(in)).isTrue();
		return this.reader.payloadLength();
	}

	@ParameterizedTest
	@CsvSource({ "00, 0, false", "80, 0, true", "01, 1, false", "81, 1, true", "02, 2, false", "82, 2, true",
			"88, 8, true", "89, 9, true", "8A, 10, true" })
	void opcodeAndFinAreRead(String firstByte, int opcode, boolean fin) {
		assertThat(this.reader.read(bytes(firstByte + "00"))).isTrue();
		assertThat(this.reader.opcode()).isEqualTo(opcode);
		assertThat(this.reader.isFin()).isEqualTo(fin);
	}

	@ParameterizedTest
	@ValueSource(strings = { "3", "4", "5", "6", "7", "B", "C", "D", "E", "F" })
	void unknownOpcodeIsRefused(String opcode) {
		assertRefused("8" + opcode + "00", "5.2", "Opcode must be 0x0-0x2 or 0x8-0xA, was 0x" + opcode);
	}

	@ParameterizedTest
	@CsvSource({ "C1, RSV1, text", "A1, RSV2, text", "91, RSV3, text", "F2, RSV1 RSV2 RSV3, binary",
			"D9, RSV1 RSV3, ping", "40, RSV1, continuation", "C8, RSV1, Close", "AA, RSV2, pong" })
	void reservedBitIsRefused(String firstByte, String bits, String frame) {
		assertRefused(firstByte + "00", "5.2", "Reserved bits must be 0 without an extension that defines them, but "
				+ bits + " was set in a " + frame + " frame");
	}

	@ParameterizedTest
	@CsvSource({ "08, Close", "09, ping", "0A, pong" })
	void fragmentedControlFrameIsRefused(String firstByte, String frame) {
		assertRefused(firstByte + "00", "5.5",
				"Control frame must not be fragmented, but a " + frame + " frame came without FIN");
	}

	@ParameterizedTest
	@CsvSource({ "887E, Close", "897E, ping", "8A7F, pong" })
	void longControlFrameIsRefusedBeforeItsLength(String header, String frame) {
		assertRefused(header, "5.5",
				"Control frame must have at most 125 bytes of payload, but a " + frame + " frame declares more");
	}

	@ParameterizedTest
	@CsvSource({ "8180, text", "82FE, binary", "0085, continuation", "8985, ping" })
	void maskedFrameIsRefused(String header, String frame) {
		String prefix = header.startsWith("00") ? "00" : header.substring(0, 2);
		assertRefused(prefix + header.substring(2), "5.1",
				"Server must not mask frames, but a " + frame + " frame was masked");
	}

	@ParameterizedTest
	@CsvSource({ "817E0000, 0, 2", "817E007D, 125, 2", "817F000000000000FFFF, 65535, 8", "827F0000000000000000, 0, 8" })
	void longerLengthThanNeededIsRefused(String header, long length, int size) {
		assertRefused(header, "5.2",
				"Length must be encoded in as few bytes as possible, but " + length + " came in " + size + " bytes");
	}

	@Test
	void highestBitOfLengthIsRefused() {
		assertRefused("817F8000000000000000", "5.2",
				"Length of 64 bits must have its highest bit 0, was 0x8000000000000000");
	}

	private static void assertRefused(String header, String section, String message) {
		assertViolation(violation(bytes(header)), section, message);
		FrameReader byByte = new FrameReader();
		ByteBuf in = bytes(header);
		ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class, () -> {
			while (in.isReadable()) {
				byByte.read(in.readSlice(1));
			}
		});
		assertViolation(violation, section, message);
	}

	private static ProtocolViolation violation(ByteBuf in) {
		return catchThrowableOfType(ProtocolViolation.class, () -> new FrameReader().read(in));
	}

	private static void assertViolation(ProtocolViolation violation, String section, String message) {
		assertThat(violation).hasMessage(message).hasNoCause();
		assertThat(violation.closeCode()).isEqualTo(1002);
		assertThat(violation.section()).isEqualTo("RFC 6455, " + section);
		assertThat(violation.getStackTrace()).isEmpty();
	}

	@Test
	void violationTellsThePeerWhatFits() {
		assertThat(new ProtocolViolation(1007, "s", "caf\u00e9").closeStatus()).hasToString("1007 (caf?)");
		assertThat(new ProtocolViolation(1002, "s", "x".repeat(500)).closeStatus().reason()).isEqualTo("x".repeat(123));
	}

	private static ByteBuf bytes(String hex) {
		return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
	}

}
