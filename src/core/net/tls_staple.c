/* tls_staple.c - the OCSP response that a server sends along with its certificate.
 *
 * RFC 6066, section 8; RFC 6960. It says of the server's own certificate whether it was revoked, signed
 * by its issuer or by a responder that the issuer named for it. Looked at when the whole first flight
 * of the server is there, before our Finished; only if the application asked about revocation.
 */
#include "core/net/tls_private.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>

enum {
    CLOCK_SKEW_S = 300,    /* what a responder's clock may be ahead of ours                      */
    UNDATED_S = 24 * 3600, /* how old a response may be that does not say when it ends          */
};

enum answer {
    ANSWER_NONE, /* nothing was stapled                                            */
    ANSWER_GOOD,
    ANSWER_REVOKED,
    ANSWER_USELESS, /* malformed, unsigned, too old, or about another certificate  */
};

static OCSP_RESPONSE *stapled(SSL *ssl)
{
    const unsigned char *der = NULL;
    long len = SSL_get_tlsext_status_ocsp_resp(ssl, &der);

    return der && len > 0 ? d2i_OCSP_RESPONSE(NULL, &der, len) : NULL;
}

static bool has_staple(SSL *ssl)
{
    const unsigned char *der = NULL;

    return SSL_get_tlsext_status_ocsp_resp(ssl, &der) > 0;
}

/* What a verified response says of `leaf`. */
static enum answer look_up(OCSP_BASICRESP *basic, X509 *leaf, X509 *issuer)
{
    static const EVP_MD *(*const digests[])(void) = {EVP_sha1, EVP_sha256};
    ASN1_GENERALIZEDTIME *from = NULL, *until = NULL;
    int status = V_OCSP_CERTSTATUS_UNKNOWN;
    bool found = false;

    for (size_t i = 0; !found && i < sizeof(digests) / sizeof(digests[0]); i++) {
        OCSP_CERTID *id = OCSP_cert_to_id(digests[i](), leaf, issuer);

        found = id && OCSP_resp_find_status(basic, id, &status, NULL, NULL, &from, &until) == 1;
        OCSP_CERTID_free(id);
    }
    if (!found || OCSP_check_validity(from, until, CLOCK_SKEW_S, until ? -1 : UNDATED_S) != 1)
        return ANSWER_USELESS;
    return status == V_OCSP_CERTSTATUS_GOOD      ? ANSWER_GOOD
           : status == V_OCSP_CERTSTATUS_REVOKED ? ANSWER_REVOKED
                                                 : ANSWER_USELESS;
}

static enum answer judge(SSL *ssl, OCSP_RESPONSE *response)
{
    STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
    OCSP_BASICRESP *basic = NULL;
    enum answer answer = ANSWER_USELESS;

    if (response && chain && sk_X509_num(chain) > 1 &&
        OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
        basic = OCSP_response_get1_basic(response);
    if (basic &&
        OCSP_basic_verify(basic, chain, SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl)), 0) == 1)
        answer = look_up(basic, sk_X509_value(chain, 0), sk_X509_value(chain, 1));
    OCSP_BASICRESP_free(basic);
    return answer;
}

static enum answer ask_staple(SSL *ssl)
{
    OCSP_RESPONSE *response;
    enum answer answer;

    if (!has_staple(ssl))
        return ANSWER_NONE;
    response = stapled(ssl);
    answer = judge(ssl, response);
    OCSP_RESPONSE_free(response);
    ERR_clear_error();
    return answer;
}

int wh_tls_judge_staple(SSL *ssl, void *unused)
{
    struct wh_tls *tls = SSL_get_app_data(ssl);
    enum answer answer;

    (void)unused;
    if (SSL_session_reused(ssl)) /* judged when the session began */
        return 1;
    answer = ask_staple(ssl);
    if (answer == ANSWER_REVOKED) {
        tls->faults_found |= WH_TLS_REVOKED;
        wh_tls_verdict_note(tls, "revoked, says the stapled OCSP response", 0);
    } else if (answer != ANSWER_GOOD && tls->leaf_unknown &&
               tls->config.revocation == WH_TLS_REVOCATION_REQUIRED) {
        tls->faults_found |= WH_TLS_REV_FAILED;
        wh_tls_verdict_note(tls,
                            answer == ANSWER_NONE
                                ? "no revocation list and no stapled OCSP response"
                                : "no revocation list, and the stapled OCSP response is useless",
                            0);
    }
    return !wh_tls_conclude(tls, SSL_get_peer_cert_chain(ssl));
}
