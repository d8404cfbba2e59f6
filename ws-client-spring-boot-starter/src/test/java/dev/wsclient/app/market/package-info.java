/**
 * An application as users write it, with JSON.
 */
@NullMarked
package dev.wsclient.app.market;

import org.jspecify.annotations.NullMarked;
