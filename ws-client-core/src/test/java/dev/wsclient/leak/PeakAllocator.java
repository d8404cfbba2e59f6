package dev.wsclient.leak;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * Counts bytes, also while a buffer grows, when there is an old and a new one.
 */
public final class PeakAllocator extends AbstractByteBufAllocator {

	private long used;

	private long peak;

	/**
	 * Returns the bytes that were not released yet.
	 */
	public long used() {
		return this.used;
	}

	/**
	 * Returns the most bytes there ever were.
	 */
	public long peak() {
		return this.peak;
	}

	@Override
	protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
		return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity) {

			@Override
			protected byte[] allocateArray(int length) {
				PeakAllocator.this.used += length;
				PeakAllocator.this.peak = Math.max(PeakAllocator.this.peak, PeakAllocator.this.used);
				return super.allocateArray(length);
			}

			@Override
			protected void freeArray(byte[] array) {
				PeakAllocator.this.used -= array.length;
				super.freeArray(array);
			}

		};
	}

	@Override
	protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
		return newHeapBuffer(initialCapacity, maxCapacity);
	}

	@Override
	public boolean isDirectBufferPooled() {
		return false;
	}

}
