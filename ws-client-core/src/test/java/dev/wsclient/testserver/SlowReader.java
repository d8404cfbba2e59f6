package dev.wsclient.testserver;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLContext;

/**
 * A server that reads at the pace that a test sets, and answers pings and a Close frame
 * when it gets there. What its system buffers is little.
 */
public final class SlowReader implements AutoCloseable {

	private static final int RECEIVE_BUFFER = 64 * 1024;

	private final Closeable listener;

	private final int port;

	private final List<Closeable> sockets = new CopyOnWriteArrayList<>();

	private final AtomicLong received = new AtomicLong();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private int chunk = Integer.MAX_VALUE;

	private Duration pause = Duration.ZERO;

	private volatile boolean mute;

	/**
	 * Starts a server on a free port.
	 * @throws IOException if that fails
	 */
	public SlowReader() throws IOException {
		this(new ServerSocket());
	}

	/**
	 * Starts a server with TLS on a free port.
	 * @param sslContext its TLS context
	 * @throws IOException if that fails
	 */
	public SlowReader(SSLContext sslContext) throws IOException {
		this(sslContext.getServerSocketFactory().createServerSocket());
	}

	private SlowReader(ServerSocket listener) throws IOException {
		listener.setReceiveBufferSize(RECEIVE_BUFFER);
		listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		this.listener = listener;
		this.port = listener.getLocalPort();
		start(() -> {
			while (true) {
				Socket socket = listener.accept();
				this.sockets.add(socket);
				start(() -> serve(socket.getInputStream(), socket.getOutputStream()));
			}
		});
	}

	/**
	 * Starts a server on a unix domain socket.
	 * @param path the path of the socket
	 * @throws IOException if that fails
	 */
	public SlowReader(Path path) throws IOException {
		ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		listener.bind(UnixDomainSocketAddress.of(path));
		this.listener = listener;
		this.port = 0;
		start(() -> {
			while (true) {
				SocketChannel socket = listener.accept();
				this.sockets.add(socket);
				start(() -> serve(Channels.newInputStream(socket), Channels.newOutputStream(socket)));
			}
		});
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// Closed, or the client went away
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, "slow-reader");
		thread.setDaemon(true);
		thread.start();
	}

	public int port() {
		return this.port;
	}

	/**
	 * Sets how fast it reads.
	 * @param chunk how many bytes at once; 0 to read nothing
	 * @param pause how long it waits before each chunk
	 */
	public void pace(int chunk, Duration pause) {
		this.lock.lock();
		try {
			this.chunk = chunk;
			this.pause = pause;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Answers nothing any more, and still reads.
	 */
	public void mute() {
		this.mute = true;
	}

	/**
	 * Returns how many bytes of frames were read.
	 * @return the number of bytes
	 */
	public long received() {
		return this.received.get();
	}

	private int awaitTurn() throws InterruptedException {
		this.lock.lock();
		try {
			long left = this.pause.toNanos();
			while (left > 0) {
				left = Math.min(this.changed.awaitNanos(left), this.pause.toNanos());
			}
			while (this.chunk == 0) {
				this.changed.await();
			}
			return this.chunk;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void serve(InputStream raw, OutputStream out) throws IOException, InterruptedException {
		String request = ScriptedConnection.readHead(raw);
		out.write(request.contains("permessage-deflate")
				? ScriptedConnection.acceptanceOf(request, "Sec-WebSocket-Extensions: permessage-deflate")
				: ScriptedConnection.acceptanceOf(request));
		DataInputStream in = new DataInputStream(new Paced(raw));
		byte[] buffer = new byte[64 * 1024];
		while (true) {
			int opcode = in.readUnsignedByte() & 0x0f;
			long length = in.readUnsignedByte() & 0x7f;
			if (length == 126) {
				length = in.readUnsignedShort();
			}
			else if (length == 127) {
				length = in.readLong();
			}
			byte[] key = in.readNBytes(4);
			if (opcode >= 8) {
				byte[] payload = in.readNBytes((int) length);
				for (int i = 0; i < payload.length; i++) {
					payload[i] ^= key[i % 4];
				}
				if (!this.mute) {
					out.write(Frames.frame((opcode == 9) ? 0x8a : 0x88, payload));
				}
				continue;
			}
			while (length > 0) {
				int read = in.read(buffer, 0, (int) Math.min(buffer.length, length));
				if (read < 0) {
					return;
				}
				length -= read;
			}
		}
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		for (Closeable socket : this.sockets) {
			socket.close();
		}
	}

	/**
	 * Reads at the server's pace.
	 */
	private final class Paced extends FilterInputStream {

		Paced(InputStream in) {
			super(in);
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			try {
				int read = super.read(bytes, offset, Math.min(length, awaitTurn()));
				SlowReader.this.received.addAndGet(Math.max(0, read));
				return read;
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		}

	}

	/**
	 * What a thread does.
	 */
	@FunctionalInterface
	private interface Task {

		void run() throws IOException, InterruptedException;

	}

}
