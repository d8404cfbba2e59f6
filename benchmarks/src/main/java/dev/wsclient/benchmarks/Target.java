package dev.wsclient.benchmarks;

import java.nio.file.Path;

/**
 * Where the load server is.
 *
 * @param port its port without TLS
 * @param tlsPort its port with TLS
 * @param certificate its certificate, as PEM
 */
record Target(int port, int tlsPort, Path certificate) {

}
