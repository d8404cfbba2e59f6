package dev.wsclient.spring;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.WsOptions;

/**
 * Makes connections: options, dispatcher, watchers.
 */
class ManagedConnectionFactory {

	private final WsClient client;

	private final Executor executor;

	private final ConnectionObserver.Factory observers;

	private final ApplicationEventPublisher publisher;

	private final @Nullable JsonCodec json;

	private final InstantSource clock;

	ManagedConnectionFactory(WsClient client, Executor executor, ConnectionObserver.Factory observers,
			ApplicationEventPublisher publisher, @Nullable JsonCodec json, InstantSource clock) {
		this.client = client;
		this.executor = executor;
		this.observers = observers;
		this.publisher = publisher;
		this.json = json;
		this.clock = clock;
	}

	/**
	 * Makes a connection and leaves it idle.
	 * @param optionsFactory makes its options
	 * @return the connection
	 */
	ManagedConnection create(WsOptionsFactory optionsFactory) {
		WsOptions options = optionsFactory.create(this.executor);
		WsOptions.Builder builder = options.toBuilder().name(optionsFactory.name());
		Executor users = options.executor().orElse(null);
		DispatchSettings settings = optionsFactory.dispatch(new MessageKeys(this.json));
		Executor serial = Runnable::run;
		Lanes lanes = null;
		if (users != null) {
			// A task of the core makes many calls, so one is a turn
			serial = new LimitedExecutor(users, this.executor, 1, 1);
			builder.executor(serial);
			lanes = settings.lanes(users, this.executor);
		}
		StateTracker tracker = new StateTracker(this.clock);
		ConnectionObserver observer = this.observers.create(optionsFactory.name());
		builder.events(events(tracker, observer, options.events()));
		HandlerDispatcher dispatcher = new HandlerDispatcher(serial, observer, this.publisher, this.json, lanes,
				settings);
		WsOptions complete = builder.build();
		WsConnection connection = this.client.connection(complete, dispatcher);
		observer.bind(connection);
		return new ManagedConnection(connection, dispatcher, tracker, optionsFactory.health(),
				new StartupLine(complete, settings, optionsFactory.autoStart()),
				complete.closeTimeout());
	}

	private static WsEvents events(StateTracker tracker, ConnectionObserver observer, WsEvents users) {
		List<WsEvents> events = new ArrayList<>(List.of(tracker));
		if (!observer.equals(ConnectionObserver.NONE)) {
			events.add(observer);
		}
		if (!users.equals(WsEvents.NONE)) {
			events.add(users);
		}
		return (events.size() == 1) ? tracker : new CompositeWsEvents(events);
	}

}
