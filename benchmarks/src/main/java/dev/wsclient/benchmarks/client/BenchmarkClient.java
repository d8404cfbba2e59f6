package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * A client under measurement, set up as its documentation recommends.
 */
public interface BenchmarkClient {

	/**
	 * The largest message that any workload sends, with room to spare.
	 */
	int MAX_MESSAGE_SIZE = 4 * 1024 * 1024;

	/**
	 * Opens a connection.
	 * @param uri where to
	 * @param receiver hears what comes
	 * @return the open connection
	 * @throws Exception if it can't be opened
	 */
	Connection connect(URI uri, Receiver receiver) throws Exception;

	/**
	 * Gives back what the client holds.
	 * @throws Exception if that fails
	 */
	default void close() throws Exception {
	}

	/**
	 * An open connection.
	 */
	interface Connection {

		/**
		 * Sends a text message, or hands it over to be sent. Called by one thread at a
		 * time, which may be that of the receiver.
		 * @param text the text
		 * @throws Exception if it can't be sent
		 */
		void send(String text) throws Exception;

		/**
		 * Closes the connection.
		 * @throws Exception if that fails
		 */
		void close() throws Exception;

	}

	/**
	 * Hears what comes, one call at a time.
	 */
	interface Receiver {

		/**
		 * A text message came.
		 * @param text the text
		 */
		void onText(String text);

		/**
		 * A binary message came.
		 * @param size how many bytes it has
		 */
		void onBinary(int size);

		/**
		 * The connection failed, or ended although nobody closed it.
		 * @param error why
		 */
		void onFailure(Throwable error);

	}

	/**
	 * What a workload needs of a client.
	 *
	 * @param deflate whether permessage-deflate is offered
	 * @param certificate the certificate of the server, or {@code null} without TLS
	 * @param batch whether messages come in streams, so that a limit may gather them
	 */
	record Settings(boolean deflate, @Nullable Path certificate, boolean batch) {

	}

}
