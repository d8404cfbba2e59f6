package dev.wsclient.options;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import dev.wsclient.observe.WsEvents;

/**
 * Where and how to connect. Immutable; built by {@link #builder(String)}, changed by
 * {@link #toBuilder()}. {@link #toString()} prints no secrets: neither the query of the
 * URL nor values of headers.
 *
 * @since 0.1.0
 */
public final class WsOptions {

	private final List<URI> uris;

	private final UrlSelection urlSelection;

	private final Duration urlCoolDown;

	private final Map<String, String> optionNames;

	private final String name;

	private final Map<String, List<String>> headers;

	private final List<String> subprotocols;

	private final @Nullable WsHandshakeSupplier handshakeSupplier;

	private final boolean followRedirects;

	private final Set<String> redirectHeaders;

	private final List<String> onOpenMessages;

	private final Duration connectTimeout;

	private final Duration handshakeTimeout;

	private final Duration closeTimeout;

	private final Duration pingInterval;

	private final Duration pingTimeout;

	private final int pingMisses;

	private final PingMode pingMode;

	private final Duration messageTimeout;

	private final @Nullable String keepAliveMessage;

	private final Duration keepAliveMessageInterval;

	private final boolean autoPong;

	private final Reconnect reconnect;

	private final OfflinePolicy offlinePolicy;

	private final Duration offlineTtl;

	private final WhenFull whenFull;

	private final int sendBufferSize;

	private final int sendBufferCount;

	private final int maxMessageSize;

	private final int maxFrameSize;

	private final int maxHandshakeSize;

	private final boolean streaming;

	private final Compression compression;

	private final @Nullable Executor executor;

	private final int executorBacklog;

	private final int executorBacklogBytes;

	private final Supplier<WsTls> tls;

	private final @Nullable WsProxy proxy;

	private final WsTcp tcp;

	private final @Nullable InetSocketAddress localAddress;

	private final @Nullable Path unixSocket;

	private final WsEvents events;

	private WsOptions(Builder builder) {
		this.uris = builder.uris;
		this.urlSelection = builder.urlSelection;
		this.urlCoolDown = builder.urlCoolDown;
		this.optionNames = builder.optionNames;
		this.name = (builder.name != null) ? builder.name : HandshakeFields.host(builder.uris.get(0));
		TreeMap<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		builder.headers.forEach((name, values) -> headers.put(name, List.copyOf(values)));
		this.headers = headers.isEmpty() ? Map.of() : Collections.unmodifiableMap(headers);
		this.subprotocols = List.copyOf(builder.subprotocols);
		this.handshakeSupplier = builder.handshakeSupplier;
		this.followRedirects = builder.followRedirects;
		this.redirectHeaders = builder.redirectHeaders;
		this.onOpenMessages = List.copyOf(builder.onOpenMessages);
		this.connectTimeout = builder.connectTimeout;
		this.handshakeTimeout = builder.handshakeTimeout;
		this.closeTimeout = builder.closeTimeout;
		this.pingInterval = builder.pingInterval;
		this.pingTimeout = builder.pingTimeout;
		this.pingMisses = builder.pingMisses;
		this.pingMode = builder.pingMode;
		this.messageTimeout = builder.messageTimeout;
		this.keepAliveMessage = builder.keepAliveMessage;
		this.keepAliveMessageInterval = builder.keepAliveMessageInterval;
		this.autoPong = builder.autoPong;
		this.reconnect = builder.reconnect;
		this.offlinePolicy = builder.offlinePolicy;
		this.offlineTtl = builder.offlineTtl;
		this.whenFull = builder.whenFull;
		this.sendBufferSize = builder.sendBufferSize;
		this.sendBufferCount = builder.sendBufferCount;
		this.maxMessageSize = builder.maxMessageSize;
		this.maxFrameSize = builder.maxFrameSize;
		this.maxHandshakeSize = builder.maxHandshakeSize;
		this.streaming = builder.streaming;
		this.compression = builder.compression;
		this.executor = builder.executor;
		this.executorBacklog = builder.executorBacklog;
		this.executorBacklogBytes = builder.executorBacklogBytes;

		this.tls = builder.tls;
		this.proxy = builder.proxy;
		this.tcp = builder.tcp;
		this.localAddress = builder.localAddress;
		this.unixSocket = builder.unixSocket;
		this.events = builder.events;
	}

	/**
	 * Starts to build options. The host is resolved anew for each attempt, within the
	 * bounds of the JDK's cache: by default an answer may be 30 seconds old, the security
	 * property {@code networkaddress.cache.ttl} changes that.
	 * @param url the server's URL: {@code ws://} or {@code wss://}, a host, optionally
	 * port, path and query; no user-info and no fragment
	 * @return the builder
	 * @throws IllegalArgumentException if the URL is not such a URL
	 */
	public static Builder builder(String url) {
		return new Builder(List.of(HandshakeFields.parseUrl(url)));
	}

	/**
	 * Starts to build options of a server that has several URLs.
	 * @param urls the URLs, each as for {@link #builder(String)}, at least one, none
	 * twice
	 * @return the builder
	 * @throws IllegalArgumentException if one is not such a URL
	 */
	public static Builder builder(List<String> urls) {
		List<URI> uris = urls.stream().map(HandshakeFields::parseUrl).toList();
		HandshakeFields.require(!uris.isEmpty(), "urls must have at least one URL");
		HandshakeFields.require(new HashSet<>(uris).size() == uris.size(), "urls must not have the same URL twice");
		return new Builder(uris);
	}

	/**
	 * Returns a builder that holds these values.
	 * @return a new builder
	 */
	public Builder toBuilder() {
		return new Builder(this);
	}

	/**
	 * Returns the server's URI, with its query; the first one if there are several.
	 * @return the URI
	 */
	public URI uri() {
		return this.uris.get(0);
	}

	/**
	 * Returns all URIs of the server, with their queries.
	 * @return the URIs in order, at least one
	 */
	public List<URI> uris() {
		return this.uris;
	}

	/**
	 * Returns which of several URLs an attempt takes.
	 * @return the selection
	 */
	public UrlSelection urlSelection() {
		return this.urlSelection;
	}

	/**
	 * Returns how long a URL that failed is left out.
	 * @return the time
	 */
	public Duration urlCoolDown() {
		return this.urlCoolDown;
	}

	/**
	 * Returns the server's first URI without its query, as logs and errors show it.
	 * @return scheme, host, port and path
	 */
	public String redactedUri() {
		return HandshakeFields.redact(uri());
	}

	/**
	 * Returns how errors and log lines name options.
	 * @return the names that the user knows, by those of the builder
	 */
	public Map<String, String> optionNames() {
		return this.optionNames;
	}

	/**
	 * Returns the connection's name.
	 * @return the name; the URL's host unless set
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns the header fields added to the opening handshake.
	 * @return an unmodifiable map whose keys are looked up without regard to case
	 */
	public Map<String, List<String>> headers() {
		return this.headers;
	}

	/**
	 * Returns the subprotocols offered.
	 * @return the names in order of preference, may be empty
	 */
	public List<String> subprotocols() {
		return this.subprotocols;
	}

	/**
	 * Returns what computes the request of each attempt.
	 * @return the supplier, or empty if all attempts ask for what these options say
	 */
	public Optional<WsHandshakeSupplier> handshakeSupplier() {
		return Optional.ofNullable(this.handshakeSupplier);
	}

	/**
	 * Whether redirects are followed.
	 * @return {@code false} unless switched on
	 */
	public boolean followRedirects() {
		return this.followRedirects;
	}

	/**
	 * Returns the names of the header fields that a redirect to another origin takes
	 * along.
	 * @return the names as set, in no particular order, may be empty
	 */
	public Set<String> redirectHeaders() {
		return this.redirectHeaders;
	}

	/**
	 * Returns the text messages sent first in every session.
	 * @return the messages in order, may be empty
	 */
	public List<String> onOpenMessages() {
		return this.onOpenMessages;
	}

	/**
	 * Returns the time allowed for name resolution, TCP, proxy and TLS.
	 * @return the timeout
	 */
	public Duration connectTimeout() {
		return this.connectTimeout;
	}

	/**
	 * Returns the time allowed for the opening handshake.
	 * @return the timeout
	 */
	public Duration handshakeTimeout() {
		return this.handshakeTimeout;
	}

	/**
	 * Returns the time allowed for the closing handshake.
	 * @return the timeout
	 */
	public Duration closeTimeout() {
		return this.closeTimeout;
	}

	/**
	 * Returns after how long without a sign of life a ping is sent.
	 * @return the interval; zero if no pings are sent
	 */
	public Duration pingInterval() {
		return this.pingInterval;
	}

	/**
	 * Returns the time allowed for a sign of life after a ping.
	 * @return the timeout
	 */
	public Duration pingTimeout() {
		return this.pingTimeout;
	}

	/**
	 * Returns how many pings in a row may go unanswered before the session is ended.
	 * @return the number of pings
	 */
	public int pingMisses() {
		return this.pingMisses;
	}

	/**
	 * Returns when pings are sent.
	 * @return the mode
	 */
	public PingMode pingMode() {
		return this.pingMode;
	}

	/**
	 * Returns after how long without a message the session is ended.
	 * @return the timeout; zero if a session may be without messages
	 */
	public Duration messageTimeout() {
		return this.messageTimeout;
	}

	/**
	 * Returns the text message that is sent again and again to keep the session alive.
	 * @return the message, or empty for none
	 */
	public Optional<String> keepAliveMessage() {
		return Optional.ofNullable(this.keepAliveMessage);
	}

	/**
	 * Returns how often the keep-alive message is sent.
	 * @return the interval; zero without such a message
	 */
	public Duration keepAliveMessageInterval() {
		return this.keepAliveMessageInterval;
	}

	/**
	 * Whether pings are answered automatically.
	 * @return {@code true} unless switched off
	 */
	public boolean autoPong() {
		return this.autoPong;
	}

	/**
	 * Returns the reconnect policy.
	 * @return the policy
	 */
	public Reconnect reconnect() {
		return this.reconnect;
	}

	/**
	 * Returns what becomes of messages while there is no session.
	 * @return the policy
	 */
	public OfflinePolicy offlinePolicy() {
		return this.offlinePolicy;
	}

	/**
	 * Returns how long a message waits for a session.
	 * @return the time; zero for as long as it takes
	 */
	public Duration offlineTtl() {
		return this.offlineTtl;
	}

	/**
	 * Returns what becomes of a message that finds the send buffer full while there is no
	 * session.
	 * @return the value
	 */
	public WhenFull whenFull() {
		return this.whenFull;
	}

	/**
	 * Returns how many bytes of payload may wait for being written.
	 * @return the number of bytes
	 */
	public int sendBufferSize() {
		return this.sendBufferSize;
	}

	/**
	 * Returns how many messages may wait for being written.
	 * @return the number of messages
	 */
	public int sendBufferCount() {
		return this.sendBufferCount;
	}

	/**
	 * Returns the largest message that is received.
	 * @return the number of bytes of payload
	 */
	public int maxMessageSize() {
		return this.maxMessageSize;
	}

	/**
	 * Returns the largest data frame that is received.
	 * @return the number of bytes of payload
	 */
	public int maxFrameSize() {
		return this.maxFrameSize;
	}

	/**
	 * Returns the largest status line and header section that is received.
	 * @return the number of bytes
	 */
	public int maxHandshakeSize() {
		return this.maxHandshakeSize;
	}

	/**
	 * Whether messages are received in pieces.
	 * @return {@code false} unless switched on
	 */
	public boolean streaming() {
		return this.streaming;
	}

	/**
	 * Returns whether and how messages are compressed.
	 * @return the value
	 */
	public Compression compression() {
		return this.compression;
	}

	/**
	 * Returns where the listener is called.
	 * @return the executor, or empty for the event loop
	 */
	public Optional<Executor> executor() {
		return Optional.ofNullable(this.executor);
	}

	/**
	 * Returns how many calls may wait for the executor before the socket is not read.
	 * @return the number of calls
	 */
	public int executorBacklog() {
		return this.executorBacklog;
	}

	/**
	 * Returns how many bytes of messages may wait for the executor before the socket is
	 * not read.
	 * @return the number of bytes
	 */
	public int executorBacklogBytes() {
		return this.executorBacklogBytes;
	}

	/**
	 * Returns the options of TLS for {@code wss://}, as an attempt that starts now takes
	 * them.
	 * @return the options
	 * @throws RuntimeException what a {@linkplain Builder#tls(Supplier) supplier} throws
	 */
	public WsTls tls() {
		return Objects.requireNonNull(this.tls.get(), "the supplier of tls gave null");
	}

	/**
	 * Returns the proxy.
	 * @return the proxy, or empty for none
	 */
	public Optional<WsProxy> proxy() {
		return Optional.ofNullable(this.proxy);
	}

	/**
	 * Returns the options of the TCP socket.
	 * @return the options
	 */
	public WsTcp tcp() {
		return this.tcp;
	}

	/**
	 * Returns the address of this machine that is connected from.
	 * @return the address, or empty if the system chooses
	 */
	public Optional<InetSocketAddress> localAddress() {
		return Optional.ofNullable(this.localAddress);
	}

	/**
	 * Returns the unix domain socket that is connected to.
	 * @return its path, or empty for TCP
	 */
	public Optional<Path> unixSocket() {
		return Optional.ofNullable(this.unixSocket);
	}

	/**
	 * Returns what watches the connection.
	 * @return the events, {@link WsEvents#NONE} by default
	 */
	public WsEvents events() {
		return this.events;
	}

	@Override
	public String toString() {
		return "WsOptions[name=" + this.name + ", uris=" + this.uris.stream().map(HandshakeFields::redact).toList()
				+ ", urlSelection=" + this.urlSelection + ", urlCoolDown=" + this.urlCoolDown + ", followRedirects="
				+ this.followRedirects + ", redirectHeaders=" + this.redirectHeaders + ", headers="
				+ this.headers.keySet() + ", subprotocols=" + this.subprotocols + ", connectTimeout="
				+ this.connectTimeout + ", handshakeTimeout=" + this.handshakeTimeout + ", closeTimeout="
				+ this.closeTimeout + ", pingInterval=" + this.pingInterval + ", pingTimeout=" + this.pingTimeout
				+ ", pingMisses=" + this.pingMisses + ", pingMode=" + this.pingMode + ", messageTimeout="
				+ this.messageTimeout + ", keepAliveMessageInterval=" + this.keepAliveMessageInterval + ", autoPong="
				+ this.autoPong + ", reconnect=" + this.reconnect + ", offlinePolicy=" + this.offlinePolicy
				+ ", offlineTtl=" + this.offlineTtl + ", whenFull=" + this.whenFull + ", sendBufferSize="
				+ this.sendBufferSize + ", sendBufferCount=" + this.sendBufferCount + ", maxMessageSize="
				+ this.maxMessageSize + ", maxFrameSize=" + this.maxFrameSize + ", maxHandshakeSize="
				+ this.maxHandshakeSize + ", streaming=" + this.streaming + ", compression=" + this.compression
				+ ", executorBacklog=" + this.executorBacklog + ", tls=" + tlsText() + ", proxy=" + this.proxy
				+ ", tcp=" + this.tcp + ", localAddress=" + this.localAddress + ", unixSocket=" + this.unixSocket + "]";
	}

	private String tlsText() {
		return (this.tls instanceof FixedTls fixed) ? fixed.tls().toString() : "supplied";
	}

	/**
	 * Options of TLS that don't change.
	 *
	 * @param tls the options
	 */
	private record FixedTls(WsTls tls) implements Supplier<WsTls> {

		@Override
		public WsTls get() {
			return this.tls;
		}

	}

	/**
	 * Builds {@link WsOptions}. Every method checks its argument at once. Not safe for
	 * use by several threads.
	 */
	public static final class Builder {

		/**
		 * What fits into the address on all systems: 104 bytes with their end on macOS.
		 */
		private static final int MAX_UNIX_PATH = 103;

		// One object for all connections
		private static final Duration COOL_DOWN = Duration.ofMinutes(1);

		private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

		private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

		private static final Duration PING_INTERVAL = Duration.ofSeconds(30);

		private static final Duration PING_TIMEOUT = Duration.ofSeconds(20);

		private static final Supplier<WsTls> TLS = new FixedTls(WsTls.defaults());

		private final List<URI> uris;

		private UrlSelection urlSelection = UrlSelection.ORDERED;

		private Duration urlCoolDown = COOL_DOWN;

		private Map<String, String> optionNames = Map.of();

		private @Nullable String name;

		private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

		private List<String> subprotocols = List.of();

		private @Nullable WsHandshakeSupplier handshakeSupplier;

		private boolean followRedirects;

		private Set<String> redirectHeaders = Set.of();

		private List<String> onOpenMessages = List.of();

		private Duration connectTimeout = CONNECT_TIMEOUT;

		private Duration handshakeTimeout = CONNECT_TIMEOUT;

		private Duration closeTimeout = CLOSE_TIMEOUT;

		private Duration pingInterval = PING_INTERVAL;

		private Duration pingTimeout = PING_TIMEOUT;

		private int pingMisses = 1;

		private PingMode pingMode = PingMode.IDLE;

		private Duration messageTimeout = Duration.ZERO;

		private @Nullable String keepAliveMessage;

		private Duration keepAliveMessageInterval = Duration.ZERO;

		private boolean autoPong = true;

		private Reconnect reconnect = Reconnect.defaults();

		private OfflinePolicy offlinePolicy = OfflinePolicy.FAIL;

		private Duration offlineTtl = Duration.ZERO;

		private WhenFull whenFull = WhenFull.FAIL;

		private int sendBufferSize = 1024 * 1024;

		private int sendBufferCount = 65_536;

		private int maxMessageSize = 10 * 1024 * 1024;

		private int maxFrameSize = Integer.MAX_VALUE;

		private int maxHandshakeSize = 64 * 1024;

		private boolean streaming;

		private Compression compression = Compression.defaults();

		private @Nullable Executor executor;

		private int executorBacklog = 1024;

		private int executorBacklogBytes = 16 * 1024 * 1024;

		private Supplier<WsTls> tls = TLS;

		private @Nullable WsProxy proxy;

		private WsTcp tcp = WsTcp.defaults();

		private @Nullable InetSocketAddress localAddress;

		private @Nullable Path unixSocket;

		private WsEvents events = WsEvents.NONE;

		private Builder(List<URI> uris) {
			this.uris = uris;
		}

		private Builder(WsOptions options) {
			this.uris = options.uris;
			this.urlSelection = options.urlSelection;
			this.urlCoolDown = options.urlCoolDown;
			this.optionNames = options.optionNames;
			this.name = options.name;
			options.headers.forEach((name, values) -> this.headers.put(name, new ArrayList<>(values)));
			this.subprotocols = options.subprotocols;
			this.handshakeSupplier = options.handshakeSupplier;
			this.followRedirects = options.followRedirects;
			this.redirectHeaders = options.redirectHeaders;
			this.onOpenMessages = options.onOpenMessages;
			this.connectTimeout = options.connectTimeout;
			this.handshakeTimeout = options.handshakeTimeout;
			this.closeTimeout = options.closeTimeout;
			this.pingInterval = options.pingInterval;
			this.pingTimeout = options.pingTimeout;
			this.pingMisses = options.pingMisses;
			this.pingMode = options.pingMode;
			this.messageTimeout = options.messageTimeout;
			this.keepAliveMessage = options.keepAliveMessage;
			this.keepAliveMessageInterval = options.keepAliveMessageInterval;
			this.autoPong = options.autoPong;
			this.reconnect = options.reconnect;
			this.offlinePolicy = options.offlinePolicy;
			this.offlineTtl = options.offlineTtl;
			this.whenFull = options.whenFull;
			this.sendBufferSize = options.sendBufferSize;
			this.sendBufferCount = options.sendBufferCount;
			this.maxMessageSize = options.maxMessageSize;
			this.maxFrameSize = options.maxFrameSize;
			this.maxHandshakeSize = options.maxHandshakeSize;
			this.streaming = options.streaming;
			this.compression = options.compression;
			this.executor = options.executor;
			this.executorBacklog = options.executorBacklog;
			this.executorBacklogBytes = options.executorBacklogBytes;

			this.tls = options.tls;
			this.proxy = options.proxy;
			this.tcp = options.tcp;
			this.localAddress = options.localAddress;
			this.unixSocket = options.unixSocket;
			this.events = options.events;
		}

		/**
		 * Names the connection in logs, errors and meters. Default: the URL's host.
		 * @param name the name, not blank
		 * @return this builder
		 */
		public Builder name(String name) {
			HandshakeFields.require(!name.isBlank(), "name must not be blank");
			this.name = name;
			return this;
		}

		/**
		 * Adds a value of a header field to the opening handshake; a name may have
		 * several values. {@code Host} and {@code Origin} replace those the client would
		 * send and, as {@code Authorization}, can have one value only.
		 * @param name the field name, a token (RFC 9110, section 5.6.2), not one that the
		 * handshake itself needs
		 * @param value the field value, visible ASCII or Latin-1 without CR, LF or other
		 * control characters
		 * @return this builder
		 * @throws IllegalArgumentException if name or value would break the request
		 */
		public Builder header(String name, String value) {
			List<String> values = new ArrayList<>(this.headers.getOrDefault(name, List.of()));
			values.add(value);
			HandshakeFields.requireHeader(name, values);
			this.headers.put(name, name.equalsIgnoreCase("Cookie") ? HandshakeFields.oneCookieField(values) : values);
			return this;
		}

		/**
		 * Adds a cookie to the {@code Cookie} header (RFC 6265, section 5.4).
		 * @param name the cookie's name, a token
		 * @param value the cookie's value: visible ASCII without quotes, comma, semicolon
		 * and backslash
		 * @return this builder
		 * @throws IllegalArgumentException if name or value can't stand in a cookie
		 */
		public Builder cookie(String name, String value) {
			HandshakeFields.requireCookie(name, value);
			return header("Cookie", name + "=" + value);
		}

		/**
		 * Sets the {@code Origin} header (RFC 6455, section 10.2).
		 * @param origin the origin, such as {@code https://app.example}
		 * @return this builder
		 * @throws IllegalArgumentException if the value would break the request
		 */
		public Builder origin(String origin) {
			this.headers.remove("Origin");
			return header("Origin", origin);
		}

		/**
		 * Offers subprotocols, in order of preference. Default: none.
		 * @param subprotocols the names, each a token, none twice
		 * @return this builder
		 * @throws IllegalArgumentException if a name is not a token or comes twice
		 */
		public Builder subprotocols(String... subprotocols) {
			this.subprotocols = HandshakeFields.requireSubprotocols(List.of(subprotocols));
			return this;
		}

		/**
		 * Sets which of several URLs an attempt takes. Default:
		 * {@link UrlSelection#ORDERED}.
		 * @param selection the selection
		 * @return this builder
		 */
		public Builder urlSelection(UrlSelection selection) {
			this.urlSelection = Objects.requireNonNull(selection, "urlSelection");
			return this;
		}

		/**
		 * Sets how long a URL that failed is left out if there are others. Default: 1
		 * minute.
		 * @param coolDown the time, zero for not at all
		 * @return this builder
		 */
		public Builder urlCoolDown(Duration coolDown) {
			this.urlCoolDown = Durations.requireNotNegative(coolDown, "urlCoolDown");
			return this;
		}

		/**
		 * Sets what computes URL, header fields and subprotocols anew for each attempt.
		 * Default: nothing, all attempts ask for what these options say.
		 * @param supplier the supplier
		 * @return this builder
		 */
		public Builder handshakeSupplier(WsHandshakeSupplier supplier) {
			this.handshakeSupplier = Objects.requireNonNull(supplier, "handshakeSupplier");
			return this;
		}

		/**
		 * Sets whether redirects (HTTP status 301, 302, 303, 307, 308) are followed: at
		 * most 5 in a row, never from {@code wss} to {@code ws}. To another origin
		 * (scheme, host and port, RFC 6454, section 4) the request takes nothing along
		 * but what {@link #redirectHeaders} allows: no header field, no cookie, no
		 * subprotocol, no client certificate; nor does it if that origin leads back.
		 * Messages, such as those sent first in every session, go to wherever a session
		 * opens. Cookies that a redirect within an origin sets go to its target (RFC
		 * 6265). Default: {@code false}.
		 * @param followRedirects whether to follow
		 * @return this builder
		 */
		public Builder followRedirects(boolean followRedirects) {
			this.followRedirects = followRedirects;
			return this;
		}

		/**
		 * Sets the names of the header fields that a redirect to another origin takes
		 * along, those of the handshake supplier too. With {@code Sec-WebSocket-Protocol}
		 * the subprotocols are offered there. Name what is no secret, or what is meant
		 * for every server that may be redirected to. Default: none.
		 * @param names the field names, each a token, in any case; not {@code Host}
		 * @return this builder
		 * @throws IllegalArgumentException if a name is not a token, or is one of the
		 * handshake itself
		 */
		public Builder redirectHeaders(String... names) {
			this.redirectHeaders = HandshakeFields.requireRedirectHeaders(List.of(names));
			return this;
		}

		/**
		 * Sets text messages that are sent first in every session, such as a log-in or
		 * subscriptions. Default: none.
		 * @param messages the messages in order
		 * @return this builder
		 */
		public Builder onOpenMessages(String... messages) {
			this.onOpenMessages = List.of(messages);
			return this;
		}

		/**
		 * Sets the time allowed for name resolution, TCP, proxy and TLS. Default: 10
		 * seconds.
		 * @param timeout more than zero
		 * @return this builder
		 */
		public Builder connectTimeout(Duration timeout) {
			this.connectTimeout = Durations.requirePositive(timeout, "connectTimeout");
			return this;
		}

		/**
		 * Sets the time allowed for the opening handshake. Default: 10 seconds.
		 * @param timeout more than zero
		 * @return this builder
		 */
		public Builder handshakeTimeout(Duration timeout) {
			this.handshakeTimeout = Durations.requirePositive(timeout, "handshakeTimeout");
			return this;
		}

		/**
		 * Sets the time allowed for the closing handshake. Default: 5 seconds.
		 * @param timeout more than zero
		 * @return this builder
		 */
		public Builder closeTimeout(Duration timeout) {
			this.closeTimeout = Durations.requirePositive(timeout, "closeTimeout");
			return this;
		}

		/**
		 * Sets after how long without a sign of life a ping is sent, or how often if the
		 * {@linkplain #pingMode(PingMode) mode} is {@link PingMode#ALWAYS}. Default: 30
		 * seconds.
		 * @param interval the interval; zero turns pings off
		 * @return this builder
		 */
		public Builder pingInterval(Duration interval) {
			this.pingInterval = Durations.requireNotNegative(interval, "pingInterval");
			return this;
		}

		/**
		 * Sets the time allowed for a sign of life after a ping: any received byte is
		 * one, and so is progress of a large message, behind which the ping waits: that
		 * the server takes bytes from a socket that was full. When it passes the session
		 * is ended. Default: 20 seconds.
		 * @param timeout more than zero
		 * @return this builder
		 */
		public Builder pingTimeout(Duration timeout) {
			this.pingTimeout = Durations.requirePositive(timeout, "pingTimeout");
			return this;
		}

		/**
		 * Sets how many pings in a row may go unanswered, each for the ping timeout,
		 * before the session is ended. Default: 1.
		 * @param misses the number of pings, at least 1
		 * @return this builder
		 */
		public Builder pingMisses(int misses) {
			this.pingMisses = requirePositive(misses, "pingMisses");
			return this;
		}

		/**
		 * Sets when pings are sent: after a time of silence, which is the default, or
		 * each interval whatever arrives.
		 * @param mode the mode
		 * @return this builder
		 */
		public Builder pingMode(PingMode mode) {
			this.pingMode = Objects.requireNonNull(mode, "pingMode");
			return this;
		}

		/**
		 * Sets after how long without a message from the server the session is ended,
		 * whatever pings say: for feeds that never fall silent. The time rests while
		 * reading is paused. Default: zero.
		 * @param timeout the timeout; zero if a session may be without messages
		 * @return this builder
		 */
		public Builder messageTimeout(Duration timeout) {
			this.messageTimeout = Durations.requireNotNegative(timeout, "messageTimeout");
			return this;
		}

		/**
		 * Sets a text message that is sent in fixed intervals while a session is open,
		 * for servers that want more than pings. Default: none.
		 * @param message the message
		 * @param interval the interval, more than zero
		 * @return this builder
		 */
		public Builder keepAliveMessage(String message, Duration interval) {
			this.keepAliveMessage = Objects.requireNonNull(message, "message");
			this.keepAliveMessageInterval = Durations.requirePositive(interval, "keepAliveMessage interval");
			return this;
		}

		/**
		 * Sets whether pings are answered automatically. Default: {@code true}.
		 * @param autoPong {@code false} if the user answers by
		 * {@link dev.wsclient.WsConnection#pong}
		 * @return this builder
		 */
		public Builder autoPong(boolean autoPong) {
			this.autoPong = autoPong;
			return this;
		}

		/**
		 * Sets the reconnect policy. Default: {@link Reconnect#defaults()}.
		 * @param reconnect the policy
		 * @return this builder
		 */
		public Builder reconnect(Reconnect reconnect) {
			this.reconnect = Objects.requireNonNull(reconnect, "reconnect");
			return this;
		}

		/**
		 * Sets what becomes of messages while there is no session. Default:
		 * {@link OfflinePolicy#FAIL}.
		 * @param policy the policy
		 * @return this builder
		 */
		public Builder offlinePolicy(OfflinePolicy policy) {
			this.offlinePolicy = Objects.requireNonNull(policy, "offlinePolicy");
			return this;
		}

		/**
		 * Sets how long a message waits for a session, each for itself; then it expires.
		 * Default: zero.
		 * @param ttl the time; zero for as long as it takes
		 * @return this builder
		 */
		public Builder offlineTtl(Duration ttl) {
			this.offlineTtl = Durations.requireNotNegative(ttl, "offlineTtl");
			return this;
		}

		/**
		 * Sets what becomes of a message that finds the send buffer full while there is
		 * no session. Default: {@link WhenFull#FAIL}.
		 * @param whenFull the value
		 * @return this builder
		 */
		public Builder whenFull(WhenFull whenFull) {
			this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
			return this;
		}

		/**
		 * Sets how many bytes of payload may wait for being written; a message that
		 * doesn't fit is not accepted. Default: 1 MiB.
		 * @param bytes the number of bytes, at least 1
		 * @return this builder
		 */
		public Builder sendBufferSize(int bytes) {
			this.sendBufferSize = requirePositive(bytes, "sendBufferSize");
			return this;
		}

		/**
		 * Sets how many messages may wait for being written. Default: 65,536.
		 * @param messages the number of messages, at least 1
		 * @return this builder
		 */
		public Builder sendBufferCount(int messages) {
			this.sendBufferCount = requirePositive(messages, "sendBufferCount");
			return this;
		}

		/**
		 * Sets the largest message that is received; a larger one fails the session with
		 * close code 1009. Default: 10 MiB.
		 * @param bytes the number of bytes of payload, at least 1
		 * @return this builder
		 */
		public Builder maxMessageSize(int bytes) {
			this.maxMessageSize = requirePositive(bytes, "maxMessageSize");
			return this;
		}

		/**
		 * Sets the largest data frame that is received, as it is on the wire; a larger
		 * one fails the session with close code 1009. Default: no limit but that of
		 * messages.
		 * @param bytes the number of bytes of payload, at least 1
		 * @return this builder
		 */
		public Builder maxFrameSize(int bytes) {
			this.maxFrameSize = requirePositive(bytes, "maxFrameSize");
			return this;
		}

		/**
		 * Sets the largest status line and header section that is received. Default: 64
		 * KiB.
		 * @param bytes the number of bytes, at least 1
		 * @return this builder
		 */
		public Builder maxHandshakeSize(int bytes) {
			this.maxHandshakeSize = requirePositive(bytes, "maxHandshakeSize");
			return this;
		}

		/**
		 * Sets whether messages are received in pieces as the bytes arrive, by
		 * {@link dev.wsclient.WsListener#onFragment} in place of {@code onMessage}: for
		 * messages that are not to be in memory as a whole. They may be of any size then.
		 * Default: {@code false}.
		 * @param streaming whether to stream
		 * @return this builder
		 */
		public Builder streaming(boolean streaming) {
			this.streaming = streaming;
			return this;
		}

		/**
		 * Sets whether and how messages are compressed, if the server agrees. Default:
		 * {@link Compression#defaults()}.
		 * @param compression the value
		 * @return this builder
		 */
		public Builder compression(Compression compression) {
			this.compression = Objects.requireNonNull(compression, "compression");
			return this;
		}

		/**
		 * Sets where the listener is called: still one call at a time and in order, with
		 * messages copied out of the network buffer. Default: on the event loop.
		 * @param executor the executor; it may run tasks in any order and on any threads
		 * @return this builder
		 */
		public Builder executor(Executor executor) {
			this.executor = Objects.requireNonNull(executor, "executor");
			return this;
		}

		/**
		 * Sets how many calls may wait for the executor, with the one under way, before
		 * reading stops; it goes on when half of them are done. What one read of the
		 * socket brought besides is not delivered before that either. Messages that the
		 * listener retains ({@link dev.wsclient.WsMessage#retain()}) count too, also on
		 * the event loop. Default: 1,024.
		 * @param calls the number of calls, at least 1
		 * @return this builder
		 */
		public Builder executorBacklog(int calls) {
			this.executorBacklog = requirePositive(calls, "executorBacklog");
			return this;
		}

		/**
		 * Sets how many bytes of messages may wait for the executor, or be retained,
		 * before the socket is not read; it is read again when half of them are done.
		 * Default: 16 MiB.
		 * @param bytes the number of bytes, at least 1
		 * @return this builder
		 */
		public Builder executorBacklogBytes(int bytes) {
			this.executorBacklogBytes = requirePositive(bytes, "executorBacklogBytes");
			return this;
		}

		/**
		 * Sets the TLS context for {@code wss://}; short for
		 * {@link WsTls#withSslContext(SSLContext)}. The server's name is verified with
		 * any context.
		 * @param sslContext the context
		 * @return this builder
		 * @throws IllegalArgumentException if the options of TLS have trust or key
		 */
		public Builder sslContext(SSLContext sslContext) {
			return tls(this.tls.get().withSslContext(sslContext));
		}

		/**
		 * Sets the options of TLS for {@code wss://}. Default: {@link WsTls#defaults()}.
		 * @param tls the options
		 * @return this builder
		 */
		public Builder tls(WsTls tls) {
			return tls(new FixedTls(Objects.requireNonNull(tls, "tls")));
		}

		/**
		 * Sets what supplies the options of TLS for {@code wss://}: for certificates and
		 * trust that change while the connection lives. It is asked once for each
		 * attempt, by several threads but never by an event loop, so it may read files.
		 * It should give the same object as long as nothing changed, as TLS sessions are
		 * resumed with the same object only. An attempt whose options can't be supplied
		 * fails, and the next one asks again.
		 * @param tls supplies the options, never {@code null}
		 * @return this builder
		 */
		public Builder tls(Supplier<WsTls> tls) {
			this.tls = Objects.requireNonNull(tls, "tls");
			return this;
		}

		/**
		 * Sets the proxy through which the server is reached. Default: none.
		 * @param proxy the proxy, or {@code null} for none
		 * @return this builder
		 */
		public Builder proxy(@Nullable WsProxy proxy) {
			this.proxy = proxy;
			return this;
		}

		/**
		 * Sets the options of the TCP socket. Default: {@link WsTcp#defaults()}.
		 * @param tcp the options
		 * @return this builder
		 */
		public Builder tcp(WsTcp tcp) {
			this.tcp = Objects.requireNonNull(tcp, "tcp");
			return this;
		}

		/**
		 * Sets the address of this machine to connect from; of the server's or proxy's
		 * addresses only those of its family are dialled. Default: the system chooses.
		 * @param address the address; port 0 leaves the port to the system
		 * @return this builder
		 * @throws IllegalArgumentException if the address is a name that was not resolved
		 */
		public Builder localAddress(InetSocketAddress address) {
			HandshakeFields.require(!address.isUnresolved(), "localAddress must be an address of this machine, but '"
					+ address.getHostString() + "' can't be resolved");
			this.localAddress = address;
			return this;
		}

		/**
		 * Sets a unix domain socket to connect to in place of the URL's host and port,
		 * which still name the server in the handshake and to TLS. Default: none.
		 * @param path the path of the socket
		 * @return this builder
		 * @throws IllegalArgumentException if no system could take the path
		 */
		public Builder unixSocket(Path path) {
			int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
			HandshakeFields.require(length > 0 && length <= MAX_UNIX_PATH,
					"unixSocket must be a path of 1 to " + MAX_UNIX_PATH + " bytes, was of " + length);
			this.unixSocket = path;
			return this;
		}

		/**
		 * Sets how errors and log lines name options, for those who set options by other
		 * names, such as properties. Default: none, so as this builder does.
		 * @param names the names that the user knows, by those of the builder, such as
		 * {@code proxy}, or {@code reconnect stopOn} within a record; <code>{name}</code>
		 * in them stands for the name of the connection
		 * @return this builder
		 */
		public Builder optionNames(Map<String, String> names) {
			this.optionNames = Map.copyOf(names);
			return this;
		}

		/**
		 * Sets what watches the connection. Default: nothing.
		 * @param events the events
		 * @return this builder
		 */
		public Builder events(WsEvents events) {
			this.events = Objects.requireNonNull(events, "events");
			return this;
		}

		/**
		 * Builds the options.
		 * @return the options
		 * @throws IllegalArgumentException if options contradict each other
		 */
		public WsOptions build() {
			HandshakeFields.require(this.unixSocket == null || this.proxy == null,
					"unixSocket and proxy can't be combined: a unix domain socket is on this machine");
			HandshakeFields.require(this.unixSocket == null || this.localAddress == null,
					"unixSocket and localAddress can't be combined: a unix domain socket has no local address");
			return new WsOptions(this);
		}

		private static int requirePositive(int value, String name) {
			HandshakeFields.require(value > 0, name + " must be at least 1, was " + value);
			return value;
		}

	}

}
