package dev.wsclient.internal.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.internal.protocol.frame.ServerFrames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link MessageReader}.
 */
class MessageReaderTests {

	private static final int MAX_MESSAGE_SIZE = 1024 * 1024;

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

	private final RecordingSink sink = new RecordingSink();

	private MessageReader reader = new MessageReader(MAX_MESSAGE_SIZE, this.allocator, this.sink);

	@AfterEach
	void nothingIsKept() {
		this.reader.release();
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
		assertThat(this.allocator.metric().usedDirectMemory()).isZero();
	}

	@Test
	void messagesAreReadInOrder() {
		read(new ServerFrames().frame(0x81, "Hello")
			.frame(0x82, new byte[] { 1, 2 })
			.frame(0x89, "hi")
			.frame(0x8A, "")
			.frame(0x81, ""));
		assertEvents("text Hello", "binary 0102", "ping 6869", "pong ", "text ");
	}

	@Test
	void messageInTheReadBufferIsHandedOnInPlace() {
		ByteBuf in = Unpooled.wrappedBuffer(new ServerFrames().frame(0x81, "one").frame(0x82, "two").toByteArray());
		MessageReader inPlace = new MessageReader(10, this.allocator, new RecordingSink() {

			@Override
			public void onText(ByteBuf payload) {
				assertThat(payload).isSameAs(in);
				assertThat(payload.toString(StandardCharsets.UTF_8)).isEqualTo("one");
			}

			@Override
			public void onBinary(ByteBuf payload) {
				assertThat(payload).isSameAs(in);
				assertThat(payload.readSlice(3).toString(StandardCharsets.UTF_8)).isEqualTo("two");
			}

		});
		inPlace.read(in);
		assertThat(in.isReadable()).isFalse();
		assertThat(in.refCnt()).isOne();
	}

	@Test
	void messagesOutsideTheHeapAreHandedOnInScratchMemory() {
		ByteBuf in = Unpooled.directBuffer();
		ServerFrames frames = new ServerFrames();
		List<String> expected = new ArrayList<>();
		for (int i = 0; in.readableBytes() + frames.toByteArray().length < 50_000; i++) {
			String text = "Grüße " + "x".repeat(i % 300);
			frames.frame(0x81, text);
			expected.add("text " + text);
			if (i % 50 == 0) {
				frames.frame(0x89, "1").frame(0x01, "a").frame(0x80, "b");
				expected.addAll(List.of("ping 31", "text ab"));
			}
		}
		in.writeBytes(frames.toByteArray());
		MessageReader direct = new MessageReader(1000, this.allocator, new RecordingSink() {

			@Override
			public void onText(ByteBuf payload) {
				assertThat(payload.hasArray()).isTrue();
				super.onText(payload);
			}

			@Override
			void record(String event) {
				MessageReaderTests.this.sink.record(event);
			}

		});
		direct.read(in);
		assertThat(this.sink.events).isEqualTo(expected);
		assertThat(in.isReadable()).isFalse();
		in.release();
	}

	@Test
	void textIsDecodedAtOnceForASinkThatWantsStrings() {
		this.reader = new MessageReader(100, this.allocator, new RecordingSink() {

			@Override
			public boolean wantsStrings() {
				return true;
			}

			@Override
			public void onText(ByteBuf payload, String text) {
				MessageReaderTests.this.sink.record("string " + text);
			}

			@Override
			public void onText(ByteBuf payload) {
				MessageReaderTests.this.sink.onText(payload);
			}

		});
		this.reader.read(Unpooled.wrappedBuffer(
				new ServerFrames().frame(0x81, "Grüße").frame(0x81, "ascii").frame(0x81, "\uFFFD").toByteArray()));
		assertEvents("string Grüße", "string ascii", "text \uFFFD");
		ByteBuf bad = Unpooled.wrappedBuffer(new ServerFrames().hex("8102 c328").toByteArray());
		assertThat(catchThrowableOfType(ProtocolViolation.class, () -> this.reader.read(bad)).closeCode())
			.isEqualTo(1007);
	}

	@Test
	void fragmentsBecomeOneMessage() {
		read(new ServerFrames().frame(0x01, "Hel").frame(0x00, "").frame(0x00, "l").frame(0x80, "o").frame(0x81, "!"));
		assertEvents("text Hello", "text !");
	}

	@Test
	void emptyFragmentsBecomeAnEmptyMessage() {
		read(new ServerFrames().frame(0x02, "").frame(0x00, "").frame(0x80, ""));
		assertEvents("binary ");
	}

	@Test
	void controlFramesMayStandBetweenFragments() {
		read(new ServerFrames().frame(0x01, "a")
			.frame(0x89, "1")
			.frame(0x8A, "2")
			.frame(0x00, "b")
			.frame(0x89, "3")
			.frame(0x80, "c"));
		assertEvents("ping 31", "pong 32", "ping 33", "text abc");
	}

	@Test
	void closeBetweenFragmentsEndsTheMessage() {
		read(new ServerFrames().frame(0x01, "a").hex("8802 03E9").frame(0x80, "b"));
		assertEvents("close 1001 ");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4, 5, 124, 125, 126, 127, 128, 129, 65535, 65536, 65537, 65538, 65539 })
	void messageOfAnyLengthIsRead(int length) {
		read(new ServerFrames().frame(0x81, "x".repeat(length)).frame(0x81, "end"));
		assertEvents("text " + "x".repeat(length), "text end");
	}

	@ParameterizedTest
	@ValueSource(strings = { "8000", "0000", "80054142434445" })
	void continuationWithoutMessageIsRefused(String hex) {
		assertRefused(new ServerFrames().frame(0x81, "a").hex(hex).frame(0x81, "b"), 1002, "5.4",
				"Continuation frame must follow a fragment, but no message was in progress");
		assertEvents("text a");
	}

	@ParameterizedTest
	@CsvSource({ "81, text", "01, text", "82, binary" })
	void newMessageWithinMessageIsRefused(String firstByte, String frame) {
		assertRefused(new ServerFrames().frame(0x02, "a").hex(firstByte + "00"), 1002, "5.4",
				"Fragmented message must be continued by a continuation frame, but a " + frame + " frame came");
		assertEvents();
	}

	@Test
	void violationOfAFrameComesThroughAfterWhatWasValid() {
		assertRefused(new ServerFrames().frame(0x81, "a").hex("C100").frame(0x81, "b"), 1002, "5.2",
				"Reserved bits must be 0 without an extension that defines them, but RSV1 was set in a text frame");
		assertEvents("text a");
	}

	@ParameterizedTest
	@CsvSource({ "8800, 1005, ''", "880203E8, 1000, ''", "880503E8E282AC, 1000, \u20ac", "88020BB8, 3000, ''",
			"88021387, 4999, ''", "880503F0627965, 1008, bye" })
	void closeIsRead(String hex, int code, String reason) {
		read(new ServerFrames().hex(hex));
		assertEvents("close " + code + " " + reason);
	}

	@Test
	void everyCloseCodeIsJudged() {
		for (int code = 0; code <= 0xFFFF; code++) {
			boolean legal = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
					|| (code >= 3000 && code <= 4999);
			this.reader = new MessageReader(0, this.allocator, this.sink);
			ProtocolViolation violation = readUntilViolation(
					new ServerFrames().frame(0x88, new byte[] { (byte) (code >> 8), (byte) code }).toByteArray());
			if (legal != (violation == null)) {
				assertThat(violation == null).as("code %d is legal", code).isEqualTo(legal);
			}
		}
		assertThat(this.sink.events).hasSize(4 + 8 + 2000).contains("close 1014 ").doesNotContain("close 1005 ");
	}

	@ParameterizedTest
	@CsvSource({ "880100, 1002, 5.5.1, 'Close frame must have no body or one of at least 2 bytes, had 1 byte'",
			"880203EE, 1002, 7.4, 'Close code must be 1000-1003, 1007-1014 or 3000-4999, was 1006'",
			"880503E841FF42, 1007, 8.1, 'Close reason must be UTF-8, but byte 0xFF can''t stand at offset 1'",
			"880403E8E282, 1007, 8.1, 'Close reason must be UTF-8, but it ends within a character after 2 bytes'" })
	void badCloseIsRefused(String hex, int code, String section, String message) {
		assertRefused(new ServerFrames().hex(hex).frame(0x81, "x"), code, section, message);
		assertEvents();
	}

	@Test
	void nothingIsReadAfterClose() {
		read(new ServerFrames().hex("8800").frame(0x81, "x").hex("FFFF"));
		read(new ServerFrames().frame(0x81, "y"));
		assertEvents("close 1005 ");
	}

	@Test
	void nothingIsReadAfterAViolation() {
		assertRefused(new ServerFrames().hex("8F00"), 1002, "5.2", "Opcode must be 0x0-0x2 or 0x8-0xA, was 0xF");
		read(new ServerFrames().frame(0x81, "y").hex("FFFF"));
		assertEvents();
	}

	@ParameterizedTest
	@CsvSource({ "8103 41FF, FF, 1", "8103 C0, C0, 0", "8105 ED A0, A0, 1", "817F0000000000080000 F490, 90, 1" })
	void badTextIsRefusedBeforeTheFrameEnds(String hex, String value, int offset) {
		assertRefused(new ServerFrames().hex(hex), 1007, "8.1",
				"Text message must be UTF-8, but byte 0x" + value + " can't stand at offset " + offset);
	}

	@Test
	void badTextIsRefusedBeforeTheMessageEnds() {
		assertRefused(new ServerFrames().hex("0102 41E2 89 00 0003 82 AC 80"), 1007, "8.1",
				"Text message must be UTF-8, but byte 0x80 can't stand at offset 4");
		assertEvents("ping ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "8102 41E2", "0101 41 8001 E2", "0102 41E2 8000", "8102 41F0" })
	void textThatEndsWithinACharacterIsRefused(String hex) {
		assertRefused(new ServerFrames().hex(hex), 1007, "8.1",
				"Text message must be UTF-8, but it ends within a character after 2 bytes");
	}

	@Test
	void charactersMayBeSplitBetweenFragmentsButBinaryIsNotText() {
		read(new ServerFrames().hex("0101 E2 0001 82 8001 AC").hex("8201 FF 0201 E2 8000"));
		assertEvents("text \u20ac", "binary ff", "binary e2");
	}

	@ParameterizedTest
	@CsvSource({ "827F4000000000000000, 4611686018427387904", "827F0000000000900000, 9437184",
			"827F0000000000100001, 1048577", "827F7FFFFFFFFFFFFFFF, 9223372036854775807" })
	void declaredLengthAboveTheLimitIsRefusedBeforeMemoryIsTaken(String header, String length) {
		assertRefused(new ServerFrames().hex(header).hex("00"), 1009, "10.4",
				"Message must be of at most 1048576 bytes (maxMessageSize), but a frame declares " + length + " bytes");
	}

	@Test
	void sumOfFragmentsAboveTheLimitIsRefused() {
		this.reader = new MessageReader(10, this.allocator, this.sink);
		read(new ServerFrames().frame(0x02, "12345").frame(0x80, "67890").frame(0x02, "12345"));
		assertRefused(new ServerFrames().hex("8006"), 1009, "10.4",
				"Message must be of at most 10 bytes (maxMessageSize), but a frame declares 6 bytes after 5");
		assertEvents("binary 31323334353637383930");
	}

	@ParameterizedTest
	@CsvSource({ "8203, 3", "0203, 3", "8003, 3", "827E0100, 256" })
	void frameAboveItsLimitIsRefused(String header, int length) {
		this.reader = new MessageReader(1000, 2, this.allocator, this.sink, null);
		read(new ServerFrames().frame(0x82, "12").frame(0x89, "123"));
		if (header.startsWith("80")) {
			read(new ServerFrames().frame(0x02, "1"));
		}
		assertRefused(new ServerFrames().hex(header), 1009, "10.4",
				"Frame must be of at most 2 bytes (maxFrameSize), but one declares " + length);
		assertEvents("binary 3132", "ping 313233");
	}

	@Test
	void memoryIsTakenForBytesThatCame() {
		this.reader = new MessageReader(Integer.MAX_VALUE, this.allocator, this.sink);
		read(new ServerFrames().hex("827F0000000000900000").hex("00".repeat(1000)));
		assertThat(this.allocator.metric().usedHeapMemory()).isBetween(1000L, 2000L);
		read(new ServerFrames().hex("00".repeat(20_000)));
		assertThat(this.allocator.metric().usedHeapMemory()).isBetween(21_000L, 64 * 1024L);
	}

	@Test
	void messageInPiecesTakesNoMoreMemoryThanItNeeds() {
		byte[] frame = new ServerFrames().frame(0x82, new byte[100_000]).toByteArray();
		for (int i = 0; i < frame.length - 1; i += 1000) {
			this.reader.read(Unpooled.wrappedBuffer(frame, i, Math.min(1000, frame.length - 1 - i)));
			assertThat(this.allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(100_000);
		}
		assertThat(this.allocator.metric().usedHeapMemory()).isEqualTo(100_000);
	}

	@Test
	void emptyFragmentsTakeNoMemoryAndAreCounted() {
		ServerFrames frames = new ServerFrames().hex("0100").hex("0000".repeat(10_000));
		read(frames);
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
		read(new ServerFrames().hex("0000".repeat(CurrentMessage.MAX_FRAGMENTS - 10_001)));
		assertRefused(new ServerFrames().hex("0000"), 1009, "10.4",
				"Message must have at most 262144 fragments, but another one came");
	}

	@Test
	void fragmentsAreCountedForEachMessage() {
		for (int i = 0; i < 2; i++) {
			read(new ServerFrames().hex("0100").hex("0000".repeat(CurrentMessage.MAX_FRAGMENTS - 2)).hex("8000"));
		}
		assertEvents("text ", "text ");
	}

	@Test
	void stopWithinACallEndsReading() {
		this.reader = new MessageReader(10, this.allocator, new RecordingSink() {

			@Override
			void record(String event) {
				MessageReaderTests.this.sink.record(event);
				MessageReaderTests.this.reader.stop();
			}

		});
		read(new ServerFrames().frame(0x81, "a").frame(0x81, "b").hex("FFFF"));
		read(new ServerFrames().frame(0x81, "c"));
		assertEvents("text a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0101 61 8001 62", "0101 61 8901 31 8001 62", "8102 6162" })
	void releaseWithinACallLeavesThePayloadValid(String hex) {
		this.reader = new MessageReader(10, this.allocator, new RecordingSink() {

			@Override
			public void onText(ByteBuf payload) {
				MessageReaderTests.this.reader.release();
				MessageReaderTests.this.sink.onText(payload);
			}

			@Override
			public void onPing(ByteBuf payload) {
				MessageReaderTests.this.reader.release();
				MessageReaderTests.this.sink.onPing(payload);
			}

		});
		byte[] frames = new ServerFrames().hex(hex).toByteArray();
		for (byte value : frames) {
			this.reader.read(Unpooled.wrappedBuffer(new byte[] { value }));
		}
		assertEvents(hex.contains("89") ? "ping 31" : "text ab");
	}

	@Test
	void exceptionOfTheSinkComesThroughAndReadingGoesOn() {
		this.reader = new MessageReader(10, this.allocator, new RecordingSink() {

			@Override
			void record(String event) {
				MessageReaderTests.this.sink.record(event);
				throw new IllegalStateException(event);
			}

		});
		ByteBuf in = Unpooled.wrappedBuffer(
				new ServerFrames().frame(0x81, "a").frame(0x01, "b").frame(0x80, "c").frame(0x89, "d").toByteArray());
		assertThatIllegalStateException().isThrownBy(() -> this.reader.read(in)).withMessage("text a");
		assertThatIllegalStateException().isThrownBy(() -> this.reader.read(in)).withMessage("text bc");
		assertThatIllegalStateException().isThrownBy(() -> this.reader.read(in)).withMessage("ping 64");
		assertThat(in.isReadable()).isFalse();
	}

	@Test
	void releaseFreesWhatWasKept() {
		read(new ServerFrames().frame(0x01, "abc").hex("8905 01"));
		assertThat(this.allocator.metric().usedHeapMemory()).isPositive();
		this.reader.release();
		this.reader.release();
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
		read(new ServerFrames().hex("02030405").frame(0x80, "x").frame(0x81, "y"));
		assertEvents();
	}

	@Test
	void negativeLimitIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new MessageReader(-1, this.allocator, this.sink))
			.withMessage("Largest message and frame must be of 0 bytes or more, were -1 and 2147483647");
	}

	private void read(ServerFrames frames) {
		ByteBuf in = Unpooled.wrappedBuffer(frames.toByteArray());
		this.reader.read(in);
		assertThat(in.isReadable()).as("something is unread").isFalse();
	}

	private @Nullable ProtocolViolation readUntilViolation(byte[] bytes) {
		try {
			this.reader.read(Unpooled.wrappedBuffer(bytes));
			return null;
		}
		catch (ProtocolViolation ex) {
			return ex;
		}
	}

	private void assertRefused(ServerFrames frames, int code, String section, String message) {
		ByteBuf in = Unpooled.wrappedBuffer(frames.toByteArray());
		ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class, () -> this.reader.read(in));
		assertThat(violation).as(HexFormat.of().formatHex(in.array())).hasMessage(message);
		assertThat(violation.closeCode()).isEqualTo(code);
		assertThat(violation.section()).isEqualTo("RFC 6455, " + section);
		assertThat(in.isReadable()).as("something is unread").isFalse();
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
	}

	private void assertEvents(String... events) {
		assertThat(this.sink.events).containsExactly(events);
	}

}
