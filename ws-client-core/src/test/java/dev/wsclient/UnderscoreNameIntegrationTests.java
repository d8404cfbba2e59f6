package dev.wsclient;

import java.util.List;

import io.netty.handler.ssl.OpenSsl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.NettyServer;
import dev.wsclient.testserver.SocksServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * TLS with servers whose name has an underscore: the certificate must be for it.
 */
class UnderscoreNameIntegrationTests {

	private final RecordingListener listener = new RecordingListener();

	@ParameterizedTest
	@CsvSource({ "JDK, my_service, my_service, true", "JDK, My_Service.test, my_service.test, true",
			"JDK, my_service, other_service, false", "JDK, my_service, my-service, false",
			"OPENSSL, my_service, my_service, true", "OPENSSL, my_service, other_service, false" })
	void certificateMustBeForTheName(WsTls.Provider provider, String name, String certified, boolean accepted) {
		assumeThat(provider == WsTls.Provider.JDK || OpenSsl.isAvailable()).isTrue();
		Certificates certificates = new Certificates();
		try (NettyServer server = new NettyServer(certificates.serverContext(certificates.issue(certified)));
				SocksServer proxy = new SocksServer(null, null);
				WsClient client = WsClient.create()) {
			server.start();
			String port = server.uri().replaceFirst(".*:([0-9]+).*", "$1");
			WsConnection connection = client.connect(WsOptions.builder(List.of("wss://" + name + ":" + port + "/"))
				.proxy(WsProxy.socks5("localhost", proxy.port()))
				.tls(WsTls.defaults().withTrust(certificates.trusted()).withProvider(provider))
				.build(), this.listener);
			await().until(() -> connection.isOpen() || !this.listener.errors.isEmpty());
			assertThat(connection.isOpen()).as(this.listener.errors.toString()).isEqualTo(accepted);
			if (!accepted) {
				assertThat(this.listener.errors.get(0))
					.hasMessageContaining("the certificate is not for '" + name + "'");
			}
			connection.abort();
		}
	}

}
