package dev.wsclient.internal.transport.netty;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringSocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;

import dev.wsclient.internal.log.SafeLogger;

/**
 * The system call interface that sockets use: a native one if the application put it on
 * its class path and it works on this machine, otherwise the JDK's.
 *
 * @param name its name, for the log
 * @param handlerFactory makes the event loops' handlers
 * @param channelFactory makes sockets
 * @param domainSockets makes unix domain sockets
 * @param socketSettings sets the options of sockets
 */
record IoTransport(String name, IoHandlerFactory handlerFactory, Supplier<SocketChannel> channelFactory,
		DomainSockets domainSockets, SocketSettings socketSettings) {

	private static final Logger logger = SafeLogger.of(IoTransport.class);

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
		return new IoTransport("nio", NioIoHandler.newFactory(), NioSocketChannel::new,
				new DomainSockets(NioDomainSocketChannel::new, UnixDomainSocketAddress::of),
				new SocketSettings(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
						NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
						NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT)));
	}

	private static IoTransport ioUring() {
		return new IoTransport("io_uring", IoUringIoHandler.newFactory(), IoUringSocketChannel::new,
				new DomainSockets(IoUringDomainSocketChannel::new, IoTransport::nativeAddress),
				new SocketSettings(IoUringChannelOption.TCP_KEEPIDLE, IoUringChannelOption.TCP_KEEPINTVL,
						IoUringChannelOption.TCP_KEEPCNT));
	}

	private static IoTransport epoll() {
		return new IoTransport("epoll", EpollIoHandler.newFactory(), EpollSocketChannel::new,
				new DomainSockets(EpollDomainSocketChannel::new, IoTransport::nativeAddress),
				new SocketSettings(EpollChannelOption.TCP_KEEPIDLE, EpollChannelOption.TCP_KEEPINTVL,
						EpollChannelOption.TCP_KEEPCNT));
	}

	private static IoTransport kqueue() {
		return new IoTransport("kqueue", KQueueIoHandler.newFactory(), KQueueSocketChannel::new,
				new DomainSockets(KQueueDomainSocketChannel::new, IoTransport::nativeAddress), SocketSettings.NONE);
	}

	private static SocketAddress nativeAddress(Path path) {
		return new DomainSocketAddress(path.toString());
	}

	/**
	 * Unix domain sockets.
	 *
	 * @param channelFactory makes sockets
	 * @param addressFactory makes an address of a path
	 */
	record DomainSockets(Supplier<Channel> channelFactory, Function<Path, SocketAddress> addressFactory) {

	}

}
