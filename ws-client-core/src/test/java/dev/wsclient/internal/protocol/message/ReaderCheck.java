package dev.wsclient.internal.protocol.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer.Parameter;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.internal.protocol.frame.Opcode;
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

	private static final int MAX_CONTROL_PAYLOAD = 125;

	private static final byte[] VALID_FRAME = { (byte) 0x81, 1, 'x' };

	/**
	 * The window of an inflater, twice as it moves, and smaller things.
	 */
	private static final int INFLATER_MEMORY = 128 * 1024;

	/**
	 * So little that many streams don't fit at once.
	 */
	private static final int SCRATCH_SIZE = 40;

	private final byte[] stream;

	private final Session session;

	private final @Nullable Extension extension;

	private ReaderCheck(byte[] stream, Session session) {
		this.stream = stream;
		this.session = session;
		this.extension = session.newExtension();
	}

	/**
	 * Checks a stream.
	 */
	static void check(byte[] stream, Session session) {
		ReaderCheck check = new ReaderCheck(stream, session);
		check.check();
		if (check.extension != null) {
			check.extension.release();
		}
	}

	private void check() {
		int size = this.stream.length;
		Outcome whole = read(Sink.RECORDS, 0, size);
		int pieceSize = 2 + size % 50;
		for (Outcome outcome : List.of(read(Sink.RECORDS, 0, 1), read(Sink.THROWS, 0, size), readDirect(size),
				readDirect(pieceSize), read(Sink.RECORDS, 0, pieceSize))) {
			if (!outcome.equals(whole)) {
				throw new AssertionError("In another way it is " + outcome + ", but at first it was " + whole);
			}
		}
		StrictReader oracle = this.session.readStrictly(this.stream);
		if (!oracle.allows(whole.events, whole.fault)) {
			throw new AssertionError("Expected " + oracle + ", but was " + whole);
		}
		Outcome stopped = read(Sink.STOPS, 1 + size % 7, size);
		int events = Math.min(stopped.events.size(), whole.events.size());
		assertThat(stopped.events).as("events before a stop").isEqualTo(whole.events.subList(0, events));
	}

	/**
	 * Reads bytes that come from outside the heap, as those of a socket do.
	 */
	private Outcome readDirect(int pieceSize) {
		return read(Sink.RECORDS, 0, pieceSize, true);
	}

	private Outcome read(Sink kind, int lastCall, int pieceSize) {
		return read(kind, lastCall, pieceSize, false);
	}

	private Outcome read(Sink kind, int lastCall, int pieceSize, boolean direct) {
		PeakAllocator allocator = new PeakAllocator();
		CheckedSink sink = new CheckedSink(kind, lastCall);
		MessageReader reader = this.session.newReader(allocator, sink, this.extension);
		sink.reader = reader;
		int fault = 0;
		for (int i = 0; i < this.stream.length && fault == 0; i += pieceSize) {
			fault = read(reader, direct,
					Arrays.copyOfRange(this.stream, i, Math.min(i + pieceSize, this.stream.length)));
		}
		if (fault != 0) {
			int calls = sink.calls;
			assertThat(read(reader, direct, VALID_FRAME)).as("second fault").isZero();
			assertThat(sink.calls).as("calls, with those after a fault").isEqualTo(calls);
		}
		else {
			reader.release();
		}
		sink.check();
		assertThat(allocator.used()).as("bytes leaked").isZero();
		assertThat(allocator.peak()).as("bytes taken").isLessThanOrEqualTo(allowedMemory());
		return new Outcome(sink.events, fault);
	}

	// A buffer that grows is there twice for a moment. Only what is inflated may be more
	// than what came
	private long allowedMemory() {
		long came = this.session.streams ? MAX_CONTROL_PAYLOAD : 4L * this.stream.length + 512;
		long inflated = this.session.streams ? 0 : 2L * this.session.maxMessageSize;
		return (this.extension != null) ? came + inflated + INFLATER_MEMORY : came;
	}

	private static int read(MessageReader reader, boolean direct, byte[] piece) {
		ByteBuf in = direct ? Unpooled.directBuffer(piece.length).writeBytes(piece) : Unpooled.copiedBuffer(piece);
		int fault = readAll(reader, in);
		// Not by AssertJ: a microsecond for each byte would be most of the time
		if (in.isReadable() || in.refCnt() > 1) {
			throw new AssertionError("Something is unread, or kept by the reader");
		}
		in.setZero(0, in.capacity());
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
	 * What a reader is set up for.
	 *
	 * @param maxMessageSize the largest message
	 * @param maxFrameSize the largest data frame
	 * @param windowBits how far back the server may refer, 0 without permessage-deflate
	 * @param forgets whether each compressed message stands alone
	 * @param streams whether messages are of any size and come in pieces
	 */
	record Session(int maxMessageSize, int maxFrameSize, int windowBits, boolean forgets, boolean streams) {

		private @Nullable Extension newExtension() {
			if (this.windowBits == 0) {
				return null;
			}
			List<Parameter> parameters = new ArrayList<>();
			parameters.add(new Parameter("server_max_window_bits", Integer.toString(this.windowBits)));
			if (this.forgets) {
				parameters.add(new Parameter("server_no_context_takeover", null));
			}
			return new PerMessageDeflateOffer(Compression.defaults())
				.accept(new ExtensionAnswer("permessage-deflate", parameters));
		}

		private MessageReader newReader(ByteBufAllocator allocator, MessageSink sink, @Nullable Extension extension) {
			return this.streams ? MessageReader.streaming(this.maxFrameSize, allocator, sink, extension)
					: new MessageReader(this.maxMessageSize, this.maxFrameSize, allocator, sink, extension,
							Unpooled.buffer(SCRATCH_SIZE));
		}

		private StrictReader readStrictly(byte[] stream) {
			return StrictReader.read(stream, this.streams ? Integer.MAX_VALUE : this.maxMessageSize, this.maxFrameSize,
					(this.windowBits > 0) ? new StrictInflate(this.windowBits) : null, this.forgets);
		}

	}

	/**
	 * What a sink does beside recording.
	 */
	private enum Sink {

		RECORDS, THROWS, STOPS

	}

	/**
	 * Records the events, those of whole messages also if they come in pieces, and throws
	 * at each call or stops the reader at a call.
	 */
	private static final class CheckedSink extends RecordingSink {

		private final Sink kind;

		private final int lastCall;

		private @Nullable MessageReader reader;

		private int calls;

		private ByteArrayOutputStream message = new ByteArrayOutputStream();

		private boolean inMessage;

		private boolean text;

		CheckedSink(Sink kind, int lastCall) {
			this.kind = kind;
			this.lastCall = lastCall;
		}

		@Override
		public boolean wantsStrings() {
			return this.calls % 2 == 1;
		}

		@Override
		public void onText(ByteBuf payload, String text) {
			if (!text.equals(payload.toString(StandardCharsets.UTF_8))) {
				throw new AssertionError("The string is not that of the bytes: " + text);
			}
			onText(payload);
		}

		@Override
		public void onFragment(int opcode, ByteBuf payload, boolean first, boolean last) {
			if (first == this.inMessage || !(last || payload.isReadable())) {
				throw new AssertionError("Piece is out of place, or empty");
			}
			this.inMessage = !last;
			this.text = opcode == Opcode.TEXT;
			this.message.writeBytes(ByteBufUtil.getBytes(payload));
			if (last) {
				ByteBuf whole = Unpooled.wrappedBuffer(this.message.toByteArray());
				this.message = new ByteArrayOutputStream();
				if (this.text) {
					super.onText(whole);
				}
				else {
					super.onBinary(whole);
				}
			}
			else {
				act();
			}
		}

		@Override
		void record(String event) {
			super.record(event);
			act();
		}

		private void act() {
			this.calls++;
			if (this.kind == Sink.THROWS) {
				throw new SinkFailure();
			}
			if (this.kind == Sink.STOPS && this.calls >= this.lastCall) {
				assertThat(this.calls).as("calls, with those after a stop").isEqualTo(this.lastCall);
				Objects.requireNonNull(this.reader).stop();
			}
		}

		void check() {
			if (this.inMessage && this.text) {
				assertThat(StrictReader.isUtf8Start(this.message.toByteArray())).as("text so far").isTrue();
			}
		}

	}

}
