/**
 * A Spring Boot application that receives a live feed of trades, and brings its own
 * server of that feed.
 */
@NullMarked
package dev.wsclient.sample;

import org.jspecify.annotations.NullMarked;
