package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsSession;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Outbound.Kind;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WhenFull;
import dev.wsclient.options.WsOptions;

/**
 * Takes messages from any thread and brings them to the session of the moment, in order,
 * telling of each what became of it. Everything but {@link #send} runs on the event loop.
 */
final class Outbox {

	private static final AtomicIntegerFieldUpdater<Outbox> DRAIN_SCHEDULED = AtomicIntegerFieldUpdater
		.newUpdater(Outbox.class, "drainScheduled");

	private static final AtomicIntegerFieldUpdater<Outbox> FULL_SIGNALLED = AtomicIntegerFieldUpdater
		.newUpdater(Outbox.class, "fullSignalled");

	private static final String SESSION_OVER = "the session that the message is bound to is over";

	private final Scheduler scheduler;

	private final ErrorFactory errors;

	private final ConnectionState state;

	private final News news;

	private final boolean buffersOffline;

	private final OutboundQueue queue;

	/**
	 * What is to be called when the buffer has drained. Any thread adds.
	 */
	private final Queue<Runnable> awaitingRoom = new ConcurrentLinkedQueue<>();

	private final Ticker ticker;

	private final WhenFull whenFull;

	private final long ttlNanos;

	/**
	 * 1 if a task is under way that drains the queue.
	 */
	private volatile int drainScheduled;

	/**
	 * 1 if the event loop was told that the buffer is full.
	 */
	@SuppressWarnings("UnusedVariable") // read by its updater
	private volatile int fullSignalled;

	private final Runnable drainTask = this::runDrain;

	private volatile Admission admission = Admission.WAITING;

	/**
	 * The number of the newest session. Event loop only.
	 */
	private int sessions;

	/**
	 * The number of the session that takes messages; 0 if there is none.
	 */
	private volatile int openSession;

	private volatile @Nullable WsSession newestSession;

	/**
	 * Whether a message may wait that is bound to a session which is over.
	 */
	private volatile boolean boundTooLate;

	private boolean everOpened;

	/**
	 * Whether the owner was told that the buffer is full, and not yet that it drained.
	 */
	private boolean full;

	/**
	 * The open session; {@code null} while there is none or it closes.
	 */
	private @Nullable Session session;

	/**
	 * What the session is closed with as soon as all messages are written.
	 */
	private @Nullable CloseStatus closeStatus;

	/**
	 * The streamed message under way: no other message can be written meanwhile.
	 */
	private @Nullable OutboundStream stream;

	private @Nullable Timer expiryTimer;

	Outbox(WsOptions options, Scheduler scheduler, Ticker ticker, ErrorFactory errors, ConnectionState state,
			News news) {
		this.scheduler = scheduler;
		this.errors = errors;
		this.state = state;
		this.news = news;
		this.buffersOffline = options.offlinePolicy() == OfflinePolicy.BUFFER;
		this.queue = new OutboundQueue(scheduler, options.sendBufferSize(), options.sendBufferCount(),
				options.whenFull() == WhenFull.DROP_OLDEST);
		this.ticker = ticker;
		this.whenFull = options.whenFull();
		this.ttlNanos = options.offlineTtl().toNanos();
	}

	/**
	 * Accepts a message for whichever session is next, or refuses it. Any thread.
	 */
	CompletionStage<Void> send(Outbound message) {
		Admission admission = this.admission;
		return (admission.refusal != null) ? refuse(message, admission.refusal) : send(message, admission);
	}

	/**
	 * Accepts a message or refuses it, but only if it is not for want of room: then the
	 * sender may wait. Makes no room by the policy. Any thread.
	 * @param drained called, on the event loop as a rule, when the buffer has drained
	 * @return {@code null} if there is no room
	 */
	@Nullable CompletionStage<Void> sendIfRoom(Outbound message, Runnable drained) {
		if (this.admission.refusal != null || message.size() > this.queue.maxBytes()) {
			return send(message);
		}
		if (this.ttlNanos > 0) {
			message.setAcceptedNanos(this.ticker.nanos());
		}
		if (!this.queue.reserve(message)) {
			// First, as it may have drained meanwhile
			this.awaitingRoom.add(drained);
			signalFull();
			return null;
		}
		this.queue.add(message);
		scheduleDrain();
		return message;
	}

	/**
	 * Accepts a message for one session, or drops it. Any thread.
	 * @param session the session's number
	 */
	CompletionStage<Void> send(Outbound message, int session) {
		if (this.openSession != session) {
			fail(message, Outcome.DROPPED, SESSION_OVER, null);
			return message;
		}
		return sendBound(message, session);
	}

	/**
	 * Accepts a control frame for the open session, or refuses it. Any thread.
	 */
	CompletionStage<Void> sendControl(Outbound frame) {
		int session = this.openSession;
		if (session == 0) {
			String refusal = this.admission.refusal;
			return refuse(frame, (refusal != null) ? refusal
					: "there is no open session to " + frame.kind().name().toLowerCase(Locale.ROOT) + " on");
		}
		return sendBound(frame, session);
	}

	private CompletionStage<Void> sendBound(Outbound message, int session) {
		message.bindTo(session);
		CompletionStage<Void> sent = send(message, Admission.OPEN);
		if (this.openSession != session) {
			// It may have come behind those that were dropped with the session
			this.boundTooLate = true;
			scheduleDrain();
		}
		return sent;
	}

	private CompletionStage<Void> send(Outbound message, Admission admission) {
		if (this.ttlNanos > 0) {
			message.setAcceptedNanos(this.ticker.nanos());
		}
		if (admission == Admission.WAITING && this.whenFull == WhenFull.DROP_OLDEST) {
			if (!this.queue.addInsteadOfOldest(message)) {
				// Others may have had to go nevertheless
				scheduleDrain();
				return refuseAsFull(message, admission);
			}
		}
		else if (this.queue.reserve(message)) {
			this.queue.add(message);
		}
		else {
			return refuseAsFull(message, admission);
		}
		scheduleDrain();
		return message;
	}

	/**
	 * Has the queue drained soon, by one task at a time.
	 */
	private void scheduleDrain() {
		if (this.drainScheduled == 0 && DRAIN_SCHEDULED.compareAndSet(this, 0, 1)
				&& !this.scheduler.tryExecute(this.drainTask)) {
			// Others may rely on the task that was not accepted
			this.scheduler.executeAfterShutdown(this::onLoopEnded);
		}
	}

	/**
	 * The client is closed, and its event loop takes no more messages out of the queue.
	 */
	private void onLoopEnded() {
		this.session = null;
		admit(Admission.CLOSED);
		this.drainScheduled = 0;
		tellEvicted();
		giveUpAll(Outcome.NOT_ACCEPTED, "the client is closed", null);
	}

	private CompletionStage<Void> refuseAsFull(Outbound message, Admission admission) {
		signalFull();
		if (admission == Admission.WAITING && this.whenFull == WhenFull.DROP_NEWEST) {
			fail(message, Outcome.DROPPED, full(message) + "; whenFull DROP_NEWEST", null);
			return message;
		}
		return refuse(message, full(message));
	}

	/**
	 * Has the listener told that the buffer is full, once until it drained.
	 */
	private void signalFull() {
		if (FULL_SIGNALLED.compareAndSet(this, 0, 1)) {
			this.scheduler.executeAlways(this::onFull);
		}
	}

	private String full(Outbound message) {
		return "the send buffer is full: a message of " + message.size() + " bytes, and " + this.queue.fullness()
				+ " (sendBufferSize, sendBufferCount)";
	}

	private void onFull() {
		this.full = true;
		this.news.bufferFull();
		// It may have drained before it was marked as full
		checkDrained();
	}

	private CompletionStage<Void> refuse(Outbound message, String reason) {
		fail(message, Outcome.NOT_ACCEPTED, reason, null);
		return message;
	}

	/**
	 * Whether a session takes messages. Any thread.
	 * @param session the session's number
	 */
	boolean isOpen(int session) {
		return this.openSession == session;
	}

	/**
	 * Returns the newest session, or {@code null} before the first. Any thread.
	 */
	@Nullable WsSession session() {
		return this.newestSession;
	}

	/**
	 * A session is open, but the listener is to hear of it first: what it sends then is
	 * accepted and waits.
	 * @param id the session's id in the log
	 * @return the session as users see it
	 */
	WsSession onOpening(String id) {
		this.everOpened = true;
		this.sessions++;
		WsSession session = new DefaultWsSession(this, this.scheduler, id, this.sessions);
		this.newestSession = session;
		admit(Admission.OPEN);
		return session;
	}

	private void admit(Admission admission) {
		this.openSession = (admission == Admission.OPEN) ? this.sessions : 0;
		this.admission = admission;
	}

	/**
	 * The listener heard of the session: the session's first messages go out, then those
	 * that wait.
	 */
	void onOpen(Session session, List<String> firstMessages) {
		expire();
		this.session = session;
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
			admit(Admission.CLOSED);
		}
		else {
			onRevived();
		}
		drain();
	}

	/**
	 * The session is about to send a Close frame: what was accepted before goes first, as
	 * far as the socket takes it.
	 */
	void onCloseDue() {
		if (this.session != null) {
			writeWaiting(this.session);
		}
	}

	/**
	 * The session takes no more messages, because it ended or the server closes it.
	 * @param last whether no other session is to come
	 * @param cause why, or {@code null}
	 */
	void onSessionOver(boolean last, @Nullable Throwable cause) {
		this.session = null;
		this.closeStatus = null;
		OutboundStream stream = this.stream;
		if (stream != null) {
			this.stream = null;
			stream.cancel();
			settle(stream.message());
			fail(stream.message(), stream.isStarted() ? Outcome.LOST : Outcome.DROPPED,
					"the session ended while the message was streamed", cause);
		}
		if (last) {
			admit(Admission.CLOSED);
		}
		else {
			onRevived();
		}
		dropBound(cause);
		if (this.admission.refusal != null) {
			giveUpAll(Outcome.DROPPED, this.admission.refusal, cause);
		}
		expire();
	}

	/**
	 * There is no session, but one is to come.
	 */
	void onRevived() {
		admit((this.everOpened && !this.buffersOffline) ? Admission.OFFLINE : Admission.WAITING);
	}

	void onWritable() {
		drain();
		flush();
	}

	void onWritten(List<Outbound> messages) {
		long bytes = 0;
		for (Outbound message : messages) {
			bytes += message.size();
		}
		// Before any result tells, for what depends on it may send
		this.queue.release(messages.size(), bytes);
		checkDrained();
		for (Outbound message : messages) {
			complete(message);
		}
	}

	private void complete(Outbound message) {
		message.clearPayload();
		message.complete(null);
		OutboundStream stream = this.stream;
		if (stream == null || message.kind().isControl() || message.kind().isMessage()) {
			return;
		}
		if (message.kind() == Kind.LAST_FRAGMENT) {
			this.stream = null;
			settle(stream.message());
			stream.message().clearPayload();
			stream.message().complete(null);
			drain();
			flush();
		}
		else {
			stream.onWritten();
		}
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
		this.drainScheduled = 0;
		tellEvicted();
		if (this.boundTooLate && this.session == null) {
			dropBound(null);
		}
		drain();
		flush();
	}

	/**
	 * Tells the senders of messages that made room for newer ones. Not on the thread of a
	 * sender, which is not to run what depends on the messages of others.
	 */
	private void tellEvicted() {
		Queue<Outbound> evicted = this.queue.takeEvicted();
		for (Outbound message = evicted.poll(); message != null; message = evicted.poll()) {
			fail(message, Outcome.DROPPED, "newer messages need its room (whenFull DROP_OLDEST)", null);
		}
	}

	private void flush() {
		if (this.session != null) {
			this.session.flush();
		}
	}

	private void drain() {
		if (this.session != null) {
			if (writeWaiting(this.session)) {
				closeWhenDone(this.session);
			}
		}
		else if (this.admission.refusal != null) {
			// Also messages of senders that looked before the admission changed
			giveUpAll(Outcome.DROPPED, this.admission.refusal, null);
		}
		else if (this.expiryTimer == null) {
			expire();
		}
	}

	/**
	 * Writes what waits as long as the socket takes more.
	 * @return whether nothing waits any more and the socket takes more
	 */
	private boolean writeWaiting(Session session) {
		while (session.isWritable()) {
			Outbound message = (this.stream != null) ? this.queue.pollControl() : this.queue.poll();
			if (message == null) {
				return this.stream == null;
			}
			if (message.isBoundElsewhere(this.sessions)) {
				settle(message);
				fail(message, Outcome.DROPPED, SESSION_OVER, null);
			}
			else if (message.kind().isStream()) {
				this.stream = new OutboundStream(message, session, this.scheduler, new StreamOwner());
				this.stream.start();
			}
			else {
				session.write(message);
			}
		}
		return false;
	}

	/**
	 * Gives up messages that waited too long for a session, and sees to those that will
	 * have.
	 */
	private void expire() {
		if (this.expiryTimer != null) {
			this.expiryTimer.cancel();
			this.expiryTimer = null;
		}
		if (this.ttlNanos == 0) {
			return;
		}
		long now = this.ticker.nanos();
		Outbound oldest = this.queue.peek();
		while (oldest != null && now - oldest.acceptedNanos() >= this.ttlNanos) {
			// Another thread may have dropped it meanwhile
			Outbound expired = this.queue.poll();
			if (expired == null) {
				break;
			}
			settle(expired);
			fail(expired, Outcome.EXPIRED, "no session opened in time (offlineTtl)", null);
			oldest = this.queue.peek();
		}
		if (oldest != null && this.admission == Admission.WAITING) {
			Duration left = Duration.ofNanos(this.ttlNanos - (now - oldest.acceptedNanos()));
			this.expiryTimer = this.scheduler.schedule(this::expire, left.isNegative() ? Duration.ZERO : left);
		}
	}

	private void closeWhenDone(Session session) {
		if (this.closeStatus != null) {
			session.flush();
			session.close(this.closeStatus);
			this.session = null;
		}
	}

	private void giveUpAll(Outcome outcome, String reason, @Nullable Throwable cause) {
		Outbound message = this.queue.poll();
		while (message != null) {
			settle(message);
			fail(message, outcome, reason, cause);
			message = this.queue.poll();
		}
	}

	/**
	 * Gives up what was bound to sessions that are over.
	 */
	private void dropBound(@Nullable Throwable cause) {
		this.boundTooLate = false;
		for (Outbound message : this.queue.takeBound()) {
			settle(message);
			fail(message, Outcome.DROPPED, SESSION_OVER, cause);
		}
	}

	private void settle(Outbound message) {
		this.queue.release(message);
		checkDrained();
	}

	private void checkDrained() {
		if (this.full && this.queue.isHalfEmpty()) {
			this.full = false;
			this.fullSignalled = 0;
			this.news.bufferDrained();
			// Those that wait again meanwhile wait for the next time
			for (int i = this.awaitingRoom.size(); i > 0; i--) {
				Objects.requireNonNull(this.awaitingRoom.poll(), "only taken here").run();
			}
		}
	}

	private void fail(Outbound message, Outcome outcome, String reason, @Nullable Throwable cause) {
		WsSendException error = this.errors.send(outcome, phase(), reason, cause);
		this.news.sendFailed(message, outcome);
		message.clearPayload();
		message.completeExceptionally(error);
	}

	private Phase phase() {
		return switch (this.state.get()) {
			case CONNECTING -> Phase.CONNECT;
			case OPEN -> Phase.OPEN;
			case CLOSING -> Phase.CLOSE;
			case IDLE, BACKOFF, CLOSED -> Phase.DISCONNECTED;
		};
	}

	/**
	 * Lets the streamed message under way write.
	 */
	private final class StreamOwner implements OutboundStream.Owner {

		@Override
		public void write(Outbound fragment) {
			Session session = Outbox.this.session;
			if (session != null) {
				Outbox.this.queue.charge(fragment);
				session.write(fragment);
				session.flush();
			}
		}

		@Override
		public void onDropped(String reason, @Nullable Throwable cause) {
			OutboundStream stream = Outbox.this.stream;
			if (stream != null) {
				Outbox.this.stream = null;
				settle(stream.message());
				fail(stream.message(), Outcome.DROPPED, reason, cause);
				drain();
				flush();
			}
		}

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

}
