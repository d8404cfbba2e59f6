package dev.wsclient.internal.protocol.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer.Parameter;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.internal.protocol.frame.ServerFrames;
import dev.wsclient.leak.PeakAllocator;
import dev.wsclient.options.Compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link MessageReader} with an extension.
 */
class EncodedMessageTests {

	private static final String HELLO = "f248cdc9c90700";

	private static final int MAX_MESSAGE_SIZE = 10 * 1024 * 1024;

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

	private final Extension extension = new PerMessageDeflateOffer(Compression.defaults())
		.accept(new ExtensionAnswer("permessage-deflate", List.of()));

	private final RecordingSink sink = new RecordingSink();

	private MessageReader reader = newReader(MAX_MESSAGE_SIZE);

	private MessageReader newReader(int maxMessageSize) {
		return new MessageReader(maxMessageSize, Integer.MAX_VALUE, this.allocator, this.sink, this.extension);
	}

	@AfterEach
	void nothingIsKept() {
		this.reader.release();
		this.extension.release();
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
		assertThat(this.allocator.metric().usedDirectMemory()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 1000 })
	void markedMessagesAreDecodedAndOthersAreNot(int pieceSize) {
		read(new ServerFrames().hex("C107" + HELLO)
			.frame(0x81, "plain")
			.hex("C205 f200110000")
			.hex("C101 00")
			.hex("4103 f248cd 8902 6869 0000 8004 c9c90700")
			.frame(0x01, "a")
			.frame(0x80, "b")
			.hex("8802 03e8"), pieceSize);
		assertThat(this.sink.events).containsExactly("text Hello", "text plain", "binary 48656c6c6f", "text ",
				"ping 6869", "text Hello", "text ab", "close 1000 ");
	}

	@ParameterizedTest
	@CsvSource({ "C000, RSV1, continuation", "4107f248cdc9c90700C000, RSV1, continuation", "C900, RSV1, ping",
			"CA00, RSV1, pong", "C800, RSV1, Close" })
	void markStandsInTheFirstFrameOfAMessageOnly(String hex, String bit, String frame) {
		assertRefused(hex, 1002, "RFC 7692, 6.1",
				"Only the first frame of a message may be marked by an extension, but " + bit + " was set in a " + frame
						+ " frame");
	}

	@Test
	void otherReservedBitsAreRefused() {
		assertRefused("F100", 1002, "RFC 6455, 5.2",
				"Reserved bits must be 0 without an extension that defines them, but RSV2 RSV3 was set in a text frame");
	}

	@ParameterizedTest
	@ValueSource(strings = { "C100", "C106f248cdc9c907", "4107f248cdc9c90700 8001 01", "C105 f200110000" })
	void damagedMessageIsNotDelivered(String hex) {
		ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class,
				() -> read(new ServerFrames().hex("C10100").hex(hex).frame(0x81, "x"), 1000));
		assertThat(violation.closeCode()).isEqualTo(1007);
		assertThat(this.sink.events).containsExactly("text ");
	}

	@Test
	void badTextIsRefusedBeforeTheMessageEnds() {
		byte[] text = "x".repeat(5000).getBytes(StandardCharsets.US_ASCII);
		text[3000] = (byte) 0xFF;
		byte[] message = deflate(text, 0);
		ServerFrames frames = new ServerFrames().frame(0x41, Arrays.copyOf(message, 3500));
		ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class, () -> read(frames, 5000));
		assertThat(violation).hasMessage("Text message must be UTF-8, but byte 0xFF can't stand at offset 3000");
		assertThat(violation.closeCode()).isEqualTo(1007);
	}

	@Test
	void textMayNotEndWithinACharacter() {
		byte[] message = deflate(new byte[] { 'a', (byte) 0xE2, (byte) 0x82 }, 6);
		ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class,
				() -> read(new ServerFrames().frame(0xC1, message), 100));
		assertThat(violation).hasMessage("Text message must be UTF-8, but it ends within a character after 3 bytes");
	}

	@Test
	void largestMessageIsTakenAndOneByteMoreRefused() {
		this.reader = newReader(100_000);
		read(new ServerFrames().frame(0xC2, deflate(new byte[100_000], 9)), 50);
		assertThat(this.sink.events).hasSize(1);
		byte[] message = deflate(new byte[100_001], 9);
		ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class,
				() -> read(new ServerFrames().frame(0xC2, message), 50));
		assertThat(violation.closeCode()).isEqualTo(1009);
		assertThat(violation).hasMessage("Message must be of at most 100000 bytes (maxMessageSize), but of its "
				+ message.length + " encoded bytes some gave 100001 already");
		assertThat(this.sink.events).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "1001, 1009", "1000, 1007" })
	void firstOfSeveralFaultsIsToldHoweverTheMessageIsCut(int size, int code) {
		byte[] message = deflate(new byte[size], 9);
		byte[] damaged = Arrays.copyOf(message, message.length + 5);
		System.arraycopy(HexFormat.of().parseHex("0000ffff07"), 0, damaged, message.length, 5);
		for (int pieceSize : new int[] { 1, 100 }) {
			this.reader.release();
			this.reader = newReader(1000);
			ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class,
					() -> read(new ServerFrames().frame(0xC2, damaged), pieceSize));
			assertThat(violation.closeCode()).isEqualTo(code);
		}
	}

	@Test
	void declaredLengthIsBoundedToo() {
		this.reader = newReader(1000);
		assertRefused("C27F4000000000000000", 1009, "RFC 6455, 10.4",
				"Message must be of at most 1000 bytes (maxMessageSize), but a frame declares 4611686018427387904 encoded bytes");
	}

	@Test
	void bombCostsNoMoreThanTheLimit() {
		Deflater deflater = new Deflater(9, true);
		ByteArrayOutputStream wire = new ByteArrayOutputStream();
		byte[] zeros = new byte[1 << 20];
		byte[] piece = new byte[1 << 16];
		for (int i = 0; i < 1024; i++) {
			deflater.setInput(zeros);
			while (!deflater.needsInput()) {
				wire.write(piece, 0, deflater.deflate(piece));
			}
		}
		deflater.end();
		assertThat(wire.size()).isGreaterThan(1_000_000);
		byte[] frame = new ServerFrames().frame(0xC2, wire.toByteArray()).toByteArray();
		int limit = 10 * 1024 * 1024;
		PeakAllocator counting = new PeakAllocator();
		for (int i = 0; i < 20; i++) {
			MessageReader bombed = new MessageReader(limit, limit, counting, this.sink, this.extension);
			long start = System.nanoTime();
			ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class,
					() -> bombed.read(Unpooled.wrappedBuffer(frame)));
			assertThat(violation.closeCode()).isEqualTo(1009);
			assertThat(System.nanoTime() - start).isLessThan(1_000_000_000);
			assertThat(counting.used()).isZero();
		}
		assertThat(counting.peak()).isLessThan(limit + 4 * 1024 * 1024);
	}

	@Test
	void releaseWithinACallLeavesThePayloadValid() {
		this.reader = new MessageReader(100, 100, this.allocator, new RecordingSink() {

			@Override
			public void onText(ByteBuf payload) {
				EncodedMessageTests.this.reader.release();
				EncodedMessageTests.this.sink.onText(payload);
			}

		}, this.extension);
		read(new ServerFrames().hex("C107" + HELLO).frame(0x81, "never"), 100);
		assertThat(this.sink.events).containsExactly("text Hello");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 1000 })
	void messagesThatAreForgottenLeaveNothing(int pieceSize) {
		this.reader = new MessageReader(MAX_MESSAGE_SIZE, MAX_MESSAGE_SIZE, this.allocator, this.sink,
				new PerMessageDeflateOffer(Compression.defaults()).accept(new ExtensionAnswer("permessage-deflate",
						List.of(new Parameter("server_no_context_takeover", null)))));
		for (int i = 0; i < 3; i++) {
			read(new ServerFrames().hex("C107" + HELLO), pieceSize);
			assertThat(this.allocator.metric().usedHeapMemory()).isZero();
			read(new ServerFrames().hex("4103 f248cd 8004 c9c90700"), pieceSize);
			assertThat(this.allocator.metric().usedHeapMemory()).isZero();
		}
		assertThat(this.sink.events).hasSize(6).containsOnly("text Hello");
	}

	private void assertRefused(String hex, int code, String section, String message) {
		ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class,
				() -> read(new ServerFrames().hex(hex), 1000));
		assertThat(violation).hasMessage(message);
		assertThat(violation.closeCode()).isEqualTo(code);
		assertThat(violation.section()).isEqualTo(section);
	}

	private void read(ServerFrames frames, int pieceSize) {
		byte[] bytes = frames.toByteArray();
		for (int i = 0; i < bytes.length; i += pieceSize) {
			ByteBuf in = Unpooled.copiedBuffer(bytes, i, Math.min(pieceSize, bytes.length - i));
			this.reader.read(in);
			assertThat(in.isReadable()).as("something is unread").isFalse();
		}
	}

	private static byte[] deflate(byte[] payload, int level) {
		Deflater deflater = new Deflater(level, true);
		deflater.setInput(payload);
		byte[] message = new byte[payload.length + 1000];
		int size = deflater.deflate(message, 0, message.length, Deflater.SYNC_FLUSH);
		deflater.end();
		return Arrays.copyOf(message, size - 4);
	}

}
