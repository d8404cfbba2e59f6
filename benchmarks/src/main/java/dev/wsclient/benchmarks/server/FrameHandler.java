package dev.wsclient.benchmarks.server;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Walks over the frames of a client and answers its pings and its Close frame. Does no
 * more, for a server that only sends.
 */
class FrameHandler extends ByteToMessageDecoder {

	private static final int CLOSE = 0x8;

	private static final int PING = 0x9;

	private static final int PONG = 0xA;

	private static final int FIN = 0x80;

	private static final int KEY_SIZE = 4;

	@Override
	protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
		int index = in.readerIndex();
		while (in.writerIndex() - index >= 2) {
			int available = in.writerIndex() - index;
			int declared = in.getByte(index + 1) & 0x7F;
			int header = 2 + KEY_SIZE + ((declared == 126) ? 2 : (declared == 127) ? 8 : 0);
			if (available < header) {
				break;
			}
			int length = (declared == 126) ? in.getUnsignedShort(index + 2)
					: (declared == 127) ? (int) in.getLong(index + 2) : declared;
			if (available - header < length) {
				break;
			}
			onFrame(context, in.getByte(index) & 0xF, in, index + header, length);
			index += header + length;
		}
		in.readerIndex(index);
		onRead(context);
	}

	/**
	 * A frame came.
	 * @param in holds the masked payload, and the key right before it
	 */
	void onFrame(ChannelHandlerContext context, int opcode, ByteBuf in, int index, int length) {
		if (opcode == CLOSE) {
			context.writeAndFlush(frame(context, FIN | CLOSE, in, index, length))
				.addListener(ChannelFutureListener.CLOSE);
		}
		else if (opcode == PING) {
			context.writeAndFlush(frame(context, FIN | PONG, in, index, length));
		}
	}

	/**
	 * All frames of a read were passed on.
	 */
	void onRead(ChannelHandlerContext context) {
	}

	static ByteBuf frame(ChannelHandlerContext context, int firstByte, ByteBuf in, int index, int length) {
		ByteBuf frame = context.alloc().buffer(10 + length);
		Blast.writeHeader(frame, firstByte, length);
		for (int i = 0; i < length; i++) {
			frame.writeByte(in.getByte(index + i) ^ in.getByte(index - KEY_SIZE + (i & 3)));
		}
		return frame;
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		// A client that is done may just go
		context.close();
	}

	/**
	 * Sends a chunk again and again.
	 */
	static final class Blaster extends FrameHandler {

		private static final int IN_FLIGHT = 2;

		private final ByteBuf chunk;

		Blaster(ByteBuf chunk) {
			this.chunk = chunk;
		}

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			for (int i = 0; i < IN_FLIGHT; i++) {
				write(context);
			}
		}

		private void write(ChannelHandlerContext context) {
			context.writeAndFlush(this.chunk.duplicate()).addListener((future) -> {
				if (future.isSuccess()) {
					context.executor().execute(() -> write(context));
				}
			});
		}

	}

	/**
	 * Sends each message back.
	 */
	static final class Echo extends FrameHandler {

		@Override
		void onFrame(ChannelHandlerContext context, int opcode, ByteBuf in, int index, int length) {
			if (opcode >= CLOSE) {
				super.onFrame(context, opcode, in, index, length);
			}
			else {
				context.write(frame(context, FIN | opcode, in, index, length), context.voidPromise());
			}
		}

		@Override
		void onRead(ChannelHandlerContext context) {
			context.flush();
		}

	}

	/**
	 * Counts messages, and tells their number now and then.
	 */
	static final class Sink extends FrameHandler {

		private static final int TEXT = 0x1;

		private final int every;

		private long count;

		private long told;

		Sink(int every) {
			this.every = every;
		}

		@Override
		void onFrame(ChannelHandlerContext context, int opcode, ByteBuf in, int index, int length) {
			if (opcode >= CLOSE) {
				super.onFrame(context, opcode, in, index, length);
			}
			else {
				this.count++;
			}
		}

		@Override
		void onRead(ChannelHandlerContext context) {
			if (this.count - this.told >= this.every) {
				this.told = this.count;
				byte[] payload = Long.toString(this.count).getBytes(StandardCharsets.US_ASCII);
				ByteBuf frame = context.alloc().buffer(32);
				Blast.writeFrame(frame, FIN | TEXT, payload);
				context.writeAndFlush(frame, context.voidPromise());
			}
		}

	}

}
