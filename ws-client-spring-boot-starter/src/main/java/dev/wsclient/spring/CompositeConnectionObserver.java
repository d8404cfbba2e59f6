package dev.wsclient.spring;

import java.util.List;

import dev.wsclient.WsConnection;

/**
 * Tells several observers, in order. A call of a handler is watched by the first that
 * wants to: an observation is timed by those who hear of it, so a timer beside it would
 * count the call twice.
 */
class CompositeConnectionObserver extends CompositeWsEvents implements ConnectionObserver {

	private final List<ConnectionObserver> observers;

	private final List<ConnectionObserver> handlerWatchers;

	CompositeConnectionObserver(List<ConnectionObserver> observers) {
		super(observers);
		this.observers = List.copyOf(observers);
		this.handlerWatchers = this.observers.stream().filter(ConnectionObserver::watchesHandlers).toList();
	}

	@Override
	public boolean watchesMessages() {
		return this.observers.stream().anyMatch(ConnectionObserver::watchesMessages);
	}

	@Override
	public boolean watchesHandlers() {
		return !this.handlerWatchers.isEmpty();
	}

	@Override
	public void bind(WsConnection connection) {
		this.observers.forEach((observer) -> observer.bind(connection));
	}

	@Override
	public void unbind() {
		this.observers.forEach(ConnectionObserver::unbind);
	}

	@Override
	public HandlerScope handlerStarted(HandlerMethod handler, WsHandlerEvent event) {
		for (ConnectionObserver observer : this.handlerWatchers) {
			HandlerScope scope = observer.handlerStarted(handler, event);
			if (!scope.equals(HandlerScope.NONE)) {
				return scope;
			}
		}
		return HandlerScope.NONE;
	}

	@Override
	public void messageUnhandled() {
		this.observers.forEach(ConnectionObserver::messageUnhandled);
	}

	@Override
	public void messageFiltered() {
		this.observers.forEach(ConnectionObserver::messageFiltered);
	}

	@Override
	public void messageConflated() {
		this.observers.forEach(ConnectionObserver::messageConflated);
	}

}
