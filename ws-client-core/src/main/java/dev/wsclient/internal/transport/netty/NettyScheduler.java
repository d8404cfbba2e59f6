package dev.wsclient.internal.transport.netty;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;

import dev.wsclient.internal.protocol.frame.FrameWriter;
import dev.wsclient.internal.protocol.handshake.HandshakeRequest;
import dev.wsclient.internal.protocol.message.MessageReader;
import dev.wsclient.internal.time.Scheduler;

/**
 * One event loop, with what its sessions share.
 */
final class NettyScheduler implements Scheduler {

	private final EventLoop eventLoop;

	private final SecureRandom random;

	private final FrameWriter frameWriter;

	private final ByteBuf scratch = MessageReader.newScratch();

	NettyScheduler(EventLoop eventLoop, SecureRandom random) {
		this.eventLoop = eventLoop;
		this.random = random;
		this.frameWriter = new FrameWriter(new MaskingKeys(random));
	}

	EventLoop eventLoop() {
		return this.eventLoop;
	}

	/**
	 * Returns the writer of all sessions on this loop. Event loop only.
	 */
	FrameWriter frameWriter() {
		return this.frameWriter;
	}

	/**
	 * Returns memory on the heap that the sessions of this loop read from, one after the
	 * other. Event loop only.
	 */
	ByteBuf scratch() {
		return this.scratch;
	}

	byte[] newHandshakeKey() {
		byte[] key = new byte[HandshakeRequest.KEY_SIZE];
		this.random.nextBytes(key);
		return key;
	}

	@Override
	public boolean inEventLoop() {
		return this.eventLoop.inEventLoop();
	}

	@Override
	public boolean mustNotBlock() {
		for (EventExecutor each : this.eventLoop.parent()) {
			if (each.inEventLoop()) {
				return true;
			}
		}
		return false;
	}

	@Override
	public void execute(Runnable task) {
		this.eventLoop.execute(task);
	}

	@Override
	public Timer schedule(Runnable task, Duration delay) {
		Future<?> future = this.eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
		return () -> future.cancel(false);
	}

	@Override
	public Timer schedule(Runnable task, Duration delay, Runnable atShutdown) {
		Future<?> future = this.eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
		// An event loop that ends cancels what is scheduled
		FutureListener<Object> onEnd = (ended) -> {
			if (ended.isCancelled()) {
				atShutdown.run();
			}
		};
		future.addListener(onEnd);
		return () -> {
			future.removeListener(onEnd);
			future.cancel(false);
		};
	}

}
