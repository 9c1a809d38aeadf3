/* chain.c - chains of certificates; see chain.h.
 *
 * OpenSSL stops at the first fault unless its callback says to go on: it says so always, and each fault
 * is noted at the certificate it is about. When no issuer is found at all the chain is what was found
 * so far, as on Windows.
 */
#include "wincrypt/chain.h"

#include "core/base/alloc.h"
#include "core/net/tls.h"
#include "wincrypt/context.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

enum { DEPTH_MAX = 32 };

struct chain {
    struct wh_living living;
    CERT_CHAIN_CONTEXT shown;
    CERT_SIMPLE_CHAIN simple;
    PCERT_SIMPLE_CHAIN simples[1];
    CERT_CHAIN_ELEMENT element[DEPTH_MAX];
    PCERT_CHAIN_ELEMENT elements[DEPTH_MAX];
};

struct findings {
    DWORD error[DEPTH_MAX]; /* CERT_TRUST_*, per certificate */
};

static const struct {
    int error;
    DWORD status;
} statuses[] = {
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, CERT_TRUST_IS_PARTIAL_CHAIN},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, CERT_TRUST_IS_PARTIAL_CHAIN},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, CERT_TRUST_IS_PARTIAL_CHAIN},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, CERT_TRUST_IS_PARTIAL_CHAIN},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CERT_TRUST_IS_UNTRUSTED_ROOT},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CERT_TRUST_IS_UNTRUSTED_ROOT},
    {X509_V_ERR_CERT_UNTRUSTED, CERT_TRUST_IS_UNTRUSTED_ROOT},
    {X509_V_ERR_CERT_REJECTED, CERT_TRUST_IS_EXPLICIT_DISTRUST},
    {X509_V_ERR_CERT_NOT_YET_VALID, CERT_TRUST_IS_NOT_TIME_VALID},
    {X509_V_ERR_CERT_HAS_EXPIRED, CERT_TRUST_IS_NOT_TIME_VALID},
    {X509_V_ERR_INVALID_CA, CERT_TRUST_INVALID_BASIC_CONSTRAINTS},
    {X509_V_ERR_INVALID_NON_CA, CERT_TRUST_INVALID_BASIC_CONSTRAINTS},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, CERT_TRUST_INVALID_BASIC_CONSTRAINTS},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, CERT_TRUST_IS_NOT_VALID_FOR_USAGE},
    {X509_V_ERR_INVALID_PURPOSE, CERT_TRUST_IS_NOT_VALID_FOR_USAGE},
    {X509_V_ERR_PERMITTED_VIOLATION, CERT_TRUST_INVALID_NAME_CONSTRAINTS},
    {X509_V_ERR_EXCLUDED_VIOLATION, CERT_TRUST_INVALID_NAME_CONSTRAINTS},
    {X509_V_ERR_SUBTREE_MINMAX, CERT_TRUST_INVALID_NAME_CONSTRAINTS},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, CERT_TRUST_INVALID_NAME_CONSTRAINTS},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, CERT_TRUST_INVALID_NAME_CONSTRAINTS},
    {X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, CERT_TRUST_INVALID_NAME_CONSTRAINTS},
    {X509_V_ERR_INVALID_EXTENSION, CERT_TRUST_INVALID_EXTENSION},
    {X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, CERT_TRUST_INVALID_EXTENSION},
    {X509_V_ERR_EE_KEY_TOO_SMALL, CERT_TRUST_HAS_WEAK_SIGNATURE},
    {X509_V_ERR_CA_KEY_TOO_SMALL, CERT_TRUST_HAS_WEAK_SIGNATURE},
    {X509_V_ERR_CA_MD_TOO_WEAK, CERT_TRUST_HAS_WEAK_SIGNATURE},
    {X509_V_ERR_CERT_REVOKED, CERT_TRUST_IS_REVOKED},
    {X509_V_ERR_UNABLE_TO_GET_CRL,
     CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION},
    {X509_V_ERR_CRL_HAS_EXPIRED,
     CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION},
    {X509_V_ERR_CRL_NOT_YET_VALID, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
    {X509_V_ERR_CRL_SIGNATURE_FAILURE, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
    {X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
    {X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
    {X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
    {X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
    {X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
    {X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
    {X509_V_ERR_DIFFERENT_CRL_SCOPE, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
    {X509_V_ERR_CRL_PATH_VALIDATION_ERROR, CERT_TRUST_REVOCATION_STATUS_UNKNOWN},
};

/* Whatever else OpenSSL complains of is about the bytes or the signature. */
static DWORD status_of(int error)
{
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        if (statuses[i].error == error)
            return statuses[i].status;
    return CERT_TRUST_IS_NOT_SIGNATURE_VALID;
}

static int note_and_go_on(int ok, X509_STORE_CTX *ctx)
{
    struct findings *findings = X509_STORE_CTX_get_app_data(ctx);
    int depth = X509_STORE_CTX_get_error_depth(ctx);
    int error = X509_STORE_CTX_get_error(ctx);

    if (depth < 0 || depth >= DEPTH_MAX) /* nothing is lost: it counts for the last one shown */
        depth = DEPTH_MAX - 1;
    if (!ok)
        findings->error[depth] |= status_of(error);
    return 1;
}

/* ---- what OpenSSL builds from ---------------------------------------------------------------- */

static bool push_all(STACK_OF(X509) * into, struct wh_store *store)
{
    struct wh_store_item item = {.id = 0};
    bool pushed = true;

    while (pushed && wh_store_next(store, item.id, NULL, NULL, &item)) {
        pushed =
            sk_X509_push(into, wh_cert_x509(item.cert)) && X509_up_ref(wh_cert_x509(item.cert));
        wh_cert_unref(&item.cert);
    }
    return pushed;
}

static STACK_OF(X509) * gather_others(const struct wh_chain_request *request)
{
    STACK_OF(X509) *others = sk_X509_new_null();
    bool gathered = others != NULL;

    for (size_t i = 0; i < WH_CHAIN_OTHERS; i++)
        if (gathered && request->others[i])
            gathered = push_all(others, request->others[i]);
    if (gathered)
        return others;
    sk_X509_pop_free(others, X509_free);
    return NULL;
}

static X509_STORE *gather_roots(struct wh_store *roots)
{
    STACK_OF(X509) * certs;
    X509_STORE *store;
    bool gathered;

    if (!roots)
        return wh_tls_trust_get();
    certs = sk_X509_new_null();
    store = X509_STORE_new();
    gathered = certs && store && push_all(certs, roots);
    for (int i = 0; gathered && i < sk_X509_num(certs); i++)
        gathered = X509_STORE_add_cert(store, sk_X509_value(certs, i)) == 1;
    sk_X509_pop_free(certs, X509_free);
    if (gathered)
        return store;
    X509_STORE_free(store);
    return NULL;
}

static void set_conditions(X509_STORE_CTX *ctx, const struct wh_chain_request *request)
{
    if (request->at)
        X509_STORE_CTX_set_time(ctx, 0, (time_t)wh_cert_seconds(request->at));
    X509_STORE_CTX_set_depth(ctx, DEPTH_MAX - 2); /* issuers between the leaf and the root */
    if (request->roots && request->any_root)
        X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
    if (request->flags & CERT_CHAIN_REVOCATION_CHECK_END_CERT)
        X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_CRL_CHECK);
    if (request->flags &
        (CERT_CHAIN_REVOCATION_CHECK_CHAIN | CERT_CHAIN_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT))
        X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

/* ---- usage ----------------------------------------------------------------------------------- */

static bool allows(const EXTENDED_KEY_USAGE *allowed, const char *oid)
{
    bool found = false;

    for (int i = 0; !found && i < sk_ASN1_OBJECT_num(allowed); i++) {
        const ASN1_OBJECT *object = sk_ASN1_OBJECT_value(allowed, i);
        char text[128];

        OBJ_obj2txt(text, sizeof(text), object, 1);
        found = strcmp(text, oid) == 0 || OBJ_obj2nid(object) == NID_anyExtendedKeyUsage;
    }
    return found;
}

/* Extended key usage: a certificate without any is for everything, one whose list cannot be read for
 * nothing. RFC 5280, section 4.2.1.12. */
static bool is_for_usage(X509 *x509, const CERT_CHAIN_PARA *para)
{
    const CERT_USAGE_MATCH *match = &para->RequestedUsage;
    DWORD wanted = match->Usage.cUsageIdentifier, met = 0;
    EXTENDED_KEY_USAGE *allowed;
    int critical = 0; /* -1: there is no such extension */

    if (wanted == 0 || !match->Usage.rgpszUsageIdentifier)
        return true;
    allowed = X509_get_ext_d2i(x509, NID_ext_key_usage, &critical, NULL);
    if (!allowed)
        return critical == -1;
    for (DWORD i = 0; i < wanted; i++)
        met += match->Usage.rgpszUsageIdentifier[i] &&
               allows(allowed, match->Usage.rgpszUsageIdentifier[i]);
    EXTENDED_KEY_USAGE_free(allowed);
    return match->dwType == USAGE_MATCH_TYPE_OR ? met > 0 : met == wanted;
}

/* ---- the structure --------------------------------------------------------------------------- */

static void end_chain(struct wh_living *living)
{
    struct chain *chain = WH_LIST_ENTRY(living, struct chain, living);

    for (DWORD i = 0; i < chain->simple.cElement; i++)
        CertFreeCertificateContext(chain->element[i].pCertContext);
    wh_free(chain);
}

static bool add_element(struct chain *chain, X509 *x509, DWORD status,
                        const struct wh_chain_request *request)
{
    CERT_CHAIN_ELEMENT *element = &chain->element[chain->simple.cElement];
    struct wh_cert *cert = NULL;

    bool is_leaf = chain->simple.cElement == 0;

    if (is_leaf)
        cert = wh_cert_ref(request->leaf);
    else if (wh_cert_from_x509(&cert, x509) != WH_OK)
        return false;
    element->cbSize = sizeof(*element);
    element->pCertContext = wh_cert_context_new(cert, is_leaf ? request->leaf_store : NULL,
                                                is_leaf ? request->leaf_id : 0);
    element->TrustStatus.dwErrorStatus = status;
    if (X509_self_signed(x509, 0) == 1)
        element->TrustStatus.dwInfoStatus = CERT_TRUST_IS_SELF_SIGNED;
    wh_cert_unref(&cert);
    if (!element->pCertContext)
        return false;
    chain->simple.TrustStatus.dwErrorStatus |= status;
    chain->elements[chain->simple.cElement++] = element;
    return true;
}

static bool fill(struct chain *chain, STACK_OF(X509) * certs, const struct findings *findings,
                 const struct wh_chain_request *request)
{
    int count = sk_X509_num(certs);
    bool filled = true;

    /* What was found where nothing is shown is a fault of the chain all the same. */
    for (int i = count; i < DEPTH_MAX; i++)
        chain->simple.TrustStatus.dwErrorStatus |= findings->error[i];
    if (count > DEPTH_MAX)
        chain->simple.TrustStatus.dwErrorStatus |= CERT_TRUST_IS_PARTIAL_CHAIN;
    for (int i = 0; filled && i < count && i < DEPTH_MAX; i++) {
        X509 *x509 = sk_X509_value(certs, i);
        DWORD status = findings->error[i];

        if (i > 0 && i == count - 1) /* nobody asks a root whether it was revoked */
            status &=
                ~(DWORD)(CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION);
        if ((i == 0 || i < count - 1) && request->usage && !is_for_usage(x509, request->usage))
            status |= CERT_TRUST_IS_NOT_VALID_FOR_USAGE;
        filled = add_element(chain, x509, status, request);
    }
    return filled;
}

static struct chain *chain_new(STACK_OF(X509) * certs, const struct findings *findings,
                               const struct wh_chain_request *request)
{
    struct chain *chain = wh_calloc(1, sizeof(*chain));

    if (!chain)
        return NULL;
    chain->simple.cbSize = sizeof(chain->simple);
    chain->simple.rgpElement = chain->elements;
    chain->simples[0] = &chain->simple;
    chain->shown.cbSize = sizeof(chain->shown);
    chain->shown.cChain = 1;
    chain->shown.rgpChain = chain->simples;
    chain->shown.dwCreateFlags = request->flags;
    if (!fill(chain, certs, findings, request)) {
        end_chain(&chain->living);
        return NULL;
    }
    chain->shown.TrustStatus = chain->simple.TrustStatus;
    wh_living_add(&chain->living, WH_LIVING_CHAIN, end_chain);
    return chain;
}

/* Build and check. NULL: out of memory. Most faults do not end it; what does, ends before there is a
 * chain or with one that was not looked at to its end, and counts for the leaf. */
static struct chain *verify(X509_STORE_CTX *ctx, const struct wh_chain_request *request)
{
    struct findings findings = {{0}};
    STACK_OF(X509) * found, *alone = NULL;
    struct chain *chain = NULL;

    X509_STORE_CTX_set_app_data(ctx, &findings);
    X509_STORE_CTX_set_verify_cb(ctx, note_and_go_on);
    set_conditions(ctx, request);
    if (X509_verify_cert(ctx) != 1) {
        if (X509_STORE_CTX_get_error(ctx) == X509_V_ERR_OUT_OF_MEM)
            return NULL;
        findings.error[0] |= status_of(X509_STORE_CTX_get_error(ctx));
    }
    found = X509_STORE_CTX_get0_chain(ctx);
    if (sk_X509_num(found) < 1) {
        found = alone = sk_X509_new_null();
        if (alone && !sk_X509_push(alone, wh_cert_x509(request->leaf)))
            found = NULL;
        findings.error[0] |= CERT_TRUST_IS_PARTIAL_CHAIN;
    }
    if (found)
        chain = chain_new(found, &findings, request);
    sk_X509_free(alone);
    return chain;
}

DWORD wh_chain_build(const struct wh_chain_request *request, PCCERT_CHAIN_CONTEXT *out)
{
    X509_STORE *roots = gather_roots(request->roots);
    STACK_OF(X509) *others = gather_others(request);
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    struct chain *chain = NULL;

    if (roots && others && ctx &&
        X509_STORE_CTX_init(ctx, roots, wh_cert_x509(request->leaf), others) == 1)
        chain = verify(ctx, request);
    X509_STORE_CTX_free(ctx);
    sk_X509_pop_free(others, X509_free);
    X509_STORE_free(roots);
    ERR_clear_error();
    *out = chain ? &chain->shown : NULL;
    return chain ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

/* ---- holding and freeing --------------------------------------------------------------------- */

static bool shows(const struct wh_living *living, const void *shown)
{
    return &WH_LIST_ENTRY(living, const struct chain, living)->shown == shown;
}

bool wh_chain_hold(PCCERT_CHAIN_CONTEXT shown)
{
    return wh_living_find(WH_LIVING_CHAIN, shows, shown) != NULL;
}

void wh_chain_release(PCCERT_CHAIN_CONTEXT shown)
{
    struct chain *chain = WH_LIST_ENTRY(shown, struct chain, shown);

    wh_living_drop(WH_LIVING_CHAIN, &chain->living);
}

PCCERT_CHAIN_CONTEXT WINAPI CertDuplicateCertificateChain(PCCERT_CHAIN_CONTEXT chain)
{
    return chain && wh_chain_hold(chain) ? chain : NULL;
}

void WINAPI CertFreeCertificateChain(PCCERT_CHAIN_CONTEXT chain)
{
    if (!chain || !wh_chain_hold(chain))
        return;
    wh_chain_release(chain); /* what was just found, and the application's */
    wh_chain_release(chain);
}
