/**
 * Restarts an application in one JVM, as Spring Boot's developer tools do.
 */
@NullMarked
package dev.wsclient.app.restart;

import org.jspecify.annotations.NullMarked;
