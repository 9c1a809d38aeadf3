/* tls_verify.c - the judgement of a server's certificates.
 *
 * OpenSSL builds and checks the chain and would stop at the first fault. We let it go on, note
 * every fault, check the host's name as well, and only then decide: a fault that the application
 * ignores removes exactly itself. The decision falls when the certificates arrive, before our
 * Finished and before any certificate of ours.
 *
 * Names: the subject's common name counts only in a certificate without any DNS name in its
 * subjectAltName (as on Windows; RFC 9525 would drop it, old in-house servers still have it). A
 * wildcard is a whole left-most label. An IP address must be an iPAddress entry (RFC 9110, section
 * 4.3.5); neither a common name nor a DNS entry that looks like one will do.
 */
#include "core/net/tls_private.h"

#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "core/base/alloc.h"
#include "core/net/addr.h"

#define TEXT_MAX 400

static const struct {
    int error;
    unsigned fault;
} faults[] = {
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, WH_TLS_INVALID_CA},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, WH_TLS_INVALID_CA},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, WH_TLS_INVALID_CA},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, WH_TLS_INVALID_CA},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, WH_TLS_INVALID_CA},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, WH_TLS_INVALID_CA},
    {X509_V_ERR_INVALID_CA, WH_TLS_INVALID_CA},
    {X509_V_ERR_INVALID_NON_CA, WH_TLS_INVALID_CA},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, WH_TLS_INVALID_CA},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, WH_TLS_INVALID_CA},
    {X509_V_ERR_CERT_UNTRUSTED, WH_TLS_INVALID_CA},
    {X509_V_ERR_CERT_REJECTED, WH_TLS_INVALID_CA},
    {X509_V_ERR_CERT_NOT_YET_VALID, WH_TLS_DATE},
    {X509_V_ERR_CERT_HAS_EXPIRED, WH_TLS_DATE},
    {X509_V_ERR_INVALID_PURPOSE, WH_TLS_WRONG_USAGE},
    {X509_V_ERR_HOSTNAME_MISMATCH, WH_TLS_CN},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, WH_TLS_CN},
    {X509_V_ERR_EE_KEY_TOO_SMALL, WH_TLS_CHANNEL},
    {X509_V_ERR_CA_KEY_TOO_SMALL, WH_TLS_CHANNEL},
    {X509_V_ERR_CA_MD_TOO_WEAK, WH_TLS_CHANNEL},
    {X509_V_ERR_CERT_REVOKED, WH_TLS_REVOKED},
};

/* Every other complaint of OpenSSL's (bad signature, bad encoding, bad extension, name constraints)
 * is about the certificate itself. */
static unsigned fault_of(int error)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if (faults[i].error == error)
            return faults[i].fault;
    return WH_TLS_INVALID_CERT;
}

static struct wh_tls *tls_of(X509_STORE_CTX *store_ctx)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store_ctx, SSL_get_ex_data_X509_STORE_CTX_idx());

    return SSL_get_app_data(ssl);
}

void wh_tls_verdict_note(struct wh_tls *tls, const char *what, int depth)
{
    size_t used;

    if (!tls->faults_text) {
        tls->faults_text = wh_calloc(1, TEXT_MAX);
        if (!tls->faults_text)
            return;
    }
    used = strlen(tls->faults_text);
    snprintf(tls->faults_text + used, TEXT_MAX - used, "%s%s (certificate %d)", used ? "; " : "",
             what, depth);
}

static void note_error(struct wh_tls *tls, int error, int depth)
{
    tls->faults_found |= fault_of(error);
    wh_tls_verdict_note(tls, X509_verify_cert_error_string(error), depth);
}

static bool is_root(X509_STORE_CTX *store_ctx, int depth)
{
    return depth > 0 && depth == sk_X509_num(X509_STORE_CTX_get0_chain(store_ctx)) - 1;
}

/* No valid revocation list for a certificate of the chain. Nobody asks that of a root, and of the
 * server's own a stapled response may tell. */
static bool is_about_lists(struct wh_tls *tls, X509_STORE_CTX *store_ctx, int error, int depth)
{
    switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
    case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
        break;
    default:
        return false;
    }
    if (depth == 0)
        tls->leaf_unknown = true;
    else if (!is_root(store_ctx, depth))
        tls->above_unknown = true;
    return true;
}

/* OpenSSL's callback for each fault: note it and let the verification go on. */
static int note_and_go_on(int ok, X509_STORE_CTX *store_ctx)
{
    struct wh_tls *tls = tls_of(store_ctx);
    int error = X509_STORE_CTX_get_error(store_ctx);
    int depth = X509_STORE_CTX_get_error_depth(store_ctx);

    if (!ok && !is_about_lists(tls, store_ctx, error, depth))
        note_error(tls, error, depth);
    return 1;
}

int wh_tls_check_host(X509 *leaf, const char *host)
{
    struct wh_addr addr;

    if (wh_addr_parse(&addr, host, 0)) {
        bool matches = addr.sa.sa_family == AF_INET
                           ? X509_check_ip(leaf, (void *)&addr.in4.sin_addr, 4, 0) == 1
                           : X509_check_ip(leaf, (void *)&addr.in6.sin6_addr, 16, 0) == 1;

        return matches ? X509_V_OK : X509_V_ERR_IP_ADDRESS_MISMATCH;
    }
    /* To OpenSSL a leading dot means "any host below"; no host has such a name. */
    if (host[0] != '.' &&
        X509_check_host(leaf, host, strlen(host), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1)
        return X509_V_OK;
    return X509_V_ERR_HOSTNAME_MISMATCH;
}

/* The error that makes OpenSSL send the alert for what was refused: the gravest first. */
static int error_for_alert(unsigned fatal)
{
    if (fatal & WH_TLS_INVALID_CERT)
        return X509_V_ERR_CERT_SIGNATURE_FAILURE;
    if (fatal & WH_TLS_CHANNEL)
        return X509_V_ERR_EE_KEY_TOO_SMALL;
    if (fatal & WH_TLS_REVOKED)
        return X509_V_ERR_CERT_REVOKED;
    if (fatal & WH_TLS_INVALID_CA)
        return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    if (fatal & WH_TLS_DATE)
        return X509_V_ERR_CERT_HAS_EXPIRED;
    if (fatal & WH_TLS_WRONG_USAGE)
        return X509_V_ERR_INVALID_PURPOSE;
    return X509_V_ERR_HOSTNAME_MISMATCH;
}

bool wh_tls_conclude(struct wh_tls *tls, const STACK_OF(X509) * sent)
{
    tls->faults_fatal = tls->faults_found & ~(tls->config.ignore & WH_TLS_IGNORABLE);
    if (tls->faults_fatal && !tls->refused)
        tls->refused = X509_chain_up_ref((STACK_OF(X509) *)(uintptr_t)sent);
    return tls->faults_fatal != 0;
}

int wh_tls_judge(X509_STORE_CTX *store_ctx, void *unused)
{
    struct wh_tls *tls = tls_of(store_ctx);
    int mismatch;

    (void)unused;
    tls->judged = true;
    tls->faults_found = 0;
    tls->leaf_unknown = tls->above_unknown = false;
    if (tls->config.revocation != WH_TLS_REVOCATION_UNCHECKED)
        X509_STORE_CTX_set_flags(store_ctx, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    X509_STORE_CTX_set_verify_cb(store_ctx, note_and_go_on);
    /* No fault ends it: what does is a lack of memory, and then nothing is known. */
    if (X509_verify_cert(store_ctx) <= 0)
        note_error(tls, X509_STORE_CTX_get_error(store_ctx), 0);
    mismatch = wh_tls_check_host(X509_STORE_CTX_get0_cert(store_ctx), tls->host);
    if (mismatch)
        note_error(tls, mismatch, 0);
    if (tls->above_unknown && tls->config.revocation == WH_TLS_REVOCATION_REQUIRED) {
        tls->faults_found |= WH_TLS_REV_FAILED;
        wh_tls_verdict_note(tls, "no revocation list", 1);
    }
    ERR_clear_error();

    if (wh_tls_conclude(tls, X509_STORE_CTX_get0_untrusted(store_ctx))) {
        X509_STORE_CTX_set_error(store_ctx, error_for_alert(tls->faults_fatal));
        return 0;
    }
    X509_STORE_CTX_set_error(store_ctx, X509_V_OK);
    return 1;
}
