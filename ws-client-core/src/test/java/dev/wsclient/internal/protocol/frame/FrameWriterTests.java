package dev.wsclient.internal.protocol.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link FrameWriter}.
 */
class FrameWriterTests {

	private static final int KEY = 0x37FA213D;

	private final FrameWriter writer = new FrameWriter(() -> KEY);

	@Test
	void maskedHelloIsThatOfTheSpecification() {
		assertThat(hex((out) -> this.writer.writeText(out, "Hello".getBytes(StandardCharsets.UTF_8))))
			.isEqualTo("818537fa213d7f9f4d5158");
	}

	@ParameterizedTest
	@CsvSource({ "0, 6", "1, 7", "125, 131", "126, 134", "65535, 65543", "65536, 65550", "2147483633, 2147483647" })
	void frameSizeCountsHeaderKeyAndPayload(int payload, int size) {
		assertThat(FrameWriter.frameSize(payload)).isEqualTo(size);
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 13 })
	void frameThatFitsNoBufferIsRefused(int payload) {
		assertThatIllegalArgumentException().isThrownBy(() -> FrameWriter.frameSize(payload))
			.withMessageEndingWith("was " + payload);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 125, 126, 127, 128, 129, 1000, 65535, 65536, 65539 })
	void binaryOfAnyLengthComesBack(int length) {
		byte[] payload = new byte[length];
		new Random(length).nextBytes(payload);
		for (ByteBuffer source : new ByteBuffer[] { ByteBuffer.wrap(payload), direct(payload),
				ByteBuffer.wrap(payload).asReadOnlyBuffer() }) {
			for (ByteBuf out : new ByteBuf[] { Unpooled.buffer(3), Unpooled.directBuffer(3),
					Unpooled.wrappedBuffer(new byte[66_000], 5, 65_900).clear() }) {
				out.writeZero(3);
				this.writer.writeBinary(out, source);
				assertThat(out.readableBytes()).isEqualTo(3 + FrameWriter.frameSize(length));
				assertThat(unmask(out.skipBytes(3), 0x82)).isEqualTo(payload);
				assertThat(source.remaining()).as("position does not move").isEqualTo(length);
				out.release();
			}
		}
	}

	private static ByteBuffer direct(byte[] payload) {
		return ByteBuffer.allocateDirect(payload.length).put(payload).flip();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 7, 8, 125, 126, 65535, 65536 })
	void textComesBack(int length) {
		byte[] utf8 = "x".repeat(length).getBytes(StandardCharsets.UTF_8);
		for (ByteBuf out : new ByteBuf[] { Unpooled.buffer(3), Unpooled.directBuffer(3) }) {
			this.writer.writeText(out, utf8);
			assertThat(unmask(out, 0x81)).isEqualTo(utf8);
			out.release();
		}
	}

	@Test
	void pingAndPongCarryTheirPayload() {
		ByteBuffer payload = ByteBuffer.wrap(new byte[] { 1, 2, 3 });
		assertThat(frame(0x89, (out) -> this.writer.writePing(out, payload))).containsExactly(1, 2, 3);
		assertThat(frame(0x8A, (out) -> this.writer.writePong(out, payload))).containsExactly(1, 2, 3);
		ByteBuf received = Unpooled.wrappedBuffer(new byte[] { 9, 1, 2, 3, 9 }).setIndex(1, 4);
		assertThat(frame(0x8A, (out) -> this.writer.writePong(out, received))).containsExactly(1, 2, 3);
		assertThat(received.readableBytes()).isEqualTo(3);
	}

	@Test
	void longPingIsRefused() {
		ByteBuf out = Unpooled.buffer();
		ByteBuffer payload = ByteBuffer.allocate(126);
		String message = "Payload of a ping or pong must be of at most 125 bytes (RFC 6455, 5.5), was 126";
		assertThatIllegalArgumentException().isThrownBy(() -> this.writer.writePing(out, payload)).withMessage(message);
		assertThatIllegalArgumentException().isThrownBy(() -> this.writer.writePong(out, payload)).withMessage(message);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.writer.writePong(out, Unpooled.wrappedBuffer(payload)))
			.withMessage(message);
		assertThat(out.isReadable()).isFalse();
		assertThat(frame(0x89, (buffer) -> this.writer.writePing(buffer, ByteBuffer.allocate(125)))).hasSize(125);
	}

	@Test
	void closeCarriesCodeAndReason() {
		assertThat(frame(0x88, (out) -> this.writer.writeClose(out, new CloseStatus(1000, "\u20ac"))))
			.containsExactly(0x03, 0xE8, 0xE2, 0x82, 0xAC);
		assertThat(frame(0x88, (out) -> this.writer.writeClose(out, new CloseStatus(4999, "x".repeat(123)))))
			.hasSize(125);
		assertThat(frame(0x88, (out) -> this.writer.writeClose(out, CloseStatus.NO_STATUS))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1004, 1006, 1015, 1016, 2999 })
	void closeCodeThatMustNotBeSentIsRefused(int code) {
		ByteBuf out = Unpooled.buffer();
		assertThatIllegalArgumentException().isThrownBy(() -> this.writer.writeClose(out, new CloseStatus(code, "")))
			.withMessageEndingWith("was " + code);
		assertThat(out.isReadable()).isFalse();
	}

	@Test
	void everyFrameAsksForAKey() {
		int[] keys = { 0 };
		FrameWriter counting = new FrameWriter(() -> ++keys[0]);
		String first = hex((out) -> counting.writeBinary(out, ByteBuffer.allocate(1)));
		String second = hex((out) -> counting.writeBinary(out, ByteBuffer.allocate(1)));
		assertThat(first).isEqualTo("82810000000100");
		assertThat(second).isEqualTo("82810000000200");
	}

	private static String hex(Consumer<ByteBuf> action) {
		ByteBuf out = Unpooled.buffer();
		action.accept(out);
		return ByteBufUtil.hexDump(out);
	}

	private static byte[] frame(int firstByte, Consumer<ByteBuf> action) {
		ByteBuf out = Unpooled.buffer();
		action.accept(out);
		return unmask(out, firstByte);
	}

	private static byte[] unmask(ByteBuf frame, int firstByte) {
		assertThat(frame.readUnsignedByte()).isEqualTo((short) firstByte);
		int length = frame.readUnsignedByte() - 0x80;
		if (length == 126) {
			length = frame.readUnsignedShort();
			assertThat(length).isGreaterThan(125);
		}
		else if (length == 127) {
			length = Math.toIntExact(frame.readLong());
			assertThat(length).isGreaterThan(65535);
		}
		byte[] key = new byte[4];
		frame.readBytes(key);
		assertThat(ByteBuffer.wrap(key).getInt()).isEqualTo(KEY);
		byte[] payload = new byte[frame.readableBytes()];
		assertThat(payload).hasSize(length);
		frame.readBytes(payload);
		for (int i = 0; i < length; i++) {
			payload[i] ^= key[i % 4];
		}
		return Arrays.copyOf(payload, length);
	}

}
