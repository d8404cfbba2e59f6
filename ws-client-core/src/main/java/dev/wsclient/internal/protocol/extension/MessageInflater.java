package dev.wsclient.internal.protocol.extension;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import dev.wsclient.CloseStatus;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;

/**
 * Inflates messages in pieces of any size
 * (<a href="https://www.rfc-editor.org/rfc/rfc7692#section-7.2.2">RFC 7692, section
 * 7.2.2</a>, <a href="https://www.rfc-editor.org/rfc/rfc1951">RFC 1951</a>).
 * <p>
 * Knows at each bit where in a block it stands, so the end of a message is proven: it
 * must be where the {@code 00 00 FF FF} that the sender left out makes the last block
 * whole, which is right behind the header of a stored block. A final block may also be
 * the end of a message; blocks behind it belong to the same history.
 */
final class MessageInflater implements PayloadDecoder {

	/**
	 * The most bits that a length and a distance with their extra bits take, and
	 * therefore what must be known at once.
	 */
	private static final int MAX_MATCH_BITS = 48;

	/**
	 * The most whole bytes of bits that there is always room for.
	 */
	private static final int MAX_BUFFERED = 56;

	private static final int INPUT_SIZE = 2048;

	private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private final InflateWindow window;

	private final boolean keepsHistory;

	private final BlockCodes codes = new BlockCodes();

	private final byte[] input = new byte[INPUT_SIZE];

	private int position;

	private int inputEnd;

	/**
	 * Bits that were taken from the input, the next one lowest; 0 above the last one.
	 */
	private long bits;

	private int bitCount;

	private State state = State.BLOCK_HEADER;

	private boolean finalBlock;

	/**
	 * How many bytes of a stored block are still to come.
	 */
	private int stored;

	private boolean full;

	/**
	 * How many bytes of the message were taken.
	 */
	private long consumed;

	MessageInflater(ByteBufAllocator allocator, int windowBits, boolean keepsHistory) {
		this.window = new InflateWindow(allocator, windowBits);
		this.keepsHistory = keepsHistory;
	}

	@Override
	public boolean decode(ByteBuf in, int length, boolean last) {
		this.window.prepare();
		this.full = false;
		int left = length;
		do {
			int size = Math.min(left, INPUT_SIZE);
			in.getBytes(in.readerIndex(), this.input, 0, size);
			this.position = 0;
			this.inputEnd = size;
			while (step()) {
				// Until there is no more input or no more room
			}
			in.skipBytes(this.position);
			this.consumed += this.position;
			left -= this.position;
		}
		while (left > 0 && !this.full);
		if (!this.full && last) {
			endMessage();
		}
		return this.full;
	}

	private boolean step() {
		return switch (this.state) {
			case BLOCK_HEADER -> readBlockHeader();
			case STORED_LENGTH -> readStoredLength();
			case STORED -> copyStored();
			case CODES -> readCodes();
			case SYMBOLS -> readSymbols();
		};
	}

	private boolean readBlockHeader() {
		if (!has(3)) {
			return false;
		}
		this.finalBlock = take(1) == 1;
		switch (take(2)) {
			case 0 -> {
				take(this.bitCount % Byte.SIZE);
				this.state = State.STORED_LENGTH;
			}
			case 1 -> {
				this.codes.useFixed();
				this.state = State.SYMBOLS;
			}
			case 2 -> {
				this.codes.begin();
				this.state = State.CODES;
			}
			default -> throw damaged("a block is of the reserved type 3");
		}
		return true;
	}

	private boolean readStoredLength() {
		if (!has(2 * Short.SIZE)) {
			return false;
		}
		this.stored = take(Short.SIZE);
		if ((this.stored ^ take(Short.SIZE)) != 0xFFFF) {
			throw damaged("the length of a stored block differs from its complement");
		}
		this.state = State.STORED;
		return true;
	}

	private boolean copyStored() {
		InflateWindow window = this.window;
		while (this.stored > 0 && this.bitCount > 0 && window.end < window.limit) {
			window.bytes[window.end++] = (byte) take(Byte.SIZE);
			this.stored--;
		}
		if (this.bitCount == 0) {
			int size = Math.min(this.stored, Math.min(this.inputEnd - this.position, window.limit - window.end));
			System.arraycopy(this.input, this.position, window.bytes, window.end, size);
			this.position += size;
			window.end += size;
			this.stored -= size;
		}
		if (this.stored > 0) {
			this.full = window.end == window.limit;
			return false;
		}
		endBlock();
		return true;
	}

	private void endBlock() {
		if (this.finalBlock) {
			// What follows is another stream, which begins with a byte (RFC 7692,
			// section 7.2.3.4)
			take(this.bitCount % Byte.SIZE);
		}
		this.state = State.BLOCK_HEADER;
	}

	private boolean readCodes() {
		while (!this.codes.isComplete()) {
			refill();
			int used = this.codes.read(this.bits, this.bitCount);
			if (used == BlockCodes.INCOMPLETE) {
				return false;
			}
			if (used == BlockCodes.BAD) {
				throw damaged("the codes of a block are not valid");
			}
			take(used);
		}
		this.state = State.SYMBOLS;
		return true;
	}

	// Whether so many bits are known
	private boolean has(int count) {
		if (this.bitCount < count) {
			refill();
		}
		return this.bitCount >= count;
	}

	private void refill() {
		while (this.bitCount < MAX_BUFFERED && this.position < this.inputEnd) {
			this.bits |= (this.input[this.position++] & 0xFFL) << this.bitCount;
			this.bitCount += Byte.SIZE;
		}
	}

	private int take(int count) {
		int value = (int) (this.bits & ((1L << count) - 1));
		this.bits >>>= count;
		this.bitCount -= count;
		return value;
	}

	// The loop where the time goes, so its state is in local variables
	private boolean readSymbols() {
		HuffmanCode literals = this.codes.literals();
		HuffmanCode distances = this.codes.distances();
		InflateWindow window = this.window;
		byte[] in = this.input;
		int inputEnd = this.inputEnd;
		byte[] out = window.bytes;
		int end = window.end;
		int limit = window.limit;
		int position = this.position;
		long bits = this.bits;
		int bitCount = this.bitCount;
		boolean inBlock = true;
		while (inBlock && end < limit) {
			if (position <= inputEnd - Long.BYTES) {
				// Takes the whole bytes there is room for. Those bits of the word that
				// come out above bitCount are taken again, and are the same
				bits |= (long) WORDS.get(in, position) << bitCount;
				position += (Long.SIZE - 1 - bitCount) >>> 3;
				bitCount |= MAX_BUFFERED;
			}
			while (bitCount < MAX_BUFFERED && position < inputEnd) {
				bits |= (in[position++] & 0xFFL) << bitCount;
				bitCount += Byte.SIZE;
			}
			int symbol = literals.find(bits, bitCount);
			// Literals come in runs, of which several are known at once
			while ((symbol & HuffmanCode.LITERAL) != 0 && HuffmanCode.codeLength(symbol) <= bitCount && end < limit) {
				out[end++] = (byte) HuffmanCode.value(symbol);
				bits >>>= HuffmanCode.codeLength(symbol);
				bitCount -= HuffmanCode.codeLength(symbol);
				symbol = literals.find(bits, bitCount);
			}
			if (end == limit || (bitCount < MAX_MATCH_BITS && position < inputEnd)) {
				continue;
			}
			int used = HuffmanCode.codeLength(symbol) + HuffmanCode.extraBits(symbol);
			if (symbol == HuffmanCode.INCOMPLETE || used > bitCount) {
				break;
			}
			if ((symbol & HuffmanCode.END_OF_BLOCK) != 0) {
				inBlock = false;
			}
			else {
				int symbol2 = distances.find(bits >>> used, bitCount - used);
				int distanceStart = used + HuffmanCode.codeLength(symbol2);
				int used2 = distanceStart + HuffmanCode.extraBits(symbol2);
				if (symbol2 == HuffmanCode.INCOMPLETE || used2 > bitCount) {
					break;
				}
				int length = HuffmanCode.valueWithExtra(symbol, bits >>> HuffmanCode.codeLength(symbol));
				int distance = HuffmanCode.valueWithExtra(symbol2, bits >>> distanceStart);
				checkMatch(symbol | symbol2, end, distance);
				InflateWindow.repeat(out, end, distance, length);
				end += length;
				used = used2;
			}
			bits >>>= used;
			bitCount -= used;
		}
		window.end = end;
		this.position = position;
		this.bits = bits & ((1L << bitCount) - 1);
		this.bitCount = bitCount;
		if (inBlock) {
			this.full = end >= limit;
			return false;
		}
		endBlock();
		return true;
	}

	private void checkMatch(int symbols, int end, int distance) {
		if ((symbols & HuffmanCode.MEANINGLESS) != 0) {
			this.window.end = end;
			throw damaged("there are bits that stand for nothing");
		}
		if (!this.window.reaches(end, distance)) {
			this.window.end = end;
			throw damaged("something is repeated from " + distance + " bytes before, where nothing is");
		}
	}

	private void endMessage() {
		boolean whole = this.state == State.STORED_LENGTH || (this.state == State.BLOCK_HEADER && this.finalBlock);
		if (!whole || this.bitCount > 0) {
			throw violation("must end with an empty stored block less its last 4 bytes, but it ends "
					+ ((this.state == State.BLOCK_HEADER) ? "before one" : "within a block") + ", after "
					+ this.consumed + " bytes");
		}
		this.state = State.BLOCK_HEADER;
		this.finalBlock = false;
		this.consumed = 0;
		if (!this.keepsHistory) {
			this.window.forget();
		}
	}

	private ProtocolViolation damaged(String seen) {
		return violation("must be DEFLATE data, but " + seen + ", within the first " + (this.consumed + this.position)
				+ " bytes");
	}

	private static ProtocolViolation violation(String message) {
		return new ProtocolViolation(CloseStatus.INVALID_PAYLOAD.code(), "RFC 7692, 7.2.2",
				"Compressed message " + message);
	}

	@Override
	public ByteBuf decoded() {
		return this.window.piece();
	}

	@Override
	public void trim() {
		if (!this.keepsHistory) {
			this.window.release();
		}
	}

	@Override
	public void release() {
		this.window.release();
	}

	/**
	 * What the next bits are.
	 */
	private enum State {

		BLOCK_HEADER, STORED_LENGTH, STORED, CODES, SYMBOLS

	}

}
