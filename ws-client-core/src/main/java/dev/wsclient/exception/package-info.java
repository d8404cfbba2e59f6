/**
 * The family of unchecked errors that the client reports.
 */
@NullMarked
package dev.wsclient.exception;

import org.jspecify.annotations.NullMarked;
