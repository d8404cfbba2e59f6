package dev.wsclient.spring;

import java.util.List;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Tells where the servers of connections are, in place of {@code ws.clients.<name>.url}:
 * for those that are known only at run time, such as a container that a test starts.
 * Beans of this type are asked in order; the first that knows the connection wins. The
 * connection itself is declared by any other property of {@code ws.clients.<name>}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WsConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the URLs of a connection's server.
	 * @param name the name of the connection, as in {@code ws.clients.<name>}
	 * @return the URLs as in {@code ws.clients.<name>.urls}, or none if the connection is
	 * not known
	 */
	List<String> getUrls(String name);

}
