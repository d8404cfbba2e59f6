package dev.wsclient.spring;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.Delimiter;
import org.springframework.util.unit.DataSize;

import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.UrlSelection;
import dev.wsclient.options.WhenFull;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;

/**
 * Properties of the connections. A value that is {@code null} is not set: that of the
 * defaults applies, and without it that of the core.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("ws")
public class WsProperties {

	/**
	 * Settings of all connections, unless a connection has its own.
	 */
	private final Settings defaults = new Settings();

	/**
	 * Connections by their names: letters, digits, '-' and '_'.
	 */
	private final Map<String, Client> clients = new LinkedHashMap<>();

	public Settings getDefaults() {
		return this.defaults;
	}

	public Map<String, Client> getClients() {
		return this.clients;
	}

	/**
	 * Settings of one connection.
	 */
	public static class Client extends Settings {

		/**
		 * URL of the server, starting with ws:// or wss://.
		 */
		private @Nullable String url;

		/**
		 * URLs of the server if it has several, each starting with ws:// or wss://. In
		 * place of url.
		 */
		private @Nullable List<String> urls;

		public @Nullable String getUrl() {
			return this.url;
		}

		public void setUrl(@Nullable String url) {
			this.url = url;
		}

		public @Nullable List<String> getUrls() {
			return this.urls;
		}

		public void setUrls(@Nullable List<String> urls) {
			this.urls = urls;
		}

	}

	/**
	 * Settings that all connections may share.
	 */
	public static class Settings {

		/**
		 * Header fields added to the opening handshake, each with one or several values.
		 */
		private @Nullable Map<String, List<String>> headers;

		/**
		 * Cookies added to the opening handshake, by their names.
		 */
		private @Nullable Map<String, String> cookies;

		/**
		 * Value of the Origin header of the opening handshake.
		 */
		private @Nullable String origin;

		/**
		 * Subprotocols offered, in order of preference.
		 */
		private @Nullable List<String> subprotocols;

		/**
		 * Which of several URLs an attempt takes.
		 */
		private @Nullable UrlSelection selection;

		/**
		 * Time for which a URL that failed is left out if there are others. Zero for not
		 * at all.
		 */
		private @Nullable Duration urlCoolDown;

		/**
		 * Whether redirects of the opening handshake are followed, at most 5 in a row.
		 */
		private @Nullable Boolean followRedirects;

		/**
		 * Whether to connect when the application has started.
		 */
		private @Nullable Boolean autoStart;

		/**
		 * Time allowed for name resolution, TCP, proxy and TLS.
		 */
		private @Nullable Duration connectTimeout;

		/**
		 * Time allowed for the opening handshake.
		 */
		private @Nullable Duration handshakeTimeout;

		/**
		 * Time allowed for the closing handshake.
		 */
		private @Nullable Duration closeTimeout;

		/**
		 * Time without a message from the server after which the session is ended,
		 * whatever pings say. Unlimited if zero.
		 */
		private @Nullable Duration messageTimeout;

		/**
		 * Largest message that is received; a larger one ends the session with close code
		 * 1009.
		 */
		private @Nullable DataSize maxMessageSize;

		/**
		 * Largest frame that is received, as it is on the wire; a larger one ends the
		 * session with close code 1009. Limited by the size of messages only if not set.
		 */
		private @Nullable DataSize maxFrameSize;

		/**
		 * Largest status line and header section of the opening handshake that is
		 * received.
		 */
		private @Nullable DataSize maxHandshakeSize;

		/**
		 * Text messages that are sent first in every session, such as a log-in or
		 * subscriptions.
		 */
		@Delimiter(Delimiter.NONE)
		private @Nullable List<String> onOpen;

		/**
		 * Keep-alive pings.
		 */
		private final Ping ping = new Ping();

		/**
		 * Text message sent in fixed intervals while a session is open.
		 */
		private final KeepAliveMessage keepAliveMessage = new KeepAliveMessage();

		/**
		 * Whether pings of the server are answered. If not, call pong in a handler method
		 * of pings.
		 */
		private @Nullable Boolean autoPong;

		/**
		 * Reconnecting after a failed attempt or a session that ended.
		 */
		private final Reconnect reconnect = new Reconnect();

		/**
		 * Messages that wait for being written.
		 */
		private final SendBuffer sendBuffer = new SendBuffer();

		/**
		 * Compression of messages by permessage-deflate.
		 */
		private final Compression compression = new Compression();

		/**
		 * TLS.
		 */
		private final Ssl ssl = new Ssl();

		/**
		 * OAuth2 of the opening handshake.
		 */
		private final OAuth2 oauth2 = new OAuth2();

		/**
		 * Proxy through which the server is reached.
		 */
		private final Proxy proxy = new Proxy();

		/**
		 * TCP socket.
		 */
		private final Tcp tcp = new Tcp();

		/**
		 * Address of this machine to connect from. Chosen by the system if not set.
		 */
		private @Nullable InetAddress localAddress;

		/**
		 * Path of a unix domain socket to connect to in place of the URL's host and port.
		 */
		private @Nullable String unixSocket;

		/**
		 * Calls of handler methods.
		 */
		private final Dispatch dispatch = new Dispatch();

		/**
		 * Health of the connection.
		 */
		private final Health health = new Health();

		public @Nullable Map<String, List<String>> getHeaders() {
			return this.headers;
		}

		public void setHeaders(@Nullable Map<String, List<String>> headers) {
			this.headers = headers;
		}

		public @Nullable Map<String, String> getCookies() {
			return this.cookies;
		}

		public void setCookies(@Nullable Map<String, String> cookies) {
			this.cookies = cookies;
		}

		public @Nullable String getOrigin() {
			return this.origin;
		}

		public void setOrigin(@Nullable String origin) {
			this.origin = origin;
		}

		public @Nullable List<String> getSubprotocols() {
			return this.subprotocols;
		}

		public void setSubprotocols(@Nullable List<String> subprotocols) {
			this.subprotocols = subprotocols;
		}

		public @Nullable UrlSelection getSelection() {
			return this.selection;
		}

		public void setSelection(@Nullable UrlSelection selection) {
			this.selection = selection;
		}

		public @Nullable Duration getUrlCoolDown() {
			return this.urlCoolDown;
		}

		public void setUrlCoolDown(@Nullable Duration urlCoolDown) {
			this.urlCoolDown = urlCoolDown;
		}

		public @Nullable Boolean getFollowRedirects() {
			return this.followRedirects;
		}

		public void setFollowRedirects(@Nullable Boolean followRedirects) {
			this.followRedirects = followRedirects;
		}

		public @Nullable Boolean getAutoStart() {
			return this.autoStart;
		}

		public void setAutoStart(@Nullable Boolean autoStart) {
			this.autoStart = autoStart;
		}

		public @Nullable Duration getConnectTimeout() {
			return this.connectTimeout;
		}

		public void setConnectTimeout(@Nullable Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
		}

		public @Nullable Duration getHandshakeTimeout() {
			return this.handshakeTimeout;
		}

		public void setHandshakeTimeout(@Nullable Duration handshakeTimeout) {
			this.handshakeTimeout = handshakeTimeout;
		}

		public @Nullable Duration getCloseTimeout() {
			return this.closeTimeout;
		}

		public void setCloseTimeout(@Nullable Duration closeTimeout) {
			this.closeTimeout = closeTimeout;
		}

		public @Nullable Duration getMessageTimeout() {
			return this.messageTimeout;
		}

		public void setMessageTimeout(@Nullable Duration messageTimeout) {
			this.messageTimeout = messageTimeout;
		}

		public @Nullable DataSize getMaxMessageSize() {
			return this.maxMessageSize;
		}

		public void setMaxMessageSize(@Nullable DataSize maxMessageSize) {
			this.maxMessageSize = maxMessageSize;
		}

		public @Nullable DataSize getMaxFrameSize() {
			return this.maxFrameSize;
		}

		public void setMaxFrameSize(@Nullable DataSize maxFrameSize) {
			this.maxFrameSize = maxFrameSize;
		}

		public @Nullable DataSize getMaxHandshakeSize() {
			return this.maxHandshakeSize;
		}

		public void setMaxHandshakeSize(@Nullable DataSize maxHandshakeSize) {
			this.maxHandshakeSize = maxHandshakeSize;
		}

		public @Nullable List<String> getOnOpen() {
			return this.onOpen;
		}

		public void setOnOpen(@Nullable List<String> onOpen) {
			this.onOpen = onOpen;
		}

		public Ping getPing() {
			return this.ping;
		}

		public KeepAliveMessage getKeepAliveMessage() {
			return this.keepAliveMessage;
		}

		public @Nullable Boolean getAutoPong() {
			return this.autoPong;
		}

		public void setAutoPong(@Nullable Boolean autoPong) {
			this.autoPong = autoPong;
		}

		public Reconnect getReconnect() {
			return this.reconnect;
		}

		public SendBuffer getSendBuffer() {
			return this.sendBuffer;
		}

		public Compression getCompression() {
			return this.compression;
		}

		public Ssl getSsl() {
			return this.ssl;
		}

		public OAuth2 getOauth2() {
			return this.oauth2;
		}

		public Proxy getProxy() {
			return this.proxy;
		}

		public Tcp getTcp() {
			return this.tcp;
		}

		public @Nullable InetAddress getLocalAddress() {
			return this.localAddress;
		}

		public void setLocalAddress(@Nullable InetAddress localAddress) {
			this.localAddress = localAddress;
		}

		public @Nullable String getUnixSocket() {
			return this.unixSocket;
		}

		public void setUnixSocket(@Nullable String unixSocket) {
			this.unixSocket = unixSocket;
		}

		public Dispatch getDispatch() {
			return this.dispatch;
		}

		public Health getHealth() {
			return this.health;
		}

	}

	/**
	 * Keep-alive pings.
	 */
	public static class Ping {

		/**
		 * Time without a received byte after which a ping is sent. Zero turns pings off.
		 */
		private @Nullable Duration interval;

		/**
		 * Time allowed for a sign of life after a ping; when it passes the session is
		 * ended.
		 */
		private @Nullable Duration timeout;

		/**
		 * Number of pings in a row that may go unanswered before the session is ended.
		 */
		private @Nullable Integer misses;

		public @Nullable Duration getInterval() {
			return this.interval;
		}

		public void setInterval(@Nullable Duration interval) {
			this.interval = interval;
		}

		public @Nullable Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(@Nullable Duration timeout) {
			this.timeout = timeout;
		}

		public @Nullable Integer getMisses() {
			return this.misses;
		}

		public void setMisses(@Nullable Integer misses) {
			this.misses = misses;
		}

	}

	/**
	 * Keep-alive by a message.
	 */
	public static class KeepAliveMessage {

		/**
		 * Text to send. Nothing is sent if not set or empty.
		 */
		private @Nullable String text;

		/**
		 * Time between two of these messages.
		 */
		private @Nullable Duration interval;

		public @Nullable String getText() {
			return this.text;
		}

		public void setText(@Nullable String text) {
			this.text = text;
		}

		public @Nullable Duration getInterval() {
			return this.interval;
		}

		public void setInterval(@Nullable Duration interval) {
			this.interval = interval;
		}

	}

	/**
	 * Reconnecting.
	 */
	public static class Reconnect {

		/**
		 * Whether to reconnect by itself.
		 */
		private @Nullable Boolean enabled;

		/**
		 * Upper bound of the first delay.
		 */
		private @Nullable Duration initialDelay;

		/**
		 * Upper bound of all delays, at least the initial delay.
		 */
		private @Nullable Duration maxDelay;

		/**
		 * Factor from one upper bound to the next, at least 1.
		 */
		private @Nullable Double multiplier;

		/**
		 * Part of a delay that is random, 0 to 1.
		 */
		private @Nullable Double jitter;

		/**
		 * Number of attempts in a row after which to give up. Unlimited if not set.
		 */
		private @Nullable Integer maxAttempts;

		/**
		 * Time without a stable session after which to give up. Unlimited if not set.
		 */
		private @Nullable Duration maxElapsed;

		/**
		 * Time a session must last to count as stable, which sets the delay back to the
		 * initial one.
		 */
		private @Nullable Duration resetAfter;

		/**
		 * Longest wait that a server may ask for by the header Retry-After.
		 */
		private @Nullable Duration maxRetryAfter;

		public @Nullable Boolean getEnabled() {
			return this.enabled;
		}

		public void setEnabled(@Nullable Boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable Duration getInitialDelay() {
			return this.initialDelay;
		}

		public void setInitialDelay(@Nullable Duration initialDelay) {
			this.initialDelay = initialDelay;
		}

		public @Nullable Duration getMaxDelay() {
			return this.maxDelay;
		}

		public void setMaxDelay(@Nullable Duration maxDelay) {
			this.maxDelay = maxDelay;
		}

		public @Nullable Double getMultiplier() {
			return this.multiplier;
		}

		public void setMultiplier(@Nullable Double multiplier) {
			this.multiplier = multiplier;
		}

		public @Nullable Double getJitter() {
			return this.jitter;
		}

		public void setJitter(@Nullable Double jitter) {
			this.jitter = jitter;
		}

		public @Nullable Integer getMaxAttempts() {
			return this.maxAttempts;
		}

		public void setMaxAttempts(@Nullable Integer maxAttempts) {
			this.maxAttempts = maxAttempts;
		}

		public @Nullable Duration getMaxElapsed() {
			return this.maxElapsed;
		}

		public void setMaxElapsed(@Nullable Duration maxElapsed) {
			this.maxElapsed = maxElapsed;
		}

		public @Nullable Duration getResetAfter() {
			return this.resetAfter;
		}

		public void setResetAfter(@Nullable Duration resetAfter) {
			this.resetAfter = resetAfter;
		}

		public @Nullable Duration getMaxRetryAfter() {
			return this.maxRetryAfter;
		}

		public void setMaxRetryAfter(@Nullable Duration maxRetryAfter) {
			this.maxRetryAfter = maxRetryAfter;
		}

	}

	/**
	 * Messages that wait.
	 */
	public static class SendBuffer {

		/**
		 * Payload that may wait for being written; a message that does not fit is not
		 * accepted.
		 */
		private @Nullable DataSize maxSize;

		/**
		 * Number of messages that may wait for being written.
		 */
		private @Nullable Integer maxCount;

		/**
		 * What becomes of messages while there is no session.
		 */
		private @Nullable OfflinePolicy offline;

		/**
		 * Time that a message waits for a session; then it expires. Unlimited if zero.
		 */
		private @Nullable Duration offlineTtl;

		/**
		 * What becomes of a message that finds the buffer full while there is no session.
		 */
		private @Nullable WhenFull whenFull;

		public @Nullable DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(@Nullable DataSize maxSize) {
			this.maxSize = maxSize;
		}

		public @Nullable Integer getMaxCount() {
			return this.maxCount;
		}

		public void setMaxCount(@Nullable Integer maxCount) {
			this.maxCount = maxCount;
		}

		public @Nullable OfflinePolicy getOffline() {
			return this.offline;
		}

		public void setOffline(@Nullable OfflinePolicy offline) {
			this.offline = offline;
		}

		public @Nullable Duration getOfflineTtl() {
			return this.offlineTtl;
		}

		public void setOfflineTtl(@Nullable Duration offlineTtl) {
			this.offlineTtl = offlineTtl;
		}

		public @Nullable WhenFull getWhenFull() {
			return this.whenFull;
		}

		public void setWhenFull(@Nullable WhenFull whenFull) {
			this.whenFull = whenFull;
		}

	}

	/**
	 * Compression of messages by permessage-deflate.
	 */
	public static class Compression {

		/**
		 * Whether to offer permessage-deflate to the server.
		 */
		private @Nullable Boolean enabled;

		/**
		 * Work to spend on a message sent, 1 (fast) to 9 (small), or 0 not to compress.
		 */
		private @Nullable Integer level;

		/**
		 * Smallest payload that is sent compressed.
		 */
		private @Nullable DataSize minSize;

		/**
		 * Whether the server has to forget each message before the next, which saves
		 * memory and compresses worse.
		 */
		private @Nullable Boolean serverNoContextTakeover;

		/**
		 * Whether the client forgets each message it sent before the next.
		 */
		private @Nullable Boolean clientNoContextTakeover;

		/**
		 * How far back, as a power of two from 8 to 15, the server may refer when it
		 * compresses. Left to the server if not set.
		 */
		private @Nullable Integer serverMaxWindowBits;

		/**
		 * How far back, as a power of two from 8 to 15, the client refers at most when it
		 * compresses. As far as the server allows if not set.
		 */
		private @Nullable Integer clientMaxWindowBits;

		public @Nullable Boolean getEnabled() {
			return this.enabled;
		}

		public void setEnabled(@Nullable Boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable Integer getLevel() {
			return this.level;
		}

		public void setLevel(@Nullable Integer level) {
			this.level = level;
		}

		public @Nullable DataSize getMinSize() {
			return this.minSize;
		}

		public void setMinSize(@Nullable DataSize minSize) {
			this.minSize = minSize;
		}

		public @Nullable Boolean getServerNoContextTakeover() {
			return this.serverNoContextTakeover;
		}

		public void setServerNoContextTakeover(@Nullable Boolean serverNoContextTakeover) {
			this.serverNoContextTakeover = serverNoContextTakeover;
		}

		public @Nullable Boolean getClientNoContextTakeover() {
			return this.clientNoContextTakeover;
		}

		public void setClientNoContextTakeover(@Nullable Boolean clientNoContextTakeover) {
			this.clientNoContextTakeover = clientNoContextTakeover;
		}

		public @Nullable Integer getServerMaxWindowBits() {
			return this.serverMaxWindowBits;
		}

		public void setServerMaxWindowBits(@Nullable Integer serverMaxWindowBits) {
			this.serverMaxWindowBits = serverMaxWindowBits;
		}

		public @Nullable Integer getClientMaxWindowBits() {
			return this.clientMaxWindowBits;
		}

		public void setClientMaxWindowBits(@Nullable Integer clientMaxWindowBits) {
			this.clientMaxWindowBits = clientMaxWindowBits;
		}

	}

	/**
	 * TLS.
	 */
	public static class Ssl {

		/**
		 * Name of the SSL bundle to use for wss URLs. The JDK's default context if not
		 * set.
		 */
		private @Nullable String bundle;

		/**
		 * Name sent to the server (SNI) in place of the URL's host.
		 */
		private @Nullable String serverName;

		/**
		 * Whether the server's certificate must be for its name.
		 */
		private @Nullable Boolean verifyHostname;

		/**
		 * SHA-256 digests of public keys, each as sha256/ and Base64, one of which the
		 * server's certificate or one that signed it must have. Any if not set.
		 */
		private @Nullable List<String> pins;

		/**
		 * TLS versions allowed, such as TLSv1.3. Those of the SSL bundle or provider if
		 * not set.
		 */
		private @Nullable List<String> protocols;

		/**
		 * Cipher suites allowed. Those of the SSL bundle or provider if not set.
		 */
		private @Nullable List<String> ciphers;

		/**
		 * Time allowed for the TLS handshake, within the connect timeout.
		 */
		private @Nullable Duration handshakeTimeout;

		/**
		 * Who does the cryptography.
		 */
		private WsTls.@Nullable Provider provider;

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

		public @Nullable String getServerName() {
			return this.serverName;
		}

		public void setServerName(@Nullable String serverName) {
			this.serverName = serverName;
		}

		public @Nullable Boolean getVerifyHostname() {
			return this.verifyHostname;
		}

		public void setVerifyHostname(@Nullable Boolean verifyHostname) {
			this.verifyHostname = verifyHostname;
		}

		public @Nullable List<String> getPins() {
			return this.pins;
		}

		public void setPins(@Nullable List<String> pins) {
			this.pins = pins;
		}

		public @Nullable List<String> getProtocols() {
			return this.protocols;
		}

		public void setProtocols(@Nullable List<String> protocols) {
			this.protocols = protocols;
		}

		public @Nullable List<String> getCiphers() {
			return this.ciphers;
		}

		public void setCiphers(@Nullable List<String> ciphers) {
			this.ciphers = ciphers;
		}

		public @Nullable Duration getHandshakeTimeout() {
			return this.handshakeTimeout;
		}

		public void setHandshakeTimeout(@Nullable Duration handshakeTimeout) {
			this.handshakeTimeout = handshakeTimeout;
		}

		public WsTls.@Nullable Provider getProvider() {
			return this.provider;
		}

		public void setProvider(WsTls.@Nullable Provider provider) {
			this.provider = provider;
		}

	}

	/**
	 * OAuth2.
	 */
	public static class OAuth2 {

		/**
		 * Client registration whose bearer token each opening handshake carries. No token
		 * if not set.
		 */
		private @Nullable String registrationId;

		public @Nullable String getRegistrationId() {
			return this.registrationId;
		}

		public void setRegistrationId(@Nullable String registrationId) {
			this.registrationId = registrationId;
		}

	}

	/**
	 * Proxy.
	 */
	public static class Proxy {

		/**
		 * Protocol spoken with the proxy.
		 */
		private WsProxy.@Nullable Type type;

		/**
		 * Name or address of the proxy. No proxy if not set.
		 */
		private @Nullable String host;

		/**
		 * Port of the proxy.
		 */
		private @Nullable Integer port;

		/**
		 * User at the proxy.
		 */
		private @Nullable String username;

		/**
		 * Password of the user at the proxy.
		 */
		private @Nullable String password;

		/**
		 * Hosts that are reached without the proxy: names, addresses, or patterns with *
		 * as first or last character.
		 */
		private @Nullable List<String> nonProxyHosts;

		/**
		 * Time allowed for the proxy to open the way to the server, within the connect
		 * timeout.
		 */
		private @Nullable Duration timeout;

		public WsProxy.@Nullable Type getType() {
			return this.type;
		}

		public void setType(WsProxy.@Nullable Type type) {
			this.type = type;
		}

		public @Nullable String getHost() {
			return this.host;
		}

		public void setHost(@Nullable String host) {
			this.host = host;
		}

		public @Nullable Integer getPort() {
			return this.port;
		}

		public void setPort(@Nullable Integer port) {
			this.port = port;
		}

		public @Nullable String getUsername() {
			return this.username;
		}

		public void setUsername(@Nullable String username) {
			this.username = username;
		}

		public @Nullable String getPassword() {
			return this.password;
		}

		public void setPassword(@Nullable String password) {
			this.password = password;
		}

		public @Nullable List<String> getNonProxyHosts() {
			return this.nonProxyHosts;
		}

		public void setNonProxyHosts(@Nullable List<String> nonProxyHosts) {
			this.nonProxyHosts = nonProxyHosts;
		}

		public @Nullable Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(@Nullable Duration timeout) {
			this.timeout = timeout;
		}

	}

	/**
	 * TCP.
	 */
	public static class Tcp {

		/**
		 * Whether small packets are sent at once.
		 */
		private @Nullable Boolean noDelay;

		/**
		 * Whether the system probes an idle connection.
		 */
		private @Nullable Boolean keepAlive;

		/**
		 * Time a connection is idle before the first probe, in whole seconds. That of the
		 * system if not set.
		 */
		private @Nullable Duration keepAliveIdle;

		/**
		 * Time between probes, in whole seconds. That of the system if not set.
		 */
		private @Nullable Duration keepAliveInterval;

		/**
		 * Number of unanswered probes after which the connection is broken. That of the
		 * system if not set.
		 */
		private @Nullable Integer keepAliveCount;

		public @Nullable Boolean getNoDelay() {
			return this.noDelay;
		}

		public void setNoDelay(@Nullable Boolean noDelay) {
			this.noDelay = noDelay;
		}

		public @Nullable Boolean getKeepAlive() {
			return this.keepAlive;
		}

		public void setKeepAlive(@Nullable Boolean keepAlive) {
			this.keepAlive = keepAlive;
		}

		public @Nullable Duration getKeepAliveIdle() {
			return this.keepAliveIdle;
		}

		public void setKeepAliveIdle(@Nullable Duration keepAliveIdle) {
			this.keepAliveIdle = keepAliveIdle;
		}

		public @Nullable Duration getKeepAliveInterval() {
			return this.keepAliveInterval;
		}

		public void setKeepAliveInterval(@Nullable Duration keepAliveInterval) {
			this.keepAliveInterval = keepAliveInterval;
		}

		public @Nullable Integer getKeepAliveCount() {
			return this.keepAliveCount;
		}

		public void setKeepAliveCount(@Nullable Integer keepAliveCount) {
			this.keepAliveCount = keepAliveCount;
		}

	}

	/**
	 * Calls of handler methods.
	 */
	public static class Dispatch {

		/**
		 * Where handler methods are called.
		 */
		private @Nullable DispatchMode mode;

		/**
		 * Number of calls that may wait for the executor before the socket is not read.
		 */
		private @Nullable Integer queue;

		/**
		 * Size of messages that may wait for the executor before the socket is not read.
		 */
		private @Nullable DataSize queueBytes;

		public @Nullable DispatchMode getMode() {
			return this.mode;
		}

		public void setMode(@Nullable DispatchMode mode) {
			this.mode = mode;
		}

		public @Nullable Integer getQueue() {
			return this.queue;
		}

		public void setQueue(@Nullable Integer queue) {
			this.queue = queue;
		}

		public @Nullable DataSize getQueueBytes() {
			return this.queueBytes;
		}

		public void setQueueBytes(@Nullable DataSize queueBytes) {
			this.queueBytes = queueBytes;
		}

	}

	/**
	 * Health.
	 */
	public static class Health {

		/**
		 * Whether the connection can pull the health of the application down.
		 */
		private @Nullable Boolean required;

		/**
		 * Time without an open session after which the connection is down.
		 */
		private @Nullable Duration downAfter;

		/**
		 * Time without a received message after which an open connection is down.
		 * Unlimited if not set.
		 */
		private @Nullable Duration staleAfter;

		public @Nullable Boolean getRequired() {
			return this.required;
		}

		public void setRequired(@Nullable Boolean required) {
			this.required = required;
		}

		public @Nullable Duration getDownAfter() {
			return this.downAfter;
		}

		public void setDownAfter(@Nullable Duration downAfter) {
			this.downAfter = downAfter;
		}

		public @Nullable Duration getStaleAfter() {
			return this.staleAfter;
		}

		public void setStaleAfter(@Nullable Duration staleAfter) {
			this.staleAfter = staleAfter;
		}

	}

}
