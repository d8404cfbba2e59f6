/**
 * Decoders that are slow and simple enough to be right. They share nothing with the code
 * under test, and tell what it has to do with any bytes.
 */
@NullMarked
package dev.wsclient.oracle;

import org.jspecify.annotations.NullMarked;
