/* tls_context.c - one SSL_CTX per set of versions and ALPN list, kept for the process.
 *
 * Making one costs 100 us, as much as two GETs. What else is in a configuration (faults to ignore)
 * is decided per connection, so contexts are few: sixteen are kept, then the one unused for longest
 * makes room; connections hold their own reference. Nothing happens before the first connection.
 */
#include "core/net/tls_private.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <openssl/err.h>

#include "compat/net/socket.h"

#define CONTEXTS_MAX 16

struct context {
    SSL_CTX *ctx; /* NULL: the slot is free */
    uint64_t last_use;
    struct wh_tls_config config;
};

static pthread_mutex_t contexts_lock = PTHREAD_MUTEX_INITIALIZER;
static struct context contexts[CONTEXTS_MAX];
static uint64_t uses;

static pthread_mutex_t key_log_lock = PTHREAD_MUTEX_INITIALIZER;
static int key_log = -1;

/* --- SSLKEYLOGFILE ---------------------------------------------------------------------------- */

/* Several programs may append to one file: a line is one write. */
static void write_key_log(const SSL *ssl, const char *line)
{
    struct iovec pieces[] = {{(void *)line, strlen(line)}, {"\n", 1}};

    (void)ssl;
    pthread_mutex_lock(&key_log_lock);
    if (key_log >= 0 && writev(key_log, pieces, 2) < 0) {
        /* A diagnostic that cannot be written must not fail the connection. */
    }
    pthread_mutex_unlock(&key_log_lock);
}

/* Does the environment want a key log, and is it open? */
static bool open_key_log(void)
{
    const char *path = wh_env_trusted("SSLKEYLOGFILE");
    bool is_open;

    if (!path || !*path)
        return false;
    pthread_mutex_lock(&key_log_lock);
    if (key_log < 0)
        key_log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    is_open = key_log >= 0;
    pthread_mutex_unlock(&key_log_lock);
    return is_open;
}

static void close_key_log(void)
{
    pthread_mutex_lock(&key_log_lock);
    if (key_log >= 0)
        close(key_log);
    key_log = -1;
    pthread_mutex_unlock(&key_log_lock);
}

/* --- versions --------------------------------------------------------------------------------- */

static const struct {
    unsigned bit;
    int version;
    uint64_t off;
} versions[] = {
    {WH_TLS_1_0, TLS1_VERSION, SSL_OP_NO_TLSv1},
    {WH_TLS_1_1, TLS1_1_VERSION, SSL_OP_NO_TLSv1_1},
    {WH_TLS_1_2, TLS1_2_VERSION, SSL_OP_NO_TLSv1_2},
    {WH_TLS_1_3, TLS1_3_VERSION, SSL_OP_NO_TLSv1_3},
};

typedef int (*security_callback)(const SSL *, const SSL_CTX *, int, int, int, void *, void *);

static _Atomic(security_callback) level_allows; /* OpenSSL's own; the same for every context */

/* OpenSSL refuses TLS 1.0 and 1.1 above security level 0, because they sign with SHA-1 and MD5. An
 * application that asks for them by name gets them, without dropping the level for key sizes,
 * certificates and ciphers as well. */
static int allow_old_versions(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid,
                              void *other, void *ex)
{
    if (op == SSL_SECOP_VERSION && (nid == TLS1_VERSION || nid == TLS1_1_VERSION))
        return 1;
    if ((op & SSL_SECOP_OTHER_TYPE) == SSL_SECOP_OTHER_SIGALG && ssl &&
        SSL_version(ssl) <= TLS1_1_VERSION)
        return 1;
    return atomic_load(&level_allows)(ssl, ctx, op, bits, nid, other, ex);
}

static void set_versions(SSL_CTX *ctx, unsigned protocols)
{
    int lowest = 0, highest = 0;

    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        if (!(protocols & versions[i].bit)) {
            SSL_CTX_set_options(ctx, versions[i].off);
            continue;
        }
        lowest = lowest ? lowest : versions[i].version;
        highest = versions[i].version;
    }
    SSL_CTX_set_min_proto_version(ctx, lowest);
    SSL_CTX_set_max_proto_version(ctx, highest);
    if (protocols & (WH_TLS_1_0 | WH_TLS_1_1)) {
        atomic_store(&level_allows, SSL_CTX_get_security_callback(ctx));
        SSL_CTX_set_security_callback(ctx, allow_old_versions);
    }
}

/* --- contexts --------------------------------------------------------------------------------- */

/* What speaks against answering with the certificate that the application chose. */
static enum wh_err trouble_with(const struct wh_tls_config *config)
{
    const struct wh_cert *cert = config->client_cert;

    if (!cert)
        return config->no_client_cert ? WH_OK : WH_E_CLIENT_CERT_NEEDED;
    if (!wh_cert_key(cert))
        return WH_E_CLIENT_CERT_NO_KEY;
    if (X509_cmp_current_time(X509_get0_notAfter(wh_cert_x509(cert))) < 0)
        return WH_E_CLIENT_CERT_EXPIRED;
    return WH_OK;
}

/* The server asks for a certificate. 1: go on with what there is, perhaps nothing; -1: stop here,
 * before anything of ours is sent. */
static int on_cert_request(SSL *ssl, void *unused)
{
    struct wh_tls *tls = SSL_get_app_data(ssl);
    const struct wh_cert *cert = tls->config.client_cert;

    (void)unused;
    tls->cert_requested = true;
    tls->cert_trouble = trouble_with(&tls->config);
    if (tls->cert_trouble)
        return -1;
    if (!cert)
        return 1;
    return SSL_use_cert_and_key(ssl, wh_cert_x509(cert), wh_cert_key(cert),
                                (STACK_OF(X509) *)(uintptr_t)wh_cert_above(cert), 1) == 1;
}

static SSL_CTX *make_context(const struct wh_tls_config *config)
{
    X509_STORE *trust;
    SSL_CTX *ctx;

    /* No exit handler: it would pull OpenSSL away under threads that still run. An application that
     * was first to initialise it has one all the same: see wh_tls_before_cleanup(). */
    if (!OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, NULL))
        return NULL;
    trust = wh_tls_trust_get();
    ctx = trust ? SSL_CTX_new(TLS_client_method()) : NULL;
    if (!ctx || (config->alpn_len > 0 &&
                 SSL_CTX_set_alpn_protos(ctx, config->alpn, config->alpn_len) != 0)) {
        SSL_CTX_free(ctx);
        X509_STORE_free(trust);
        return NULL;
    }
    SSL_CTX_set_cert_store(ctx, trust); /* consumes the reference */
    set_versions(ctx, config->protocols);
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(ctx, 1); /* head and body of a record with one recv() */
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(ctx, wh_tls_judge, NULL);
    SSL_CTX_set_cert_cb(ctx, on_cert_request, NULL);
    SSL_CTX_set_tlsext_status_cb(ctx, wh_tls_judge_staple);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ctx, wh_tls_session_on_new);
    if (open_key_log())
        SSL_CTX_set_keylog_callback(ctx, write_key_log);
    return ctx;
}

static bool is_for(const struct context *context, const struct wh_tls_config *config)
{
    return context->ctx && context->config.protocols == config->protocols &&
           context->config.alpn_len == config->alpn_len &&
           memcmp(context->config.alpn, config->alpn, config->alpn_len) == 0;
}

/* The slot that serves `config`, else a free one, else the least recently used. Lock held. */
static struct context *find_slot(const struct wh_tls_config *config)
{
    struct context *best = &contexts[0];

    for (size_t i = 0; i < CONTEXTS_MAX; i++) {
        if (is_for(&contexts[i], config))
            return &contexts[i];
        if (best->ctx && (!contexts[i].ctx || contexts[i].last_use < best->last_use))
            best = &contexts[i];
    }
    return best;
}

enum wh_err wh_tls_context_get(SSL_CTX **out, const struct wh_tls_config *config)
{
    struct context *slot;
    enum wh_err err = WH_OK;

    pthread_mutex_lock(&contexts_lock);
    slot = find_slot(config);
    if (!is_for(slot, config)) {
        SSL_CTX *made = make_context(config);

        if (made) {
            SSL_CTX_free(slot->ctx);
            slot->ctx = made;
            slot->config = *config;
            slot->config.client_cert = NULL; /* is decided per connection */
        } else {
            err = WH_E_NO_MEMORY;
        }
    }
    if (!err) {
        slot->last_use = ++uses;
        SSL_CTX_up_ref(slot->ctx);
        *out = slot->ctx;
    }
    pthread_mutex_unlock(&contexts_lock);
    return err;
}

void wh_tls_context_forget(void)
{
    pthread_mutex_lock(&contexts_lock);
    for (size_t i = 0; i < CONTEXTS_MAX; i++) {
        SSL_CTX_free(contexts[i].ctx);
        contexts[i].ctx = NULL;
    }
    pthread_mutex_unlock(&contexts_lock);
    close_key_log();
}

void wh_tls_before_cleanup(void (*handler)(void))
{
    OPENSSL_atexit(handler);
}
