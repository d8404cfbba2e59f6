package dev.wsclient.internal.protocol.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer.Parameter;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.leak.PeakAllocator;
import dev.wsclient.options.Compression;
import dev.wsclient.oracle.StrictInflate;
import dev.wsclient.oracle.StrictReader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks that a {@link MessageReader} makes of any stream what {@link StrictReader} makes
 * of it, however it is cut and whatever the sink does, that it takes no more memory than
 * came or is allowed, and that it frees all of it.
 */
final class ReaderCheck {

	private static final byte[] VALID_FRAME = { (byte) 0x81, 1, 'x' };

	/**
	 * The window of an inflater, twice as it moves, and smaller things.
	 */
	private static final int INFLATER_MEMORY = 128 * 1024;

	private final byte[] stream;

	private final int maxMessageSize;

	private final @Nullable Extension extension;

	private final StrictReader expected;

	private ReaderCheck(byte[] stream, int maxMessageSize, @Nullable Extension extension, StrictReader expected) {
		this.stream = stream;
		this.maxMessageSize = maxMessageSize;
		this.extension = extension;
		this.expected = expected;
	}

	/**
	 * Checks a stream of a session without extension.
	 */
	static void check(byte[] stream, int maxMessageSize) {
		new ReaderCheck(stream, maxMessageSize, null, StrictReader.read(stream, maxMessageSize, null, false)).check();
	}

	/**
	 * Checks a stream of a session with permessage-deflate.
	 * @param windowBits how far back the server may refer
	 * @param forgets whether each compressed message stands alone
	 */
	static void checkDeflate(byte[] stream, int maxMessageSize, int windowBits, boolean forgets) {
		List<Parameter> parameters = new ArrayList<>();
		parameters.add(new Parameter("server_max_window_bits", Integer.toString(windowBits)));
		if (forgets) {
			parameters.add(new Parameter("server_no_context_takeover", null));
		}
		Extension extension = new PerMessageDeflateOffer(Compression.defaults())
			.accept(new ExtensionAnswer("permessage-deflate", parameters));
		new ReaderCheck(stream, maxMessageSize, extension,
				StrictReader.read(stream, maxMessageSize, new StrictInflate(windowBits), forgets))
			.check();
		extension.release();
	}

	private void check() {
		Outcome whole = read(new RecordingSink(), this.stream.length);
		Random random = new Random(this.stream.length);
		for (Outcome outcome : List.of(read(new RecordingSink(), 1), read(new ThrowingSink(), this.stream.length),
				read(new KeepingSink(), this.stream.length), read(new KeepingSink(), 1 + random.nextInt(50)))) {
			if (!outcome.equals(whole)) {
				throw new AssertionError("In another way it is " + outcome + ", but at first it was " + whole);
			}
		}
		if (!this.expected.allows(whole.events, whole.fault)) {
			throw new AssertionError("Expected " + this.expected + ", but was " + whole);
		}
		if (!whole.events.isEmpty()) {
			int last = random.nextInt(whole.events.size()) + 1;
			StoppingSink stopping = new StoppingSink(last);
			assertThat(read(stopping, this.stream.length)).isEqualTo(new Outcome(whole.events.subList(0, last), 0));
		}
	}

	private Outcome read(RecordingSink sink, int pieceSize) {
		PeakAllocator allocator = new PeakAllocator();
		MessageReader reader = new MessageReader(this.maxMessageSize, Integer.MAX_VALUE, allocator, sink,
				this.extension);
		if (sink instanceof StoppingSink stopping) {
			stopping.reader = reader;
		}
		int fault = 0;
		for (int i = 0; i < this.stream.length && fault == 0; i += pieceSize) {
			fault = read(reader, sink, Arrays.copyOfRange(this.stream, i, Math.min(i + pieceSize, this.stream.length)));
		}
		if (fault != 0) {
			List<String> before = List.copyOf(sink.events);
			assertThat(read(reader, sink, VALID_FRAME)).as("second fault").isZero();
			assertThat(sink.events).as("events after a fault").isEqualTo(before);
		}
		else {
			reader.release();
		}
		if (sink instanceof KeepingSink keeping) {
			keeping.checkAndRelease();
		}
		else {
			assertThat(allocator.peak()).as("bytes taken").isLessThanOrEqualTo(allowedMemory());
		}
		assertThat(allocator.used()).as("bytes leaked").isZero();
		return new Outcome(sink.events, fault);
	}

	// A buffer that grows is there twice for a moment. Only what is inflated may be more
	// than what came
	private long allowedMemory() {
		long came = 4L * this.stream.length + 512;
		return (this.extension != null) ? came + 2L * this.maxMessageSize + INFLATER_MEMORY : came;
	}

	private static int read(MessageReader reader, RecordingSink sink, byte[] piece) {
		ByteBuf in = Unpooled.copiedBuffer(piece);
		int fault = readAll(reader, in);
		// Not by AssertJ: a microsecond for each byte would be most of the time
		if (in.isReadable() || (in.refCnt() > 1 && !(sink instanceof KeepingSink))) {
			throw new AssertionError("Something is unread, or kept by the reader");
		}
		if (in.refCnt() == 1) {
			in.setZero(0, in.capacity());
		}
		in.release();
		return fault;
	}

	private static int readAll(MessageReader reader, ByteBuf in) {
		try {
			boolean more = true;
			while (more) {
				more = readOn(reader, in);
			}
			return 0;
		}
		catch (ProtocolViolation ex) {
			assertPresentable(ex);
			return ex.closeCode();
		}
	}

	// Whether the sink threw, so that there may be more to read
	private static boolean readOn(MessageReader reader, ByteBuf in) {
		try {
			reader.read(in);
			return false;
		}
		catch (SinkFailure ex) {
			return true;
		}
	}

	// It goes to logs, and to the server
	private static void assertPresentable(ProtocolViolation violation) {
		assertThat(violation.getMessage()).matches("[ -~]{20,300}");
		assertThat(violation.section()).matches("RFC (6455|7692), [0-9.]+");
		assertThat(violation.closeStatus().code()).isEqualTo(violation.closeCode());
	}

	/**
	 * What a stream led to.
	 *
	 * @param events the events
	 * @param fault the close code, 0 if there is none
	 */
	private record Outcome(List<String> events, int fault) {

	}

	/**
	 * Comes out of the sink.
	 */
	private static final class SinkFailure extends RuntimeException {

		SinkFailure() {
			super(null, null, false, false);
		}

	}

	/**
	 * Throws at each event.
	 */
	private static final class ThrowingSink extends RecordingSink {

		@Override
		void record(String event) {
			super.record(event);
			throw new SinkFailure();
		}

	}

	/**
	 * Stops the reader at an event.
	 */
	private static final class StoppingSink extends RecordingSink {

		private final int last;

		private @Nullable MessageReader reader;

		StoppingSink(int last) {
			this.last = last;
		}

		@Override
		void record(String event) {
			super.record(event);
			if (this.events.size() == this.last) {
				Objects.requireNonNull(this.reader).stop();
			}
		}

	}

	/**
	 * Keeps the payload of all messages, which must stay as it was.
	 */
	private static final class KeepingSink extends RecordingSink {

		private final List<ByteBuf> slices = new ArrayList<>();

		private final List<ByteBuf> copies = new ArrayList<>();

		@Override
		public void onText(ByteBuf payload) {
			keep(payload);
			super.onText(payload);
		}

		@Override
		public void onBinary(ByteBuf payload) {
			keep(payload);
			super.onBinary(payload);
		}

		private void keep(ByteBuf payload) {
			this.slices.add(payload.retainedSlice());
			this.copies.add(Unpooled.copiedBuffer(payload));
		}

		void checkAndRelease() {
			assertThat(this.slices.equals(this.copies)).as("what was kept is as it was").isTrue();
			this.slices.forEach(ByteBuf::release);
		}

	}

}
