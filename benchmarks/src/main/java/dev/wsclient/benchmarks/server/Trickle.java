package dev.wsclient.benchmarks.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

/**
 * Sends messages at a fixed rate, one to each of many connections in turn, so that none
 * gets two at once. Runs on the server's only event loop, which it keeps awake: timers
 * fire a millisecond late, when twenty messages are due.
 */
final class Trickle {

	private final ByteBuf frame;

	private final List<Channel> channels = new ArrayList<>();

	private long rate;

	private int connections;

	private int next;

	private long startNanos;

	private long sent;

	Trickle(ByteBuf frame) {
		this.frame = frame;
	}

	/**
	 * Joins; it begins when all have, and ends when one leaves.
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
			tick(channel.eventLoop());
		}
	}

	void leave(Channel channel) {
		this.channels.remove(channel);
	}

	private void tick(EventLoop loop) {
		if (this.channels.size() != this.connections) {
			return;
		}
		long due = (System.nanoTime() - this.startNanos) * this.rate / TimeUnit.SECONDS.toNanos(1);
		// A server that fell behind gives each connection one message a tick at most
		long count = Math.min(due - this.sent, this.connections);
		for (long i = 0; i < count; i++) {
			Channel channel = this.channels.get(this.next);
			this.next = (this.next + 1) % this.channels.size();
			channel.writeAndFlush(this.frame.duplicate(), channel.voidPromise());
		}
		this.sent = (due - this.sent > this.connections) ? due : this.sent + count;
		loop.execute(() -> tick(loop));
	}

}
