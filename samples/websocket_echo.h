/* websocket_echo.h - the WebSocket half of an echo server, on websocket.h alone.
 *
 * Whoever has a connection on which a request to upgrade came hands it over: a plain socket, a TLS
 * session, a pipe. The protocol is the library's, the bytes are the caller's.
 */
#ifndef SAMPLES_WEBSOCKET_ECHO_H
#define SAMPLES_WEBSOCKET_ECHO_H

#include <stdbool.h>
#include <stddef.h>

/* A connection that blocks. */
struct websocket_echo_io {
    void *connection;
    long (*receive)(void *connection, void *into, size_t len);     /* 0 or less: it has ended */
    bool (*send)(void *connection, const void *bytes, size_t len); /* all of it, or false  */
};

/* Answer a request and echo messages until either side closes.
 *
 * `head` is the whole request head, from the request line to the empty line. A request that is no good
 * WebSocket handshake is answered with 400, or 426 if it is the version. In all cases the connection is
 * over afterwards. Memory is bounded: messages of any length go back in the parts that they came in.
 */
void websocket_echo(const struct websocket_echo_io *io, const char *head);

#endif
