package dev.wsclient.docs;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.options.WsOptions;

/**
 * What snippets of statements take for granted. They are compiled, never run.
 */
public abstract class Surroundings {

	protected final Logger logger = LoggerFactory.getLogger(getClass());

	protected final WsClient client = WsClient.create();

	protected final WsOptions options = WsOptions.builder("wss://feed.example/v1").build();

	protected final WsListener listener = new WsListener() {
	};

	protected final WsConnection connection = this.client.connection(this.options, this.listener);

	protected final WsConnection target = this.client.connection(this.options, this.listener);

	protected final Executor executor = Executors.newSingleThreadExecutor();

	protected abstract void run() throws Exception;

}
