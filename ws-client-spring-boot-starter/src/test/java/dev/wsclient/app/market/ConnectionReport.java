package dev.wsclient.app.market;

import java.util.Map;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

import dev.wsclient.WsConnection;

/**
 * Prints the beans that are connections.
 */
@Component
class ConnectionReport implements ApplicationRunner {

	private final Map<String, WsConnection> connections;

	ConnectionReport(Map<String, WsConnection> connections) {
		this.connections = connections;
	}

	@Override
	public void run(ApplicationArguments arguments) {
		this.connections.forEach((bean, connection) -> System.out.println(bean + " is " + connection.name()));
	}

}
