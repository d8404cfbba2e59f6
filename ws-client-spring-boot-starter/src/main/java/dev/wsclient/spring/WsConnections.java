package dev.wsclient.spring;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.spring.properties.ClientProperties;

/**
 * All connections of the application: those configured by {@code ws.clients.<name>}, as
 * their beans, and those opened at run time. Inject it to find connections by names that
 * are known only at run time, and to open further ones, such as one for each tenant:
 * <pre>
 * ClientProperties settings = new ClientProperties();
 * settings.setUrl("wss://feed.example/" + tenant);
 * connections.open("feed-" + tenant, settings, new FeedHandlers(tenant));
 * ...
 * connections.close("feed-" + tenant);
 * </pre>
 * <p>
 * Safe for use by several threads; no method blocks. A bean of the application of this
 * type takes the place of ours, a mock for instance; life cycle, handler methods, health
 * and meters don't depend on it. One that passes on to ours is {@code @Primary}, and gets
 * it by {@code @Qualifier("wsConnections")}.
 *
 * @since 0.1.0
 */
public interface WsConnections {

	/**
	 * Returns a connection.
	 * @param name the name, as in {@code ws.clients.<name>} or
	 * {@link #open(String, ClientProperties, Object...)}
	 * @return the connection
	 * @throws IllegalArgumentException if there is none of this name; the message lists
	 * the names
	 */
	WsConnection get(String name);

	/**
	 * Finds a connection.
	 * @param name the name
	 * @return the connection, or empty if there is none of this name
	 */
	default Optional<WsConnection> find(String name) {
		@Nullable WsConnection connection = asMap().get(name);
		return Optional.ofNullable(connection);
	}

	/**
	 * Returns the names of all connections there are at the moment.
	 * @return the names, unmodifiable
	 */
	default Set<String> names() {
		return asMap().keySet();
	}

	/**
	 * Returns all connections there are at the moment by their names.
	 * @return an unmodifiable map that doesn't change with later calls
	 */
	Map<String, WsConnection> asMap();

	/**
	 * Returns all connections there are at the moment.
	 * @return a stream
	 */
	default Stream<WsConnection> stream() {
		return asMap().values().stream();
	}

	/**
	 * Opens a connection that is not configured. It is made as if the settings stood
	 * below {@code ws.clients.<name>}: what they leave unset comes from
	 * {@code ws.defaults}, customizers are called, and health, meters and the endpoint
	 * show it. It has no bean.
	 * <p>
	 * It begins to connect at once, or when the application has started if that is yet to
	 * come, unless {@code auto-start} is off; then call {@link WsConnection#connect()}.
	 * Nobody waits for it: {@code startup.fail-fast} has no effect. It is closed with the
	 * application, and before that by {@link #close(String)}.
	 * @param name the name: letters, digits, '-' and '_'; no other connection may have it
	 * @param settings its settings, of which at least the URL is set; read now and not
	 * kept
	 * @param handlers objects with handler methods, annotated by {@link OnWsMessage} and
	 * the like, or of type {@link dev.wsclient.WsListener}; which connections the
	 * annotations name doesn't matter. Beans whose annotations name this connection are
	 * not looked for
	 * @return the connection
	 * @throws IllegalStateException if there is a connection of this name
	 * @throws IllegalArgumentException if the name, a setting or a handler is wrong; the
	 * message says what
	 */
	WsConnection open(String name, ClientProperties settings, Object... handlers);

	/**
	 * Closes a connection that was opened by
	 * {@link #open(String, ClientProperties, Object...)}, and forgets it: as
	 * {@link WsConnection#close()} does, but when that is done health, meters and the
	 * endpoint no longer show it, and its name is free. Configured connections stay; call
	 * {@link WsConnection#close()} for them.
	 * @param name the name
	 * @return a stage that completes when the connection is closed and forgotten; it
	 * never fails
	 * @throws IllegalArgumentException if there is no connection of this name, or if it
	 * is a configured one
	 */
	CompletionStage<Void> close(String name);

}
