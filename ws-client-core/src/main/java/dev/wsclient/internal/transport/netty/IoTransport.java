package dev.wsclient.internal.transport.netty;

import java.util.function.Supplier;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system call interface that sockets use: a native one if the application put it on
 * its class path and it works on this machine, otherwise the JDK's.
 *
 * @param name its name, for the log
 * @param handlerFactory makes the event loops' handlers
 * @param channelFactory makes sockets
 */
record IoTransport(String name, IoHandlerFactory handlerFactory, Supplier<SocketChannel> channelFactory) {

	private static final Logger logger = LoggerFactory.getLogger(IoTransport.class);

	static IoTransport select() {
		IoTransport selected = nio();
		if (isAvailable("io.netty.channel.uring.IoUring", () -> IoUring.isAvailable())) {
			selected = ioUring();
		}
		else if (isAvailable("io.netty.channel.epoll.Epoll", () -> Epoll.isAvailable())) {
			selected = epoll();
		}
		else if (isAvailable("io.netty.channel.kqueue.KQueue", () -> KQueue.isAvailable())) {
			selected = kqueue();
		}
		logger.debug("Sockets use {}", selected.name());
		return selected;
	}

	/**
	 * The optional class is looked for by name first, so that its absence is an answer
	 * and not an error.
	 */
	private static boolean isAvailable(String className, Supplier<Boolean> works) {
		try {
			Class.forName(className, false, IoTransport.class.getClassLoader());
			return works.get();
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

	private static IoTransport nio() {
		return new IoTransport("nio", NioIoHandler.newFactory(), NioSocketChannel::new);
	}

	private static IoTransport ioUring() {
		return new IoTransport("io_uring", IoUringIoHandler.newFactory(), IoUringSocketChannel::new);
	}

	private static IoTransport epoll() {
		return new IoTransport("epoll", EpollIoHandler.newFactory(), EpollSocketChannel::new);
	}

	private static IoTransport kqueue() {
		return new IoTransport("kqueue", KQueueIoHandler.newFactory(), KQueueSocketChannel::new);
	}

}
