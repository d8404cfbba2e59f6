/**
 * An application as users write it, with nothing but the starter.
 */
@NullMarked
package dev.wsclient.app.echo;

import org.jspecify.annotations.NullMarked;
