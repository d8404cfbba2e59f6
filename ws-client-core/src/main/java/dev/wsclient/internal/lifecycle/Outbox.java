package dev.wsclient.internal.lifecycle;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WsOptions;

/**
 * Takes messages from any thread and brings them to the session of the moment, in order,
 * telling of each what became of it. Everything but {@link #send} runs on the event loop.
 */
final class Outbox {

	private final Scheduler scheduler;

	private final ErrorFactory errors;

	private final Owner owner;

	private final boolean buffersOffline;

	private final OutboundQueue queue;

	private final AtomicBoolean drainScheduled = new AtomicBoolean();

	private final AtomicBoolean full = new AtomicBoolean();

	private final Runnable drainTask = this::runDrain;

	private volatile Admission admission = Admission.WAITING;

	private boolean everOpened;

	/**
	 * Whether the owner knows that the buffer is full, and is to be told when it isn't.
	 */
	private boolean toldFull;

	/**
	 * The open session; {@code null} while there is none or it closes.
	 */
	private @Nullable Session session;

	/**
	 * What the session is closed with as soon as all messages are written.
	 */
	private @Nullable CloseStatus closeStatus;

	Outbox(WsOptions options, Scheduler scheduler, ErrorFactory errors, Owner owner) {
		this.scheduler = scheduler;
		this.errors = errors;
		this.owner = owner;
		this.buffersOffline = options.offlinePolicy() == OfflinePolicy.BUFFER;
		this.queue = new OutboundQueue(scheduler, options.sendBufferSize(), options.sendBufferCount());
	}

	/**
	 * Accepts a message or refuses it. Any thread.
	 */
	CompletionStage<Void> send(Outbound message) {
		Admission admission = this.admission;
		if (admission.refusal != null) {
			return refuse(message, admission.refusal);
		}
		if (!message.kind().isMessage() && admission != Admission.OPEN) {
			return refuse(message,
					"there is no open session to " + message.kind().name().toLowerCase(Locale.ROOT) + " on");
		}
		if (!this.queue.reserve(message)) {
			if (this.full.compareAndSet(false, true)) {
				this.scheduler.execute(this::tellFull);
			}
			return refuse(message, "the send buffer is full: a message of " + message.size() + " bytes, and "
					+ this.queue.fullness() + " (sendBufferSize, sendBufferCount)");
		}
		this.queue.add(message);
		if (!this.drainScheduled.get() && this.drainScheduled.compareAndSet(false, true)) {
			this.scheduler.execute(this.drainTask);
		}
		return message;
	}

	private void tellFull() {
		this.toldFull = true;
		this.owner.onBufferFull();
		// It may have drained before
		checkDrained();
	}

	private CompletionStage<Void> refuse(Outbound message, String reason) {
		fail(message, Outcome.NOT_ACCEPTED, reason, null);
		return message;
	}

	/**
	 * A session is open: its first messages go out, then those that wait.
	 */
	void onOpen(Session session, List<String> firstMessages) {
		this.session = session;
		this.everOpened = true;
		this.admission = Admission.OPEN;
		for (String text : firstMessages) {
			Outbound message = Outbound.text(this.scheduler, text);
			this.queue.charge(message);
			session.write(message);
		}
		drain();
		session.flush();
	}

	/**
	 * Closes the session behind the messages that wait.
	 * @param last whether no other session is to come
	 */
	void close(CloseStatus status, boolean last) {
		this.closeStatus = status;
		if (last) {
			this.admission = Admission.CLOSED;
		}
		else {
			onRevived();
		}
		drain();
	}

	/**
	 * The session takes no more messages, because it ended or the server closes it.
	 * @param last whether no other session is to come
	 * @param cause why, or {@code null}
	 */
	void onSessionOver(boolean last, @Nullable Throwable cause) {
		this.session = null;
		this.closeStatus = null;
		if (last) {
			this.admission = Admission.CLOSED;
			dropIfRefused(cause);
		}
		else {
			onRevived();
			dropIfRefused(cause);
		}
	}

	/**
	 * There is no session, but one is to come.
	 */
	void onRevived() {
		this.admission = (this.everOpened && !this.buffersOffline) ? Admission.OFFLINE : Admission.WAITING;
	}

	void onWritable() {
		drain();
		flush();
	}

	void onWritten(Outbound message) {
		settle(message);
		message.complete(null);
	}

	void onLost(Outbound message) {
		settle(message);
		fail(message, Outcome.LOST, "the session broke before the message was known to be written", null);
	}

	long queuedBytes() {
		return this.queue.bytes();
	}

	int queuedMessages() {
		return this.queue.count();
	}

	private void runDrain() {
		this.drainScheduled.set(false);
		drain();
		flush();
	}

	private void flush() {
		if (this.session != null) {
			this.session.flush();
		}
	}

	private void drain() {
		if (this.session == null) {
			dropIfRefused(null);
			return;
		}
		while (this.session.isWritable()) {
			Outbound message = this.queue.poll();
			if (message == null) {
				closeWhenDone(this.session);
				return;
			}
			this.session.write(message);
		}
	}

	private void closeWhenDone(Session session) {
		if (this.closeStatus != null) {
			session.flush();
			session.close(this.closeStatus);
			this.session = null;
		}
	}

	/**
	 * Gives up what waits though it would be refused now, also messages of senders that
	 * looked before the admission changed.
	 */
	private void dropIfRefused(@Nullable Throwable cause) {
		if (this.admission.refusal != null) {
			dropAll(this.admission.refusal, cause);
		}
	}

	private void dropAll(String reason, @Nullable Throwable cause) {
		Outbound message = this.queue.poll();
		while (message != null) {
			settle(message);
			fail(message, Outcome.DROPPED, reason, cause);
			message = this.queue.poll();
		}
	}

	private void settle(Outbound message) {
		this.queue.release(message);
		checkDrained();
	}

	private void checkDrained() {
		if (this.toldFull && this.queue.isHalfEmpty()) {
			this.toldFull = false;
			this.full.set(false);
			this.owner.onBufferDrain();
		}
	}

	private void fail(Outbound message, Outcome outcome, String reason, @Nullable Throwable cause) {
		WsSendException error = this.errors.send(outcome, this.owner.phase(), reason, cause);
		this.owner.onSendFailed(message, outcome);
		message.completeExceptionally(error);
	}

	/**
	 * What {@link #send} does with a message.
	 */
	private enum Admission {

		/**
		 * No session yet: messages wait.
		 */
		WAITING(null),

		/**
		 * A session is open.
		 */
		OPEN(null),

		/**
		 * Between sessions, and messages are not to wait.
		 */
		OFFLINE("there is no open session (offlinePolicy FAIL; BUFFER would keep the message for the next)"),

		/**
		 * The connection is closed or being closed.
		 */
		CLOSED("the connection is closed");

		private final @Nullable String refusal;

		Admission(@Nullable String refusal) {
			this.refusal = refusal;
		}

	}

	/**
	 * The connection.
	 */
	interface Owner {

		/**
		 * Any thread.
		 */
		Phase phase();

		/**
		 * Any thread if the message was not accepted.
		 */
		void onSendFailed(Outbound message, Outcome outcome);

		void onBufferFull();

		void onBufferDrain();

	}

}
