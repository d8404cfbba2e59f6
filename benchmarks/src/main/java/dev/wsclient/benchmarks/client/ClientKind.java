package dev.wsclient.benchmarks.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;

import io.netty.util.Version;

import dev.wsclient.benchmarks.client.BenchmarkClient.Settings;

/**
 * The clients that are measured, and the limits that stand beside them.
 */
public enum ClientKind {

	/** Ours, a listener on the event loop. */
	WS_CLIENT("ws-client", Role.OURS),

	/** Ours, annotated methods on the event loop. */
	STARTER_LOOP("ws-client-starter-loop", Role.OURS),

	/** Ours, annotated methods on the application's executor, the default. */
	STARTER("ws-client-starter", Role.OURS),

	/** {@code java.net.http.WebSocket}. */
	JDK("jdk", Role.PEER),

	/** Java-WebSocket. */
	JAVA_WEBSOCKET("java-websocket", Role.PEER),

	/** The client nv-websocket-client. */
	NV("nv-websocket-client", Role.PEER),

	/** OkHttp. */
	OKHTTP("okhttp", Role.PEER),

	/** Jetty. */
	JETTY("jetty", Role.PEER),

	/** Tyrus. */
	TYRUS("tyrus", Role.PEER),

	/** Netty's own codec. */
	NETTY("netty", Role.PEER),

	/** Reactor Netty. */
	REACTOR_NETTY("reactor-netty", Role.PEER),

	/** Vert.x. */
	VERTX("vertx", Role.PEER),

	/** Undertow. */
	UNDERTOW("undertow", Role.PEER),

	/** A loop that walks over headers. */
	LIMIT_HEADERS("limit-headers", Role.LIMIT),

	/** A loop that also makes a {@code String} of each message. */
	LIMIT_STRING("limit-string", Role.LIMIT);

	private final String id;

	private final Role role;

	ClientKind(String id, Role role) {
		this.id = id;
		this.role = role;
	}

	/**
	 * Returns the client of a name.
	 * @param id the name
	 * @return the client
	 * @throws IllegalArgumentException if there is none
	 */
	public static ClientKind of(String id) {
		return Arrays.stream(values())
			.filter((kind) -> kind.id.equals(id))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no client '" + id + "'; there are "
					+ Arrays.stream(values()).map(ClientKind::id).collect(Collectors.joining(", "))));
	}

	/**
	 * Returns the name.
	 * @return the name
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Returns what it is measured for.
	 * @return the role
	 */
	public Role role() {
		return this.role;
	}

	/**
	 * Returns how many connections it is measured with at most: clients that need a
	 * thread or an application for each get fewer.
	 * @return the number
	 */
	public int maxConnections() {
		return switch (this) {
			case LIMIT_HEADERS, LIMIT_STRING, STARTER, STARTER_LOOP -> 10;
			case JAVA_WEBSOCKET, NV, OKHTTP -> 1000;
			default -> 10_000;
		};
	}

	/**
	 * Makes a client.
	 * @param settings what the workload needs
	 * @return the client
	 * @throws UnsupportedOperationException if it can't do what the workload needs
	 * @throws Exception if it can't start
	 */
	public BenchmarkClient create(Settings settings) throws Exception {
		return switch (this) {
			case WS_CLIENT -> new WsClientAdapter(settings);
			case STARTER_LOOP -> new WsClientStarterAdapter(settings, "event-loop");
			case STARTER -> new WsClientStarterAdapter(settings, "serial");
			case JDK -> new JdkAdapter(settings);
			case JAVA_WEBSOCKET -> new JavaWebSocketAdapter(settings);
			case NV -> new NvWebSocketClientAdapter(settings);
			case OKHTTP -> new OkHttpAdapter(settings);
			case JETTY -> new JettyAdapter(settings);
			case TYRUS -> new TyrusAdapter(settings);
			case NETTY -> new NettyAdapter(settings);
			case REACTOR_NETTY -> new ReactorNettyAdapter(settings);
			case VERTX -> new VertxAdapter(settings);
			case UNDERTOW -> new UndertowAdapter(settings);
			case LIMIT_HEADERS -> new LimitAdapter(settings, false);
			case LIMIT_STRING -> new LimitAdapter(settings, true);
		};
	}

	/**
	 * Returns the version that is measured.
	 * @return the version
	 */
	public String version() {
		return switch (this) {
			case WS_CLIENT, STARTER, STARTER_LOOP -> versions().getProperty("ws-client");
			case JDK -> System.getProperty("java.version");
			case JETTY -> org.eclipse.jetty.util.Jetty.VERSION;
			case NETTY -> Objects.requireNonNull(Version.identify().get("netty-codec-http")).artifactVersion();
			case REACTOR_NETTY -> Objects.requireNonNullElse(
					reactor.netty.http.client.HttpClient.class.getPackage().getImplementationVersion(), "?");
			case LIMIT_HEADERS, LIMIT_STRING -> "";
			default -> versions().getProperty(this.id, "?");
		};
	}

	private static Properties versions() {
		try (InputStream in = ClientKind.class.getResourceAsStream("/dev/wsclient/benchmarks/versions.properties")) {
			Properties versions = new Properties();
			versions.load(Objects.requireNonNull(in));
			return versions;
		}
		catch (IOException ex) {
			throw new IllegalStateException("The versions can't be read", ex);
		}
	}

	@Override
	public String toString() {
		return this.id;
	}

	/**
	 * What a client is measured for.
	 */
	public enum Role {

		/** It is the one to be judged. */
		OURS,

		/** It is what ours is compared with. */
		PEER,

		/** It shows what the least is. */
		LIMIT

	}

}
