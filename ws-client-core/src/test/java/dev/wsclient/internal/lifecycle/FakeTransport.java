package dev.wsclient.internal.lifecycle;

import java.util.ArrayList;
import java.util.List;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.internal.transport.SessionHandler;
import dev.wsclient.internal.transport.Transport;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

/**
 * A network whose sessions do what the test says.
 */
final class FakeTransport implements Transport {

	private final FakeScheduler scheduler;

	private final List<FakeSession> sessions = new ArrayList<>();

	private final List<WsHandshakeRequest> requests = new ArrayList<>();

	private boolean abortEndsLater;

	FakeTransport(FakeScheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Makes an abort end its session only when the test does so.
	 */
	void abortEndsLater() {
		this.abortEndsLater = true;
	}

	@Override
	public Scheduler nextScheduler() {
		return this.scheduler;
	}

	@Override
	public Session open(Scheduler scheduler, WsHandshakeRequest request, WsOptions options, SessionHandler handler) {
		if (this.sessions.stream().anyMatch((session) -> !session.isEnded())) {
			throw new AssertionError("two attempts of one connection at a time");
		}
		this.requests.add(request);
		FakeSession session = new FakeSession(this.scheduler, handler, this.abortEndsLater);
		this.sessions.add(session);
		return session;
	}

	List<WsHandshakeRequest> requests() {
		return this.requests;
	}

	int opens() {
		return this.sessions.size();
	}

	FakeSession newest() {
		return this.sessions.get(this.sessions.size() - 1);
	}

}
