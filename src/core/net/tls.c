/* tls.c - one TLS connection; see tls.h.
 *
 * OpenSSL reads and writes through a BIO of ours over compat/net, which keeps SIGPIPE away, starts
 * again after EINTR and remembers errno. Every public call clears the thread's OpenSSL error queue
 * first (an entry that the application left there would be taken for ours) and leaves it empty.
 */
#include "core/net/tls_private.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/uio.h>

#include <openssl/bio.h>
#include <openssl/err.h>

#include "compat/net/socket.h"
#include "core/base/alloc.h"
#include "core/net/addr.h"

#define HOST_MAX   255   /* of SNI and of every resolver          */
#define RECORD_MAX 16384 /* plaintext; RFC 8446, section 5.1      */

/* --- the socket under OpenSSL ----------------------------------------------------------------- */

/* SSL_get_error() looks at this thread's queue of errors, so it has to be empty before each call. It
 * nearly always is, and emptying it costs a hundred times what a look costs. */
static void clear_errors(void)
{
    if (ERR_peek_error() != 0)
        ERR_clear_error();
}

static BIO_METHOD *socket_bio;

static int bio_read(BIO *bio, char *into, size_t len, size_t *got)
{
    struct wh_tls *tls = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    *got = 0;
    tls->io_error = wh_socket_recv(tls->fd, into, len, got);
    if (tls->io_error == EAGAIN)
        BIO_set_retry_read(bio);
    else if (tls->io_error == 0 && *got == 0)
        tls->saw_end = true;
    return *got > 0;
}

static int bio_write(BIO *bio, const char *bytes, size_t len, size_t *put)
{
    struct wh_tls *tls = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    *put = 0;
    tls->io_error = wh_socket_send(tls->fd, bytes, len, put);
    if (tls->io_error == EAGAIN)
        BIO_set_retry_write(bio);
    return *put > 0;
}

/* Flushing succeeds because nothing is held back; everything else is unknown here. */
static long bio_ctrl(BIO *bio, int what, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return what == BIO_CTRL_FLUSH;
}

static void make_socket_bio(void)
{
    BIO_METHOD *method =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "non-blocking socket");

    if (!method)
        return;
    BIO_meth_set_read_ex(method, bio_read);
    BIO_meth_set_write_ex(method, bio_write);
    BIO_meth_set_ctrl(method, bio_ctrl);
    socket_bio = method;
}

static BIO *socket_bio_new(struct wh_tls *tls)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    BIO *bio;

    pthread_once(&once, make_socket_bio);
    bio = socket_bio ? BIO_new(socket_bio) : NULL;
    if (bio) {
        BIO_set_data(bio, tls);
        BIO_set_init(bio, 1);
    }
    return bio;
}

/* --- making and ending ------------------------------------------------------------------------ */

/* Our own copy of the host: no brackets, no dot of the root. */
static struct wh_tls *tls_alloc(const char *host)
{
    size_t len = strlen(host);
    struct wh_tls *tls;

    if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
        host++;
        len -= 2;
    } else if (len > 1 && host[len - 1] == '.') {
        len--;
    }
    tls = wh_calloc(1, sizeof(*tls) + len + 1);
    if (tls) {
        memcpy(tls->host, host, len);
        tls->host_is_numeric = wh_addr_is_numeric(tls->host);
    }
    return tls;
}

/* Offer a session of an earlier connection. Its judgement is ours if the server accepts it, and is
 * made again if it does not. */
static void offer_session(struct wh_tls *tls)
{
    SSL_SESSION *session = wh_tls_session_take(tls, &tls->faults_found);

    tls->offered_session = session && SSL_set_session(tls->ssl, session) == 1;
    SSL_SESSION_free(session);
}

static enum wh_err attach_ssl(struct wh_tls *tls)
{
    SSL_CTX *ctx = NULL;
    enum wh_err err = wh_tls_context_get(&ctx, &tls->config);
    BIO *bio;

    if (err)
        return err;
    tls->ssl = SSL_new(ctx);
    SSL_CTX_free(ctx);
    bio = tls->ssl ? socket_bio_new(tls) : NULL;
    if (!bio)
        return WH_E_NO_MEMORY;
    SSL_set_bio(tls->ssl, bio, bio); /* consumes it */
    SSL_set_app_data(tls->ssl, tls);
    SSL_set_connect_state(tls->ssl);
    /* RFC 6066, section 3: a name, never an address. */
    if (!tls->host_is_numeric && !SSL_set_tlsext_host_name(tls->ssl, tls->host))
        return WH_E_NO_MEMORY;
    if (tls->config.revocation != WH_TLS_REVOCATION_UNCHECKED &&
        !SSL_set_tlsext_status_type(tls->ssl, TLSEXT_STATUSTYPE_ocsp))
        return WH_E_NO_MEMORY;
    offer_session(tls);
    return WH_OK;
}

enum wh_err wh_tls_new(struct wh_tls **out, int fd, const struct wh_tls_config *config,
                       const char *host, uint16_t port)
{
    size_t len = strlen(host);
    struct wh_tls *tls;
    enum wh_err err;

    if (len == 0 || len > HOST_MAX)
        return WH_E_INVALID_ARGUMENT;
    if (!(config->protocols & WH_TLS_SPOKEN))
        return WH_E_TLS_CHANNEL;
    tls = tls_alloc(host);
    if (!tls)
        return WH_E_NO_MEMORY;
    tls->fd = fd;
    tls->port = port;
    tls->config = *config;
    tls->config.protocols &= WH_TLS_SPOKEN;
    wh_tls_config_hold(&tls->config);
    clear_errors();
    err = attach_ssl(tls);
    clear_errors();
    if (err) {
        wh_tls_free(&tls);
        return err;
    }
    *out = tls;
    return WH_OK;
}

void wh_tls_free(struct wh_tls **tls)
{
    struct wh_tls *ended = *tls;

    *tls = NULL;
    if (!ended)
        return;
    /* To OpenSSL a connection that ends without close_notify spoils its session. HTTP has its own
     * framing and truncation is judged there, so here only a broken TLS layer does that. */
    if (ended->ssl && ended->open && ended->failed != WH_E_TLS_CHANNEL)
        SSL_set_shutdown(ended->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ended->ssl);
    sk_X509_pop_free(ended->refused, X509_free);
    wh_free(ended->faults_text);
    wh_tls_config_drop(&ended->config);
    wh_free(ended);
}

/* --- from OpenSSL's outcomes to ours ---------------------------------------------------------- */

/* Did the server end it for want of a certificate? TLS 1.3 says so; before, a server that asked
 * and then refuses the handshake can mean nothing else that we could mend. */
static bool means_cert_needed(const struct wh_tls *tls, int reason)
{
    if (!tls->cert_requested)
        return false;
    if (reason == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)
        return true;
    return !tls->received && (reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE ||
                              reason == SSL_R_SSLV3_ALERT_NO_CERTIFICATE ||
                              reason == SSL_R_SSLV3_ALERT_BAD_CERTIFICATE);
}

/* A certificate that does not even parse never gets to the judge. */
static bool means_malformed(const struct wh_tls *tls, unsigned long code)
{
    return !tls->open && !tls->judged &&
           (ERR_GET_LIB(code) == ERR_LIB_ASN1 || ERR_GET_REASON(code) == ERR_R_ASN1_LIB);
}

/* Empty the error queue; the first entry that means something decides. */
static enum wh_err error_from_queue(struct wh_tls *tls)
{
    enum wh_err err = WH_E_TLS_CHANNEL;
    unsigned long code;

    while ((code = ERR_get_error()) != 0) {
        int reason = ERR_GET_REASON(code);
        bool of_ssl = ERR_GET_LIB(code) == ERR_LIB_SSL;

        if (!tls->trouble)
            tls->trouble = ERR_reason_error_string(code);
        if (err != WH_E_TLS_CHANNEL)
            continue;
        if (reason == ERR_R_MALLOC_FAILURE) {
            err = WH_E_NO_MEMORY;
        } else if (of_ssl && means_cert_needed(tls, reason)) {
            err = WH_E_CLIENT_CERT_NEEDED;
        } else if (of_ssl && tls->faults_fatal &&
                   (reason == SSL_R_CERTIFICATE_VERIFY_FAILED ||
                    reason == SSL_R_INVALID_STATUS_RESPONSE)) {
            err = WH_E_TLS_VERDICT;
        } else if (means_malformed(tls, code)) {
            tls->judged = true;
            tls->faults_found = tls->faults_fatal = WH_TLS_INVALID_CERT;
            err = WH_E_TLS_VERDICT;
        }
    }
    return err;
}

static enum wh_err error_from_socket(struct wh_tls *tls)
{
    if (tls->io_error == ENOMEM || tls->io_error == ENOBUFS)
        return WH_E_NO_MEMORY;
    if (tls->io_error) /* it was connected, so every other reason means the same */
        return WH_E_CONNECTION_LOST;
    tls->truncated = tls->saw_end;
    return WH_E_CONNECTION_LOST;
}

/* What an unsuccessful call of OpenSSL means: a wait, the clean end, or an error. */
static enum wh_err settle(struct wh_tls *tls, int result, enum wh_want *want)
{
    enum wh_err err = WH_OK;

    switch (SSL_get_error(tls->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        *want = WH_WANT_READ;
        break;
    case SSL_ERROR_WANT_WRITE:
        *want = WH_WANT_WRITE;
        break;
    case SSL_ERROR_ZERO_RETURN:
        tls->ended = true;
        break;
    case SSL_ERROR_WANT_X509_LOOKUP: /* on_cert_request() would not go on */
        err = tls->cert_trouble;
        break;
    case SSL_ERROR_SYSCALL:
        err = error_from_socket(tls);
        break;
    default:
        err = error_from_queue(tls);
        break;
    }
    clear_errors();
    return err;
}

static void begin(struct wh_tls *tls, enum wh_want *want)
{
    *want = WH_WANT_NONE;
    tls->io_error = 0;
    clear_errors();
}

/* --- the handshake ---------------------------------------------------------------------------- */

enum wh_err wh_tls_handshake(struct wh_tls *tls, enum wh_want *want)
{
    int result;

    *want = WH_WANT_NONE;
    if (tls->failed || tls->open)
        return tls->failed;
    begin(tls, want);
    result = SSL_do_handshake(tls->ssl);
    if (result == 1) {
        tls->open = true;
        tls->judged = true; /* now, or when the session that was resumed began */
        return WH_OK;
    }
    tls->failed = settle(tls, result, want);
    if (!tls->failed && *want == WH_WANT_NONE)
        tls->failed = WH_E_CONNECTION_LOST; /* close_notify in the middle of a handshake */
    if (tls->failed && tls->offered_session)
        wh_tls_session_drop(tls); /* perhaps the server chokes on it: not twice */
    return tls->failed;
}

/* --- bytes ------------------------------------------------------------------------------------ */

/* May bytes be read? WH_OK with *ended false, or the answer that the caller gives at once. */
static enum wh_err check_readable(const struct wh_tls *tls, bool *ended)
{
    *ended = tls->ended;
    if (tls->failed)
        return tls->failed;
    return tls->open ? WH_OK : WH_E_WRONG_STATE;
}

enum wh_err wh_tls_read(struct wh_tls *tls, void *into, size_t len, size_t *got, enum wh_want *want)
{
    bool ended;
    enum wh_err err = check_readable(tls, &ended);

    *got = 0;
    *want = WH_WANT_NONE;
    if (err || ended)
        return err;
    if (len == 0)
        return WH_E_INVALID_ARGUMENT;
    begin(tls, want);
    do {
        size_t n = 0;
        int result = SSL_read_ex(tls->ssl, (char *)into + *got, len - *got, &n);

        if (result != 1) {
            tls->failed = settle(tls, result, want);
            break;
        }
        *got += n;
        tls->received = true;
    } while (*got < len && SSL_has_pending(tls->ssl));
    return *got > 0 ? WH_OK : tls->failed; /* bytes first; the failure comes with the next call */
}

enum wh_err wh_tls_fill(struct wh_tls *tls, size_t *available, enum wh_want *want)
{
    bool ended;
    enum wh_err err = check_readable(tls, &ended);
    char byte;
    size_t n = 0;
    int result;

    *want = WH_WANT_NONE;
    *available = 0;
    if (err || ended)
        return err;
    *available = wh_tls_pending(tls);
    if (*available > 0)
        return WH_OK;
    begin(tls, want);
    result = SSL_peek_ex(tls->ssl, &byte, 1, &n);
    if (result == 1) {
        tls->received = true;
        *available = wh_tls_pending(tls);
        return WH_OK;
    }
    tls->failed = settle(tls, result, want);
    return tls->failed;
}

enum wh_err wh_tls_write(struct wh_tls *tls, const void *bytes, size_t len, size_t *put,
                         enum wh_want *want)
{
    *put = 0;
    *want = WH_WANT_NONE;
    if (tls->failed || tls->write_failed)
        return tls->failed ? tls->failed : tls->write_failed;
    if (!tls->open)
        return WH_E_WRONG_STATE;
    begin(tls, want);
    while (*put < len) {
        size_t n = 0;
        int result = SSL_write_ex(tls->ssl, (const char *)bytes + *put, len - *put, &n);

        if (result != 1) {
            tls->write_failed = settle(tls, result, want);
            if (!tls->write_failed && *want == WH_WANT_NONE)
                tls->write_failed = WH_E_CONNECTION_LOST;
            return tls->write_failed;
        }
        *put += n;
    }
    return WH_OK;
}

/* Copy up to one record from the front of the pieces; how many bytes that is. */
static size_t gather(uint8_t into[static RECORD_MAX], const struct iovec *pieces, int count,
                     size_t skip)
{
    size_t len = 0;

    for (int i = 0; i < count && len < RECORD_MAX; i++) {
        size_t here = pieces[i].iov_len - skip;
        size_t n = here < RECORD_MAX - len ? here : RECORD_MAX - len;

        if (n > 0)
            memcpy(into + len, (const char *)pieces[i].iov_base + skip, n);
        len += n;
        skip = 0; /* only the first piece is partly written */
    }
    return len;
}

enum wh_err wh_tls_writev(struct wh_tls *tls, const struct iovec *pieces, int count, size_t *put,
                          enum wh_want *want)
{
    uint8_t record[RECORD_MAX];
    enum wh_err err = WH_OK;
    size_t skip = 0; /* of the first piece */

    *put = 0;
    *want = WH_WANT_NONE;
    while (!err && *want == WH_WANT_NONE) {
        size_t n = 0;

        while (count > 0 && skip >= pieces->iov_len) {
            skip -= pieces->iov_len;
            pieces++;
            count--;
        }
        if (count == 0)
            break;
        if (count == 1 || pieces->iov_len - skip >= RECORD_MAX)
            err = wh_tls_write(tls, (const char *)pieces->iov_base + skip, pieces->iov_len - skip,
                               &n, want);
        else
            err = wh_tls_write(tls, record, gather(record, pieces, count, skip), &n, want);
        skip += n;
        *put += n;
    }
    return err;
}

void wh_tls_close_notify(struct wh_tls *tls)
{
    enum wh_want ignored;

    if (!tls->open || tls->failed || tls->write_failed)
        return;
    begin(tls, &ignored);
    SSL_shutdown(tls->ssl);
    clear_errors();
}

size_t wh_tls_pending(const struct wh_tls *tls)
{
    int pending = tls->open && !tls->failed ? SSL_pending(tls->ssl) : 0;

    return pending > 0 ? (size_t)pending : 0;
}

bool wh_tls_has_buffered(const struct wh_tls *tls)
{
    return tls->open && !tls->failed && SSL_has_pending(tls->ssl) == 1;
}

void wh_tls_keep_buffers(struct wh_tls *tls, bool keep)
{
    if (tls->keeps_buffers == keep)
        return;
    tls->keeps_buffers = keep;
    if (keep)
        SSL_clear_mode(tls->ssl, SSL_MODE_RELEASE_BUFFERS);
    else
        SSL_set_mode(tls->ssl, SSL_MODE_RELEASE_BUFFERS);
}

void wh_tls_rest(struct wh_tls *tls)
{
    if (!tls->open || tls->failed || tls->write_failed)
        return;
    SSL_free_buffers(tls->ssl);
    clear_errors();
}

bool wh_tls_is_quiet(struct wh_tls *tls)
{
    enum wh_want want;
    size_t available;

    /* Nothing inside and nothing on the socket: OpenSSL need not be asked to find that out. */
    if (tls->open && !tls->failed && !tls->write_failed && !tls->ended && !tls->saw_end &&
        SSL_has_pending(tls->ssl) == 0 && wh_socket_is_quiet(tls->fd))
        return true;
    return !tls->write_failed && wh_tls_fill(tls, &available, &want) == WH_OK && available == 0 &&
           want == WH_WANT_READ && !wh_tls_has_buffered(tls);
}

bool wh_tls_is_truncated(const struct wh_tls *tls)
{
    return tls->truncated;
}

/* --- what became of it ------------------------------------------------------------------------ */

struct wh_tls_verdict wh_tls_verdict(const struct wh_tls *tls)
{
    struct wh_tls_verdict verdict = {.reached = tls->judged, .text = "no fault found"};

    if (tls->judged) {
        verdict.faults_found = tls->faults_found;
        verdict.faults_fatal = tls->faults_fatal;
    }
    if (tls->failed == WH_E_TLS_CHANNEL || tls->failed == WH_E_CLIENT_CERT_NEEDED) {
        verdict.faults_found |= WH_TLS_CHANNEL;
        verdict.faults_fatal |= WH_TLS_CHANNEL;
    }
    if (tls->faults_text)
        verdict.text = tls->faults_text;
    else if (tls->trouble)
        verdict.text = tls->trouble;
    return verdict;
}

/* Before anything is judged, what OpenSSL shows is the chain of the session we merely offer. */
static STACK_OF(X509) * peer_certs(const struct wh_tls *tls)
{
    if (tls->refused)
        return tls->refused;
    return tls->judged ? SSL_get_peer_cert_chain(tls->ssl) : NULL;
}

size_t wh_tls_peer_cert_count(const struct wh_tls *tls)
{
    int count = sk_X509_num(peer_certs(tls)); /* -1 for none */

    return count > 0 ? (size_t)count : 0;
}

enum wh_err wh_tls_peer_cert(const struct wh_tls *tls, size_t index, struct wh_cert **out)
{
    if (index >= wh_tls_peer_cert_count(tls))
        return WH_E_WRONG_STATE;
    return wh_cert_from_x509(out, sk_X509_value(peer_certs(tls), (int)index));
}

bool wh_tls_client_cert_requested(const struct wh_tls *tls)
{
    return tls->cert_requested;
}

static const STACK_OF(X509_NAME) * issuers(const struct wh_tls *tls)
{
    return tls->cert_requested ? SSL_get0_peer_CA_list(tls->ssl) : NULL;
}

size_t wh_tls_issuer_count(const struct wh_tls *tls)
{
    int count = sk_X509_NAME_num(issuers(tls)); /* -1 for none */

    return count > 0 ? (size_t)count : 0;
}

bool wh_tls_issuer(const struct wh_tls *tls, size_t index, const uint8_t **der, size_t *len)
{
    X509_NAME *name = sk_X509_NAME_value(issuers(tls), (int)index);

    return name && X509_NAME_get0_der(name, der, len) == 1;
}

void wh_tls_forget(void)
{
    wh_tls_context_forget();
    wh_tls_session_forget();
    wh_tls_trust_forget();
}
