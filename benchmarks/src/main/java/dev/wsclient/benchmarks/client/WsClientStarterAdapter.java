package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.spring.OnWsClose;
import dev.wsclient.spring.OnWsError;
import dev.wsclient.spring.OnWsMessage;
import dev.wsclient.spring.WsClientAutoConfiguration;
import dev.wsclient.spring.WsHandler;

/**
 * Ours, through annotated methods of a Spring Boot application. One context a connection.
 */
final class WsClientStarterAdapter implements BenchmarkClient {

	private final Settings settings;

	private final String dispatchMode;

	WsClientStarterAdapter(Settings settings, String dispatchMode) {
		this.settings = settings;
		this.dispatchMode = dispatchMode;
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		Map<String, Object> properties = new HashMap<>();
		properties.put("ws.clients.load.url", uri.toString());
		properties.put("ws.clients.load.dispatch.mode", this.dispatchMode);
		properties.put("ws.clients.load.compression.enabled", this.settings.deflate());
		properties.put("logging.level.root", "warn");
		properties.put("spring.main.banner-mode", "off");
		if (this.settings.certificate() != null) {
			properties.put("ws.clients.load.ssl.bundle", "load");
			properties.put("spring.ssl.bundle.pem.load.truststore.certificate",
					this.settings.certificate().toUri().toString());
		}
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties(properties)
			.initializers((created) -> ((GenericApplicationContext) created).registerBean(Handlers.class,
					() -> new Handlers(receiver)))
			.run();
		WsConnection connection = context.getBean(WsConnection.class);
		connection.whenOpen().toCompletableFuture().get(10, TimeUnit.SECONDS);
		return new Connection() {

			@Override
			public void send(String text) {
				connection.send(text);
			}

			@Override
			public void close() {
				context.close();
			}

		};
	}

	/**
	 * The application, with no more than it needs.
	 */
	@ImportAutoConfiguration({ TaskExecutionAutoConfiguration.class, SslAutoConfiguration.class,
			JacksonAutoConfiguration.class, WsClientAutoConfiguration.class })
	static class Application {

	}

	/**
	 * The application's handlers.
	 */
	@WsHandler("load")
	static class Handlers {

		private final Receiver receiver;

		Handlers(Receiver receiver) {
			this.receiver = receiver;
		}

		@OnWsMessage
		void onText(String text) {
			this.receiver.onText(text);
		}

		@OnWsMessage
		void onBinary(WsMessage message) {
			if (!message.isText()) {
				this.receiver.onBinary(message.payload().remaining());
			}
		}

		@OnWsError
		void onError(Exception error) {
			this.receiver.onFailure(error);
		}

		@OnWsClose
		void onClose(WsCloseEvent event) {
			this.receiver.onFailure(new IllegalStateException(event.toString()));
		}

	}

}
