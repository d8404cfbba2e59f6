/**
 * WebSocket connections of a Spring Boot application: from properties to beans, annotated
 * methods, health and meters.
 */
@NullMarked
package dev.wsclient.spring;

import org.jspecify.annotations.NullMarked;
