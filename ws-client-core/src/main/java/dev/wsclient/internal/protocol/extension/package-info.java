/**
 * Extensions that change the payload of messages, and permessage-deflate.
 */
@NullMarked
package dev.wsclient.internal.protocol.extension;

import org.jspecify.annotations.NullMarked;
