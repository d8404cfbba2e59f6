package dev.wsclient.benchmarks.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages at a fixed rate, one to each of many connections in turn, so that none
 * gets two at once. Runs on the server's only event loop.
 */
final class Trickle {

	private static final long TICK_MICROS = 100;

	private final ByteBuf frame;

	private final List<Channel> channels = new ArrayList<>();

	private long rate;

	private int connections;

	private int next;

	private long startNanos;

	private long sent;

	private @Nullable ScheduledFuture<?> timer;

	Trickle(ByteBuf frame) {
		this.frame = frame;
	}

	/**
	 * Joins; it begins when all have.
	 * @param connections how many connections are to come
	 * @param rate how many messages a second they get together
	 */
	void join(Channel channel, int connections, long rate) {
		this.connections = connections;
		this.rate = rate;
		this.channels.add(channel);
		if (this.channels.size() == connections) {
			this.startNanos = System.nanoTime();
			this.sent = 0;
			this.next = 0;
			this.timer = channel.eventLoop().scheduleAtFixedRate(this::tick, 0, TICK_MICROS, TimeUnit.MICROSECONDS);
		}
	}

	void leave(Channel channel) {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
		this.channels.remove(channel);
	}

	private void tick() {
		long due = (System.nanoTime() - this.startNanos) * this.rate / TimeUnit.SECONDS.toNanos(1);
		// A server that fell behind gives each connection one message a tick at most
		long count = Math.min(due - this.sent, this.connections);
		for (long i = 0; i < count; i++) {
			Channel channel = this.channels.get(this.next);
			this.next = (this.next + 1) % this.channels.size();
			channel.writeAndFlush(this.frame.duplicate(), channel.voidPromise());
		}
		this.sent = (due - this.sent > this.connections) ? due : this.sent + count;
	}

}
