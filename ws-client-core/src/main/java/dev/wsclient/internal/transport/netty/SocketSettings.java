package dev.wsclient.internal.transport.netty;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.wsclient.internal.log.SafeLogger;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTcp;

/**
 * How a kind of sockets takes the times of TCP keep-alive.
 *
 * @param idle the idle time in seconds, or {@code null} if it can't be set
 * @param interval the interval in seconds, or {@code null} if it can't be set
 * @param count the number of probes, or {@code null} if it can't be set
 */
record SocketSettings(@Nullable ChannelOption<Integer> idle, @Nullable ChannelOption<Integer> interval,
		@Nullable ChannelOption<Integer> count) {

	static final SocketSettings NONE = new SocketSettings(null, null, null);

	private static final Logger logger = SafeLogger.of(SocketSettings.class);

	/**
	 * What was told to be left out; once is enough.
	 */
	private static final Set<String> told = ConcurrentHashMap.newKeySet();

	/**
	 * Prepares a socket that is not connected yet.
	 */
	void apply(Channel channel, WsOptions options) {
		if (!(channel instanceof SocketChannel)) {
			return;
		}
		WsTcp tcp = options.tcp();
		channel.config().setOption(ChannelOption.TCP_NODELAY, tcp.noDelay());
		channel.config().setOption(ChannelOption.SO_KEEPALIVE, tcp.keepAlive());
		set(channel, this.idle, seconds(tcp.keepAliveIdle()), "keepAliveIdle");
		set(channel, this.interval, seconds(tcp.keepAliveInterval()), "keepAliveInterval");
		set(channel, this.count, tcp.keepAliveCount(), "keepAliveCount");
		if (options.localAddress().isPresent() && options.localAddress().get().getPort() != 0) {
			// The port of the connection before, which lingers in TIME_WAIT
			channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
		}
	}

	private static @Nullable Integer seconds(@Nullable Duration duration) {
		return (duration != null) ? (int) duration.toSeconds() : null;
	}

	private static void set(Channel channel, @Nullable ChannelOption<Integer> option, @Nullable Integer value,
			String name) {
		if (value != null && (option == null || !channel.config().setOption(option, value)) && told.add(name)) {
			logger.warn("This platform's sockets don't know the TCP option {}; it is left out", name);
		}
	}

}
