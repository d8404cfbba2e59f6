package dev.wsclient.benchmarks.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * No client but a limit: a blocking loop that walks over frame headers, and makes a
 * {@code String} of each text if it is to. Checks nothing, answers no ping, knows neither
 * TLS nor fragments. Outbound it encodes, masks and frames into a buffer.
 */
final class LimitAdapter implements BenchmarkClient {

	private static final int READ_SIZE = 256 * 1024;

	private static final int WRITE_SIZE = 64 * 1024;

	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	private final Settings settings;

	private final boolean strings;

	LimitAdapter(Settings settings, boolean strings) {
		if (settings.certificate() != null || (settings.deflate() && !strings)) {
			throw new UnsupportedOperationException("The limits know no TLS, and headers no deflate");
		}
		this.settings = settings;
		this.strings = strings;
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		SocketChannel channel = SocketChannel.open(new InetSocketAddress(uri.getHost(), uri.getPort()));
		channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
		String extension = this.settings.deflate() ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "";
		String request = "GET " + uri.getPath() + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
				+ "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
				+ extension + "\r\n";
		channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
		Reader reader = new Reader(channel, receiver);
		reader.readHandshake();
		Thread thread = new Thread(reader::run, "limit");
		thread.setDaemon(true);
		thread.start();
		return new Writer(channel);
	}

	/**
	 * Reads frames.
	 */
	private final class Reader {

		private final SocketChannel channel;

		private final Receiver receiver;

		private final Inflater inflater = new Inflater(true);

		private final byte[] inflated = new byte[64 * 1024];

		private ByteBuffer in = ByteBuffer.allocateDirect(READ_SIZE);

		private byte[] bytes = new byte[READ_SIZE];

		Reader(SocketChannel channel, Receiver receiver) {
			this.channel = channel;
			this.receiver = receiver;
		}

		void readHandshake() throws IOException {
			int end = -1;
			while (end < 0) {
				read();
				end = StandardCharsets.ISO_8859_1.decode(this.in.duplicate().flip()).toString().indexOf("\r\n\r\n");
			}
			this.in.flip().position(end + 4);
			this.in.compact();
		}

		private void read() throws IOException {
			if (this.channel.read(this.in) < 0) {
				throw new EOFException("closed");
			}
		}

		void run() {
			try {
				while (true) {
					readFrames();
					read();
				}
			}
			catch (IOException | DataFormatException ex) {
				this.receiver.onFailure(ex);
			}
		}

		private void readFrames() throws DataFormatException {
			ByteBuffer in = this.in.flip();
			int index = 0;
			int needed = 2;
			while (in.limit() - index >= needed) {
				int first = in.get(index);
				int length = in.get(index + 1) & 0x7F;
				int header = (length < 126) ? 2 : (length == 126) ? 4 : 10;
				if (in.limit() - index < header) {
					break;
				}
				if (length >= 126) {
					length = (length == 126) ? in.getShort(index + 2) & 0xFFFF : (int) in.getLong(index + 2);
				}
				if (in.limit() - index - header < length) {
					needed = header + length;
					break;
				}
				deliver(first, in, index + header, length);
				index += header + length;
			}
			in.position(index);
			if (needed > in.capacity()) {
				this.in = ByteBuffer.allocateDirect(needed + READ_SIZE).put(in);
				this.bytes = new byte[this.in.capacity()];
			}
			else {
				in.compact();
			}
		}

		private void deliver(int first, ByteBuffer in, int index, int length) throws DataFormatException {
			boolean text = (first & 0xF) == 1;
			if (!text || !LimitAdapter.this.strings) {
				this.receiver.onBinary(length);
				return;
			}
			in.get(index, this.bytes, 0, length);
			if ((first & 0x40) == 0) {
				this.receiver.onText(new String(this.bytes, 0, length, StandardCharsets.UTF_8));
				return;
			}
			System.arraycopy(TAIL, 0, this.bytes, length, TAIL.length);
			this.inflater.setInput(this.bytes, 0, length + TAIL.length);
			int size = this.inflater.inflate(this.inflated);
			this.receiver.onText(new String(this.inflated, 0, size, StandardCharsets.UTF_8));
		}

	}

	/**
	 * Writes frames.
	 */
	private final class Writer implements Connection {

		private final SocketChannel channel;

		private final ByteBuffer out = ByteBuffer.allocateDirect(WRITE_SIZE).order(ByteOrder.BIG_ENDIAN);

		Writer(SocketChannel channel) {
			this.channel = channel;
		}

		@Override
		public void send(String text) throws IOException {
			byte[] payload = text.getBytes(StandardCharsets.UTF_8);
			if (this.out.remaining() < payload.length + 14) {
				flush();
			}
			this.out.put((byte) 0x81);
			if (payload.length < 126) {
				this.out.put((byte) (0x80 | payload.length));
			}
			else {
				this.out.put((byte) 0xFE).putShort((short) payload.length);
			}
			int key = ThreadLocalRandom.current().nextInt();
			this.out.putInt(key);
			mask(payload, key);
			if (!LimitAdapter.this.settings.batch()) {
				flush();
			}
		}

		private void mask(byte[] payload, int key) {
			long key64 = ((long) key << 32) | (key & 0xFFFFFFFFL);
			ByteBuffer words = ByteBuffer.wrap(payload);
			while (words.remaining() >= 8) {
				this.out.putLong(words.getLong() ^ key64);
			}
			for (int shift = 24; words.hasRemaining(); shift -= 8) {
				this.out.put((byte) (words.get() ^ (key >> (shift & 31))));
			}
		}

		private void flush() throws IOException {
			this.out.flip();
			while (this.out.hasRemaining()) {
				this.channel.write(this.out);
			}
			this.out.clear();
		}

		@Override
		public void close() throws IOException {
			this.channel.close();
		}

	}

}
