/**
 * Servers that tests run in their own JVM: real ones, and one that misbehaves on purpose.
 */
@NullMarked
package dev.wsclient.testserver;

import org.jspecify.annotations.NullMarked;
