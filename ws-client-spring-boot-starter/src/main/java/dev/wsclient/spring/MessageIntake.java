package dev.wsclient.spring;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Counts the messages that reach the handlers of one connection. When the application
 * stops, those received before are still let in, and those behind them are refused.
 * Messages are let in one at a time and in order, everything else is for any thread.
 */
final class MessageIntake {

	private static final AtomicLongFieldUpdater<MessageIntake> HANDED_OUT = AtomicLongFieldUpdater
		.newUpdater(MessageIntake.class, "handedOut");

	private final CallGate gate;

	/** Only for the thread that lets a message in. */
	private long letIn;

	@SuppressWarnings("UnusedVariable") // written by its updater
	private volatile long handedOut;

	/** The number of the last message to let in. */
	private volatile long last = Long.MAX_VALUE;

	MessageIntake(CallGate gate) {
		this.gate = gate;
	}

	/**
	 * Lets the next message in, to be followed by {@link #handedOut()}.
	 * @return {@code false} if it is refused
	 */
	boolean letIn() {
		this.letIn++;
		if (this.letIn > this.last) {
			this.gate.countRefused();
			return false;
		}
		return true;
	}

	/**
	 * The message was handled, or handed over to those who handle it.
	 */
	void handedOut() {
		HANDED_OUT.lazySet(this, this.letIn);
	}

	/**
	 * Refuses the messages behind one.
	 * @param last the number of the last message to let in, counted from the first that
	 * the connection ever received
	 */
	void closeBehind(long last) {
		this.last = last;
	}

	/**
	 * Lets all messages in, as at first.
	 */
	void open() {
		this.last = Long.MAX_VALUE;
	}

	/**
	 * Whether all messages that are to be let in were handed out.
	 * @return {@code false} while the intake is open
	 */
	boolean isThrough() {
		return this.handedOut >= this.last;
	}

}
