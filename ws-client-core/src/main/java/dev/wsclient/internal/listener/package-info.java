/**
 * What a listener may tell about how it works.
 */
@NullMarked
package dev.wsclient.internal.listener;

import org.jspecify.annotations.NullMarked;
