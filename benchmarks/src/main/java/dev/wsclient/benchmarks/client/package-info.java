/**
 * One adapter a client, each as its own documentation recommends.
 */
@NullMarked
package dev.wsclient.benchmarks.client;

import org.jspecify.annotations.NullMarked;
