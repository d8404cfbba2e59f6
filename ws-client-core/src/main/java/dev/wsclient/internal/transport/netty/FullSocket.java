package dev.wsclient.internal.transport.netty;

import java.time.Duration;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.options.WsOptions;

/**
 * Finds out that a socket that was full takes bytes again, where the batch can't see it:
 * <ul>
 * <li>Over TLS a batch is written as a whole or not, so the records are watched, which
 * are of at most 16 KiB. Only those are that wait behind others.
 * <li>The system tells that a full socket takes more only when a third of its buffer is
 * free, which at a slow peer takes long; so some bytes are offered from time to time.
 * With the JDK's sockets only: the native ones keep to what the system tells.
 * </ul>
 * Event loop only.
 */
final class FullSocket {

	private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);

	private final Channel channel;

	private final Scheduler scheduler;

	private final Duration period;

	private @Nullable Timer timer;

	private FullSocket(Channel channel, Scheduler scheduler, Duration period) {
		this.channel = channel;
		this.scheduler = scheduler;
		this.period = period;
	}

	/**
	 * Watches a channel.
	 * @param channel the channel
	 * @param scheduler its event loop
	 * @param options how soon the peer is to be found dead
	 * @param batch told of what is seen
	 */
	static FullSocket watch(Channel channel, Scheduler scheduler, WsOptions options, OutboundBatch batch) {
		if (channel.pipeline().get(SslHandler.class) != null) {
			channel.pipeline().addFirst(new Records(batch));
		}
		Duration shorter = (options.pingInterval().compareTo(options.pingTimeout()) < 0) ? options.pingInterval()
				: options.pingTimeout();
		Duration quarter = shorter.dividedBy(4);
		return new FullSocket(channel, scheduler, (quarter.compareTo(LONGEST_PERIOD) < 0) ? quarter : LONGEST_PERIOD);
	}

	/**
	 * One timer at most: while much is sent, the channel becomes writable and full again
	 * all the time.
	 */
	void onFull() {
		if (this.timer == null && this.channel.unsafe() instanceof NioUnsafe) {
			this.timer = this.scheduler.schedule(this::offer, this.period);
		}
	}

	private void offer() {
		this.timer = null;
		if (!this.channel.isWritable() && this.channel.unsafe() instanceof NioUnsafe socket) {
			this.timer = this.scheduler.schedule(this::offer, this.period);
			socket.forceFlush();
		}
	}

	void stop() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	/**
	 * Watches the records of TLS on their way to the socket.
	 */
	private static final class Records extends ChannelOutboundHandlerAdapter {

		private final GenericFutureListener<Future<Object>> listener;

		Records(OutboundBatch batch) {
			this.listener = (written) -> {
				if (written.isSuccess()) {
					batch.onSocketProgress();
				}
			};
		}

		@Override
		public void write(ChannelHandlerContext context, Object record, ChannelPromise promise) {
			context.write(record,
					context.channel().isWritable() ? promise : promise.unvoid().addListener(this.listener));
		}

	}

}
