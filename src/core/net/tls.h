/* tls.h - TLS for one connected socket, as a client, on OpenSSL 3.
 *
 * A struct wh_tls borrows a socket and never blocks: each call goes as far as it can and says what
 * it waits for. One thread at a time per object; different objects share contexts, trust store and
 * sessions behind locks. Nothing is loaded before the first wh_tls_new().
 *
 *      new --- handshake (WANT_...)* ---> open --- read, write ---> close_notify --- free
 *                    |
 *                    +---> refused: verdict and certificates stay readable; nothing is ever sent
 *
 * RFC 8446, RFC 5246; names are checked as RFC 9110, section 4.3.4 and RFC 9525 say.
 */
#ifndef WH_CORE_NET_TLS_H
#define WH_CORE_NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/net/cert.h"
#include "core/net/want.h"

typedef struct x509_store_st X509_STORE;

/* Versions, as a set. SSL 2 and 3 may be asked for and are never spoken. */
enum wh_tls_protocol {
    WH_TLS_SSL2 = 1 << 0,
    WH_TLS_SSL3 = 1 << 1,
    WH_TLS_1_0 = 1 << 2,
    WH_TLS_1_1 = 1 << 3,
    WH_TLS_1_2 = 1 << 4,
    WH_TLS_1_3 = 1 << 5,
};
#define WH_TLS_DEFAULT_PROTOCOLS (WH_TLS_1_2 | WH_TLS_1_3)

/* What can be wrong with a server's certificates or with the channel, as a set. */
enum wh_tls_fault {
    WH_TLS_INVALID_CA = 1 << 0,  /* no chain to a trusted root: unknown, self-signed, incomplete  */
    WH_TLS_DATE = 1 << 1,        /* a certificate of the chain is expired or not yet valid        */
    WH_TLS_CN = 1 << 2,          /* not issued for this host                                      */
    WH_TLS_WRONG_USAGE = 1 << 3, /* its extended key usage does not include server authentication */
    WH_TLS_INVALID_CERT =
        1 << 4,                 /* malformed, or a signature in the chain is wrong               */
    WH_TLS_CHANNEL = 1 << 5,    /* a key or digest is too weak, or the handshake failed          */
    WH_TLS_REVOKED = 1 << 6,    /* a certificate of the chain was revoked                        */
    WH_TLS_REV_FAILED = 1 << 7, /* revocation was to be checked and cannot be                    */
};
/* Those an application may decide to ignore; the others always end the handshake. */
#define WH_TLS_IGNORABLE (WH_TLS_INVALID_CA | WH_TLS_DATE | WH_TLS_CN | WH_TLS_WRONG_USAGE)

#define WH_TLS_ALPN_MAX 30

/* What is asked about revocation. Answers come from the OCSP response that the server staples (RFC
 * 6066, section 8) and from revocation lists in the certificate directories ("5ed36f99.r0"); no
 * list is fetched. */
enum wh_tls_revocation {
    WH_TLS_REVOCATION_UNCHECKED,
    WH_TLS_REVOCATION_IF_KNOWN, /* a certificate known to be revoked is refused        */
    WH_TLS_REVOCATION_REQUIRED, /* ... and one of which nothing is known (REV_FAILED)  */
};

/* What decides whether two connections may stand in for each other; part of the pool's key. A
 * value, but for the certificate: whoever keeps a copy holds it (wh_tls_config_hold). Compare and hash it
 * with the functions below. */
struct wh_tls_config {
    unsigned protocols; /* enum wh_tls_protocol                                    */
    unsigned ignore;    /* enum wh_tls_fault, within WH_TLS_IGNORABLE              */
    enum wh_tls_revocation revocation;
    struct wh_cert *client_cert;   /* with its key, for a server that asks; NULL: none        */
    bool no_client_cert;           /* tell it that there is none; else CLIENT_CERT_NEEDED     */
    uint8_t alpn_len;              /* 0: no ALPN                                              */
    uint8_t alpn[WH_TLS_ALPN_MAX]; /* the wire's form: "\x08http/1.1" (RFC 7301, section 3.1) */
};

/* TLS 1.2 and 1.3, nothing ignored, no ALPN. */
struct wh_tls_config wh_tls_config_default(void);
bool wh_tls_config_equal(const struct wh_tls_config *a, const struct wh_tls_config *b);
uint64_t wh_tls_config_hash(const struct wh_tls_config *config);

/* Take and drop the reference that a copy needs; drop leaves no certificate behind. */
void wh_tls_config_hold(struct wh_tls_config *config);
void wh_tls_config_drop(struct wh_tls_config *config);

/* Add a protocol name to offer, most wanted first. WH_E_INVALID_ARGUMENT: empty or no room. */
enum wh_err wh_tls_config_add_alpn(struct wh_tls_config *config, const char *protocol);

struct wh_tls;

/* Prepare a client on the connected socket `fd`, which is borrowed until wh_tls_free().
 *
 * `host` (copied) is the name or numeric address the user asked for, ASCII, IPv6 with or without
 * brackets: it goes into SNI if it is a name, must be in the certificate, and with `port` finds a
 * session to resume. WH_E_NO_MEMORY; WH_E_INVALID_ARGUMENT (empty host, longer than 255); and
 * WH_E_TLS_CHANNEL if no version that we speak is allowed. Never blocks on the network. The first
 * time it reads certificate files: 4 ms with a hashed directory, 20 with a bundle. */
enum wh_err wh_tls_new(struct wh_tls **out, int fd, const struct wh_tls_config *config,
                       const char *host, uint16_t port);

/* Frees everything but the socket; leaves NULL behind; NULL is fine. Sends nothing. */
void wh_tls_free(struct wh_tls **tls);

/* Go on with the handshake. WH_OK with *want NONE: it is done and the verdict accepted.
 *
 * WH_E_TLS_VERDICT: the certificates were refused; see wh_tls_verdict(). The alert is sent, and
 *   nothing of ours (no Finished, no client certificate).
 * WH_E_TLS_CHANNEL: no common version or cipher, an alert, bytes that are not TLS.
 * WH_E_CLIENT_CERT_NEEDED: the server asks for a certificate, and whether there is one was not
 *   decided; or it ended it because we have none. (With TLS 1.3 the latter comes from the first
 *   wh_tls_read().)
 * WH_E_CLIENT_CERT_EXPIRED, WH_E_CLIENT_CERT_NO_KEY: the server asks, and the certificate will not
 *   do. Nothing of ours was sent.
 * WH_E_CONNECTION_LOST when the socket ended or failed; WH_E_NO_MEMORY.
 * An error is final: it is returned again by every later call. */
enum wh_err wh_tls_handshake(struct wh_tls *tls, enum wh_want *want);

/* Read what is there: 1..len bytes in *got, or *got == 0 and *want set.
 *
 * WH_OK, *got == 0, *want NONE is the clean end (close_notify). An end without it is
 * WH_E_CONNECTION_LOST with wh_tls_is_truncated(): whether that matters is for the framing to say.
 * Several records are decrypted in one call if they are there. *want may be set beside bytes: then
 * no more is there now, and another call would only ask the socket in vain. While it is NONE, more
 * may be inside: do not wait for the socket. `len` 0 is WH_E_INVALID_ARGUMENT, a call before the
 * handshake is done WH_E_WRONG_STATE. WH_E_CLIENT_CERT_NEEDED as above. */
enum wh_err wh_tls_read(struct wh_tls *tls, void *into, size_t len, size_t *got,
                        enum wh_want *want);

/* Decrypt until at least one byte can be read without the socket: *available > 0, or as wh_tls_read
 * with nothing consumed. For "how much is there". */
enum wh_err wh_tls_fill(struct wh_tls *tls, size_t *available, enum wh_want *want);

/* Write as much as the socket takes: *put bytes (0..len); *want is NONE when all were taken.
 *
 * When *want is set, call again with the bytes after the first *put: the same bytes (they may have
 * moved, and more may follow them), because a record of them may be half sent. After an error, one
 * wh_tls_read() may still tell why (an alert that came before the reset). */
enum wh_err wh_tls_write(struct wh_tls *tls, const void *bytes, size_t len, size_t *put,
                         enum wh_want *want);

/* The same for bytes in several pieces, as few records as they fit in: the head of a request and
 * its short body leave together. */
struct iovec;
enum wh_err wh_tls_writev(struct wh_tls *tls, const struct iovec *pieces, int count, size_t *put,
                          enum wh_want *want);

/* Tell the peer that we send no more; best effort: what the socket does not take at once is
 * dropped. Does nothing before the handshake is done and after an error. */
void wh_tls_close_notify(struct wh_tls *tls);

/* Bytes that wh_tls_read() would return without touching the socket. */
size_t wh_tls_pending(const struct wh_tls *tls);

/* Is anything buffered inside, even a part of a record? While true, the socket's readability says
 * nothing about whether wh_tls_read() has something. */
bool wh_tls_has_buffered(const struct wh_tls *tls);

/* Keep the buffers between records (31 KiB), or give them back after each (the default)? Keeping saves
 * two allocations per request; it is for connections that a thread of their own waits on, of which
 * there are few. */
void wh_tls_keep_buffers(struct wh_tls *tls, bool keep);

/* The connection goes idle: give back the buffers that OpenSSL keeps for the next record (17 KiB of
 * a connection's 31). Does nothing while anything is buffered; they come back when needed. */
void wh_tls_rest(struct wh_tls *tls);

/* Is an idle connection still good? Takes in the session tickets that came meanwhile; false after
 * an end, an alert, application data nobody asked for, or an error. */
bool wh_tls_is_quiet(struct wh_tls *tls);

/* Did the stream end without close_notify? */
bool wh_tls_is_truncated(const struct wh_tls *tls);

/* The judgement of the server's certificates. */
struct wh_tls_verdict {
    bool reached;          /* were certificates judged at all (or a judged session resumed)? */
    unsigned faults_found; /* enum wh_tls_fault: everything that is wrong                    */
    unsigned faults_fatal; /* those that were not ignored: not 0 means refused               */
    const char *text;      /* one line for the trace, never NULL; lent until wh_tls_free()   */
};

/* After the handshake, whatever became of it. After an error that is not about certificates
 * faults_fatal is WH_TLS_CHANNEL and reached says whether certificates were seen. */
struct wh_tls_verdict wh_tls_verdict(const struct wh_tls *tls);

/* The certificates the server sent, its own first; also after they were refused. `peer_cert`
 * returns a reference in *out; WH_E_WRONG_STATE beyond the last, or when none came. */
size_t wh_tls_peer_cert_count(const struct wh_tls *tls);
enum wh_err wh_tls_peer_cert(const struct wh_tls *tls, size_t index, struct wh_cert **out);

/* Did the server ask for a certificate of ours? */
bool wh_tls_client_cert_requested(const struct wh_tls *tls);

/* The authorities it named then (RFC 8446, section 4.2.4), as the DER of each name; count 0: it
 * takes any. Lent until wh_tls_free(). */
size_t wh_tls_issuer_count(const struct wh_tls *tls);
bool wh_tls_issuer(const struct wh_tls *tls, size_t index, const uint8_t **der, size_t *len);

/* What was agreed on. Texts are static. */
struct wh_tls_info {
    enum wh_tls_protocol protocol;
    bool resumed;
    uint16_t suite;             /* IANA's number: 0x1301                                  */
    const char *suite_name;     /* IANA's name: "TLS_AES_256_GCM_SHA384"                  */
    const char *cipher;         /* "AES", "CHACHA20", "3DES", ...                         */
    unsigned cipher_bits;       /* strength of the cipher: 128, 256                       */
    unsigned cipher_block_bits; /* 128 for AES; 0 for a stream cipher                     */
    const char *hash;           /* of the MAC, or of the key schedule: "SHA256", "SHA384" */
    unsigned hash_bits;
    const char *exchange;       /* "ECDHE", "DHE", "RSA", "PSK"                           */
    unsigned exchange_bits;     /* size of its key: 253 for X25519, 256 for P-256         */
    const char *auth;           /* kind of the certificate's key: "RSA", "ECDSA", ...     */
    char alpn[WH_TLS_ALPN_MAX]; /* the protocol chosen; "" if none                        */
};

/* WH_E_WRONG_STATE before the handshake is done. */
enum wh_err wh_tls_info(const struct wh_tls *tls, struct wh_tls_info *out);

/* Have `handler` called before OpenSSL takes itself down, which it does at exit if the application was
 * first to initialise it: whoever uses TLS on threads of its own must stop them then. */
void wh_tls_before_cleanup(void (*handler)(void));

/* Where the trusted roots are: each file with certificates and each directory of such files, of which a
 * bundle is preferred to the directory with the same contents. */
void wh_tls_trust_places(void (*file)(void *user, const char *path),
                         void (*dir)(void *user, const char *path), void *user);

/* The trusted roots as TLS uses them, with a reference; NULL: no memory. */
X509_STORE *wh_tls_trust_get(void);

/* Is this certificate for this host, a name or a numeric address without brackets? An X509_V_ code. */
int wh_tls_check_host(X509 *leaf, const char *host);

/* Forget contexts, sessions and the trust store: the next connection reads the certificate files
 * and the environment anew. Connections that are open stay as they are. Any thread. */
void wh_tls_forget(void);

#endif
