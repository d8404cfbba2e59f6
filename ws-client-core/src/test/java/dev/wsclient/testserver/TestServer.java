package dev.wsclient.testserver;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * A real WebSocket server at {@code ws://localhost:port/ws} that echoes messages and
 * chooses the subprotocol {@code chat} when offered.
 */
public abstract class TestServer implements AutoCloseable {

	static final int MAX_MESSAGE_SIZE = 4 * 1024 * 1024;

	/**
	 * For a server that takes memory only for messages that are so large.
	 */
	static final int MAX_STREAMED_SIZE = 32 * 1024 * 1024;

	static final String SUBPROTOCOL = "chat";

	private final List<ServerSession> sessions = new CopyOnWriteArrayList<>();

	private volatile List<String> greetings = List.of();

	private volatile @Nullable Function<ServerSession, Consumer<String>> receivers;

	private int port;

	/**
	 * Starts to listen, on the same port as the last time.
	 */
	public void start() {
		try {
			this.port = listen(this.port);
		}
		catch (Exception ex) {
			throw new IllegalStateException("The server doesn't start on port " + this.port, ex);
		}
	}

	/**
	 * Stops to listen and ends all sessions.
	 */
	public abstract void stop();

	/**
	 * Sends these texts as soon as a session is open.
	 * @param greetings the texts
	 */
	public void greetWith(String... greetings) {
		this.greetings = List.of(greetings);
	}

	/**
	 * Passes texts on, in place of an echo and the record of them.
	 * @param receivers makes the receiver of each session
	 */
	public void passTextsTo(Function<ServerSession, Consumer<String>> receivers) {
		this.receivers = receivers;
	}

	public String uri() {
		return "ws://localhost:" + this.port + "/ws";
	}

	/**
	 * Waits for the newest session.
	 * @param number its number, from 1
	 * @return the session
	 */
	public ServerSession session(int number) {
		await().until(() -> this.sessions.size() >= number);
		return this.sessions.get(number - 1);
	}

	/**
	 * Returns how many sessions were opened so far.
	 * @return the number
	 */
	public int sessions() {
		return this.sessions.size();
	}

	/**
	 * Forgets the sessions so far, so that they take no memory.
	 */
	public void forgetSessions() {
		this.sessions.clear();
	}

	@Override
	public void close() {
		stop();
	}

	@Override
	public String toString() {
		return getClass().getSimpleName();
	}

	/**
	 * Listens on a port.
	 * @param port the port, or 0 for any
	 * @return the port
	 * @throws Exception if that is not possible
	 */
	abstract int listen(int port) throws Exception;

	void opened(ServerSession session) {
		Function<ServerSession, Consumer<String>> receivers = this.receivers;
		if (receivers != null) {
			session.passTextsTo(receivers.apply(session));
		}
		this.greetings.forEach(session::sendText);
		this.sessions.add(session);
	}

}
