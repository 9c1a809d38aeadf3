/* error.h - what can go wrong inside the engine.
 *
 * Below the fronts nobody speaks Windows error numbers: the same failure is 12030 in WinHTTP, 12030
 * with another name in WinINet and an HRESULT in WSDAPI. Each front owns one table from this enum
 * to its numbers. Name and meaning sit on one line, once.
 */
#ifndef WH_CORE_BASE_ERROR_H
#define WH_CORE_BASE_ERROR_H

#define WH_ERRORS(X)                                                                               \
    X(OK, "no error")                                                                              \
    X(NO_MEMORY, "out of memory")                                                                  \
    X(INTERNAL, "an invariant of the engine was broken")                                           \
    X(INVALID_ARGUMENT, "an argument is outside its domain")                                       \
    X(INSUFFICIENT_BUFFER, "the caller's buffer is too small")                                     \
    X(WRONG_STATE, "the exchange is not in a state that allows this")                              \
    X(CANCELLED, "the application closed the handle")                                              \
    X(TIMEOUT, "a deadline passed")                                                                \
    X(URL_SCHEME, "the URL's scheme is missing or unknown")                                        \
    X(URL_SYNTAX, "the URL is malformed")                                                          \
    X(HEADER_SYNTAX, "a header given by the application is malformed")                             \
    X(HEADER_NOT_FOUND, "no such header")                                                          \
    X(HEADER_EXISTS, "the header is already there")                                                \
    X(NAME_NOT_RESOLVED, "the host name has no address")                                           \
    X(CANNOT_CONNECT, "no address accepted a connection")                                          \
    X(CONNECTION_LOST, "the connection ended before the exchange did")                             \
    X(INVALID_RESPONSE, "the peer broke the protocol")                                             \
    X(HEADERS_TOO_LARGE, "the response head is larger than allowed")                               \
    X(HEADERS_TOO_MANY, "the response head has more fields than allowed")                          \
    X(CHUNK_HEAD_TOO_LARGE, "a chunk's head is larger than allowed")                               \
    X(DRAIN_TOO_LARGE, "more unread response than may be drained")                                 \
    X(BODY_OVERRUN, "the application wrote more body than it promised")                            \
    X(TLS_CHANNEL, "the TLS handshake or record layer failed")                                     \
    X(TLS_VERDICT, "the server's certificate was refused")                                         \
    X(CLIENT_CERT_NEEDED, "the server wants a client certificate")                                 \
    X(CLIENT_CERT_EXPIRED, "the client certificate has expired")                                   \
    X(CLIENT_CERT_NO_KEY, "the client certificate comes without its private key")                  \
    X(TOO_MANY_REDIRECTS, "more redirects than allowed")                                           \
    X(REDIRECT_REFUSED, "a redirect from https to http")                                           \
    X(RESEND_REQUEST, "the request must be sent again by the application")                         \
    X(LOGIN, "the credentials, or who stands for them, cannot log on")                             \
    X(NOT_SUPPORTED, "not part of this build")

enum wh_err {
#define X(name, text) WH_E_##name,
    WH_ERRORS(X)
#undef X
};
#define WH_OK WH_E_OK

/* The sentence for `err`, for the trace; never NULL. */
const char *wh_err_text(enum wh_err err);

/* The engine's error for an errno from a socket call; EAGAIN and EINTR never get here. */
enum wh_err wh_err_from_errno(int error);

/* The last errno that went through there on this thread; 0: none yet. */
int wh_err_last_errno(void);

#endif
