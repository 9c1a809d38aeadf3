/* tls_private.h - what the tls_*.c files share. Nobody else includes it.
 *
 *      tls.c          the connection: handshake, bytes, ends       (knows all below)
 *      tls_context.c  one SSL_CTX per set of versions and ALPN; the key log
 *      tls_trust.c    the trusted roots, once per process
 *      tls_verify.c   the judgement of certificates
 *      tls_staple.c   the OCSP response that came with them
 *      tls_session.c  sessions to resume
 *      tls_info.c     what was agreed on
 *      tls_config.c   the configuration as a value
 */
#ifndef WH_CORE_NET_TLS_PRIVATE_H
#define WH_CORE_NET_TLS_PRIVATE_H

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "core/net/tls.h"

#define WH_TLS_SPOKEN (WH_TLS_1_0 | WH_TLS_1_1 | WH_TLS_1_2 | WH_TLS_1_3)

struct wh_tls {
    SSL *ssl;
    int fd;                   /* borrowed                                             */
    int io_error;             /* errno of the last socket call, 0 if it was none      */
    enum wh_err failed;       /* final, once not WH_OK                                */
    enum wh_err write_failed; /* final for writing; reading may still bring the reason */
    bool open;                /* the handshake is done                                */
    bool saw_end;             /* the socket's end was read                            */
    bool ended;               /* close_notify came                                    */
    bool truncated;           /* the end came without it                              */
    bool received;            /* application data came                                */
    bool keeps_buffers;       /* between records                                      */
    bool cert_requested;
    enum wh_err cert_trouble; /* ... and the handshake stopped there                  */
    bool leaf_unknown;        /* no revocation list told of the server's certificate  */
    bool above_unknown;       /* ... or of one above it                               */
    bool offered_session;
    bool judged;
    unsigned faults_found;
    unsigned faults_fatal;
    char *faults_text;           /* owned; NULL if there is nothing to say               */
    const char *trouble;         /* OpenSSL's reason of a failure; static                */
    STACK_OF(X509) * refused;    /* what the server sent, kept when it was refused       */
    struct wh_tls_config config; /* normalised: only versions that we speak              */
    bool host_is_numeric;
    uint16_t port;
    char host[]; /* no brackets, no root's dot                           */
};

/* tls_context.c: the context for a configuration, with a reference. WH_E_NO_MEMORY. */
enum wh_err wh_tls_context_get(SSL_CTX **out, const struct wh_tls_config *config);
void wh_tls_context_forget(void);

/* tls_trust.c: let go of the process's trust store. */
void wh_tls_trust_forget(void);

/* tls_verify.c: OpenSSL's certificate callback; fills in the verdict. 1 to go on, 0 to stop. */
int wh_tls_judge(X509_STORE_CTX *store_ctx, void *unused);

/* Decide on what was found, and keep the certificates if it is fatal; is it? */
bool wh_tls_conclude(struct wh_tls *tls, const STACK_OF(X509) * sent);

/* tls_staple.c: OpenSSL's callback at the end of the server's first flight, if revocation was asked
 * about: fills in the verdict on it. 1 to go on, 0 to stop. */
int wh_tls_judge_staple(SSL *ssl, void *unused);

/* Say one more thing about the verdict, on its one line. */
void wh_tls_verdict_note(struct wh_tls *tls, const char *what, int depth);

/* tls_session.c: a session for this configuration, host and port, with a reference, or NULL. Its
 * faults go into *faults. Tickets of TLS 1.3 are given out once (RFC 8446, appendix C.4). */
SSL_SESSION *wh_tls_session_take(const struct wh_tls *tls, unsigned *faults);

/* OpenSSL's callback for a session that may be resumed later: keeps it and returns 1. */
int wh_tls_session_on_new(SSL *ssl, SSL_SESSION *session);

/* Forget the sessions that `tls` could have used: a handshake that offered one failed. */
void wh_tls_session_drop(const struct wh_tls *tls);
void wh_tls_session_forget(void);

#endif
