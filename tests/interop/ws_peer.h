/* ws_peer.h - WebSocket servers that others wrote, for the length of a test program: Python's `websockets`,
 * and libwebsockets behind a program of ours.
 *
 *      struct ws_peer *peer = ws_peer_get(PEER_PYTHON, true);
 *      ... talk to 127.0.0.1, port ws_peer_port(peer) ...
 *
 * Both choose the first of the subprotocols "v2" and "chat" (libwebsockets: "v2") that is offered, and
 * serve
 *
 *      /echo               messages come back as they went
 *      /fragments          they come back in frames of seven bytes
 *      /ping               a ping with the message in it; when its pong has come, "ponged"
 *      /close/CODE/REASON  the first message is answered with this close frame
 *      /told               echo; the client's close frame is told as a line "closed CODE REASON"
 *      /refuse/403         an ordinary response; Python's also /refuse/401, and /refuse/302 to /echo
 *
 * A server is started when it is first asked for and ends with the program, which holds the other end
 * of its standard input. What is not installed skips the test. Thread of the test only.
 */
#ifndef TEST_INTEROP_WS_PEER_H
#define TEST_INTEROP_WS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum peer_kind { PEER_PYTHON, PEER_LWS, PEER_KINDS };

struct ws_peer;

struct ws_peer *ws_peer_get(enum peer_kind kind, bool tls);
uint16_t ws_peer_port(const struct ws_peer *peer);

/* The next line that the server says; fails the test if none comes. */
void ws_peer_line(struct ws_peer *peer, char *line, size_t size);

/* Run Python's client against an echo server; fails the test with what it says. `ca`: a file, or NULL. */
void ws_peer_visit(const char *url, const char *ca);

#endif
