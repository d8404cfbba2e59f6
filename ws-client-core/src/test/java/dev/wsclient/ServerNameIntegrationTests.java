package dev.wsclient;

import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509TrustManager;

import io.netty.handler.ssl.OpenSsl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.HttpTunnel;
import dev.wsclient.testserver.NettyServer;
import dev.wsclient.testserver.SocksServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A certificate is checked against the name that the user set, and no other.
 */
class ServerNameIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Certificates CERTIFICATES = new Certificates();

	private static final WsClient CLIENT = WsClient.create();

	/**
	 * For all that the tests use, but for {@code other.test} and what looks like it.
	 */
	private static final NettyServer SERVER = new NettyServer(CERTIFICATES.serverContext(
			CERTIFICATES.issue(List.of("feed.test", "localhost", "xn--bcher-kva.test"), List.of("127.0.0.1", "::1"))));

	private final RecordingListener listener = new RecordingListener();

	private final List<AutoCloseable> resources = new ArrayList<>();

	static {
		SERVER.start();
	}

	@AfterAll
	static void closeClient() {
		CLIENT.close();
		SERVER.close();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	static Stream<Arguments> ways() {
		return Stream.of("DIRECT", "HTTP", "SOCKS5", "SOCKS4A")
			.flatMap((way) -> Stream.of(Trust.values())
				.flatMap((trust) -> Stream.of(WsTls.Provider.JDK, WsTls.Provider.OPENSSL)
					.filter((provider) -> provider == WsTls.Provider.JDK
							|| (OpenSsl.isAvailable() && trust != Trust.CONTEXT))
					.map((provider) -> Arguments.of(way, trust, provider))));
	}

	private WsConnection connect(String host, @Nullable String serverName, WsTls tls, String way) {
		WsOptions.Builder options = WsOptions.builder(SERVER.uri().replace("ws://localhost", "wss://" + host))
			.tls(tls.withServerName(serverName))
			.reconnect(Reconnect.never());
		switch (way) {
			case "HTTP" -> options.proxy(WsProxy.http("127.0.0.1", keep(new HttpTunnel()).port()));
			case "SOCKS5" -> options.proxy(WsProxy.socks5("127.0.0.1", keep(new SocksServer(null, null)).port()));
			case "SOCKS4A" -> options.proxy(WsProxy.socks4a("127.0.0.1", keep(new SocksServer(null, null)).port()));
			default -> {
			}
		}
		WsConnection connection = CLIENT.connect(options.build(), this.listener);
		this.resources.add(0, connection::abort);
		return connection;
	}

	private <T extends AutoCloseable> T keep(T resource) {
		this.resources.add(resource);
		return resource;
	}

	private void expectRefusal(String name) {
		await().atMost(PATIENCE).until(() -> !this.listener.errors.isEmpty() || !this.listener.opens.isEmpty());
		assertThat(this.listener.opens).isEmpty();
		assertThat(this.listener.errors.get(0)).hasMessageContaining("the certificate is not for '" + name + "'");
	}

	@ParameterizedTest
	@MethodSource("ways")
	void certificateForTheHostDoesNotStandInForTheServerName(String way, Trust trust, WsTls.Provider provider)
			throws Exception {
		WsTls tls = trust.tls().withProvider(provider);
		connect("127.0.0.1", "other.test", tls, way);
		expectRefusal("other.test");
		assertThat(connect("127.0.0.1", "feed.test", tls, way).whenOpen()).succeedsWithin(PATIENCE);
		assertThat(SERVER.serverName()).isEqualTo("feed.test");
	}

	@ParameterizedTest
	@MethodSource("ways")
	void certificateForTheHostNameDoesNotStandInForTheServerName(String way, Trust trust, WsTls.Provider provider)
			throws Exception {
		connect("localhost", "other.test", trust.tls().withProvider(provider), way);
		expectRefusal("other.test");
	}

	@ParameterizedTest
	@CsvSource({ "localhost,127.0.0.1", "localhost,::1", "127.0.0.1,bücher.test", "127.0.0.1,FEED.TEST",
			"127.0.0.1,localhost", "localhost,", "127.0.0.1," })
	void serverNameOfAnyKindIsWhatCounts(String host, @Nullable String serverName) throws Exception {
		assertThat(connect(host, serverName, Trust.FACTORY.tls(), "DIRECT").whenOpen()).succeedsWithin(PATIENCE);
	}

	@ParameterizedTest
	@CsvSource({ "localhost,127.0.0.2,127.0.0.2", "localhost,::2,::2", "localhost,bücher.other,xn--bcher-kva.other",
			"127.0.0.1,test,test", "127.0.0.1,www.feed.test,www.feed.test" })
	void serverNameOfAnyKindIsRefusedIfTheCertificateIsNotForIt(String host, String serverName, String told)
			throws Exception {
		connect(host, serverName, Trust.FACTORY.tls(), "DIRECT");
		expectRefusal(told);
	}

	@Test
	void dotAtTheEndOfTheHostIsNoPartOfTheName() throws Exception {
		assertThat(connect("localhost.", null, Trust.FACTORY.tls(), "HTTP").whenOpen()).succeedsWithin(PATIENCE);
		assertThat(SERVER.serverName()).isEqualTo("localhost");
	}

	@Test
	void serverNameDoesNotCountWhereNamesAreNotVerified() throws Exception {
		assertThat(
				connect("127.0.0.1", "other.test", Trust.FACTORY.tls().withVerifyHostname(false), "DIRECT").whenOpen())
			.succeedsWithin(PATIENCE);
		assertThat(SERVER.serverName()).isEqualTo("other.test");
	}

	@Test
	void pinnedKeyDoesNotStandInForTheServerName() throws Exception {
		WsTls tls = Trust.FACTORY.tls();
		connect("127.0.0.1", "feed.test", tls.withPins("sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
				"DIRECT");
		await().atMost(PATIENCE).until(() -> !this.listener.errors.isEmpty());
		String message = String.valueOf(this.listener.errors.get(0).getMessage());
		String pin = message.substring(message.indexOf("seen ") + 5, message.indexOf(", pinned"));
		this.listener.errors.clear();
		connect("127.0.0.1", "other.test", tls.withPins(pin.split(", ")), "DIRECT");
		expectRefusal("other.test");
	}

	/**
	 * Where trust comes from.
	 */
	enum Trust {

		/**
		 * A factory of the JDK.
		 */
		FACTORY,

		/**
		 * A factory whose trust manager knows nothing of names.
		 */
		PLAIN,

		/**
		 * A context whose trust manager knows nothing of names.
		 */
		CONTEXT;

		WsTls tls() throws Exception {
			return switch (this) {
				case FACTORY -> WsTls.defaults().withTrust(CERTIFICATES.trusted());
				case PLAIN -> WsTls.defaults().withTrust(new PlainFactory());
				case CONTEXT -> {
					SSLContext context = SSLContext.getInstance("TLS");
					context.init(null, new TrustManager[] { plain() }, null);
					yield WsTls.defaults().withSslContext(context);
				}
			};
		}

		private static X509TrustManager plain() throws Exception {
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(CERTIFICATES.trusted());
			X509TrustManager trust = (X509TrustManager) Arrays.asList(factory.getTrustManagers()).get(0);
			return new X509TrustManager() {

				@Override
				public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
					throw new CertificateException();
				}

				@Override
				public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
					trust.checkServerTrusted(chain, type);
				}

				@Override
				public X509Certificate[] getAcceptedIssuers() {
					return trust.getAcceptedIssuers();
				}

			};
		}

	}

	/**
	 * A factory of an application.
	 */
	private static final class PlainFactory extends TrustManagerFactory {

		PlainFactory() {
			super(new TrustManagerFactorySpi() {

				@Override
				protected void engineInit(@Nullable KeyStore trusted) {
				}

				@Override
				protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
				}

				@Override
				protected TrustManager[] engineGetTrustManagers() {
					try {
						return new TrustManager[] { Trust.plain() };
					}
					catch (Exception ex) {
						throw new IllegalStateException(ex);
					}
				}

			}, new Provider("test", "1", "") {
			}, "plain");
		}

	}

}
