package dev.wsclient.spring;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;

import org.springframework.context.ApplicationEventPublisher;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
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

	private final MessageConverters converters;

	private final MessageKeys keys;

	private final InstantSource clock;

	private final SslBundleUpdates sslBundleUpdates;

	ManagedConnectionFactory(WsClient client, Executor executor, ConnectionObserver.Factory observers,
			ApplicationEventPublisher publisher, MessageConverters converters, MessageKeys keys, InstantSource clock,
			SslBundleUpdates sslBundleUpdates) {
		this.keys = keys;
		this.client = client;
		this.executor = executor;
		this.observers = observers;
		this.publisher = publisher;
		this.converters = converters;
		this.clock = clock;
		this.sslBundleUpdates = sslBundleUpdates;
	}

	/**
	 * Makes a connection and leaves it idle.
	 * @param optionsFactory makes its options
	 * @param listeners hear of it besides handler methods
	 * @return the connection
	 */
	ManagedConnection create(WsOptionsFactory optionsFactory, List<WsListener> listeners) {
		WsOptions options = optionsFactory.create(this.executor);
		HealthSettings health = optionsFactory.health();
		StartupSettings startup = optionsFactory.startup();
		WsOptions.Builder builder = options.toBuilder().name(optionsFactory.name());
		Executor users = options.executor().orElse(null);
		DispatchSettings settings = optionsFactory.dispatch(this.keys);
		Executor serial = Runnable::run;
		Lanes lanes = null;
		if (users != null) {
			Executor delegate = LogContext.of(optionsFactory.name(), users);
			Executor fallback = LogContext.of(optionsFactory.name(), this.executor);
			// A task of the core makes many calls, so one is a turn
			serial = new LimitedExecutor(delegate, fallback, 1, 1);
			builder.executor(serial);
			lanes = settings.lanes(delegate, fallback);
		}
		StateTracker tracker = new StateTracker(this.clock);
		ConnectionObserver observer = this.observers.create(optionsFactory.name());
		builder.events(events(tracker, observer, options.events()));
		HandlerDispatcher dispatcher = new HandlerDispatcher(serial, observer, this.publisher,
				this.converters.sendingJsonAs(optionsFactory.messageType()), (broken) -> {
					tracker.handlerFailed();
					broken.close(CloseStatus.INTERNAL_ERROR.withReason("handler failed"));
				}, lanes, settings, new BacklogShare(options.executorBacklog(), options.executorBacklogBytes()));
		WsListener listener = listeners.isEmpty() ? dispatcher : new ListenerChain(dispatcher, listeners);
		WsOptions complete = builder.build();
		WsConnection connection = Objects.requireNonNull(this.client.connection(complete, listener),
				() -> "The WsClient bean gives no connection: " + this.client.getClass().getName());
		observer.bind(connection);
		Runnable unfollow = this.sslBundleUpdates.follow(optionsFactory.sslBundle(), connection,
				optionsFactory.reconnectOnUpdate());
		HandlerTarget target = new HandlerTarget(optionsFactory.name(), users == null, complete.executorBacklog(),
				optionsFactory.handlerErrors());
		ConnectionSettings further = new ConnectionSettings(health, startup,
				new StartupLine(complete, settings, startup.autoStart()), optionsFactory.shutdown(), target);
		return new ManagedConnection(connection, dispatcher, tracker, further, () -> {
			unfollow.run();
			observer.unbind();
			optionsFactory.whenForgotten().run();
		});
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
