/* policy_wide.c - CertVerifyCertificateChainPolicy: is a chain good enough for a purpose?
 *
 * The gravest fault decides, in the order of the table below. Both widths: the server's name in
 * SSL_EXTRA_CERT_CHAIN_POLICY_PARA is WCHARs.
 */
#include "winhttp/wide.h"
#include "wincrypt/chain.h"
#include "wincrypt/context.h"

#include "core/net/tls.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

enum { SECURITY_FLAG_IGNORE_REVOCATION = 0x80 }; /* wininet.h's; winhttp.h does not name it */

/* Where nothing is known of a revocation, the flag to ignore that depends on whose it is. */
#define IGNORE_PER_ELEMENT 0

/* What of a chain's status is an error, unless the flags say to ignore it. */
static const struct {
    DWORD trust;
    HRESULT error;
    DWORD flags;     /* CERT_CHAIN_POLICY_*_FLAG that ignore it */
    DWORD fdwChecks; /* SECURITY_FLAG_* of an SSL policy that do, too */
} faults[] = {
    {CERT_TRUST_IS_NOT_SIGNATURE_VALID, TRUST_E_CERT_SIGNATURE, 0, 0},
    {CERT_TRUST_IS_REVOKED, CRYPT_E_REVOKED, 0, SECURITY_FLAG_IGNORE_REVOCATION},
    {CERT_TRUST_IS_EXPLICIT_DISTRUST, TRUST_E_EXPLICIT_DISTRUST, 0, 0},
    {CERT_TRUST_IS_UNTRUSTED_ROOT, CERT_E_UNTRUSTEDROOT, CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG,
     SECURITY_FLAG_IGNORE_UNKNOWN_CA},
    {CERT_TRUST_IS_PARTIAL_CHAIN, CERT_E_CHAINING, CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG,
     SECURITY_FLAG_IGNORE_UNKNOWN_CA},
    {CERT_TRUST_IS_NOT_TIME_VALID, CERT_E_EXPIRED, CERT_CHAIN_POLICY_IGNORE_NOT_TIME_VALID_FLAG,
     SECURITY_FLAG_IGNORE_CERT_DATE_INVALID},
    {CERT_TRUST_INVALID_BASIC_CONSTRAINTS, TRUST_E_BASIC_CONSTRAINTS,
     CERT_CHAIN_POLICY_IGNORE_INVALID_BASIC_CONSTRAINTS_FLAG, 0},
    {CERT_TRUST_INVALID_NAME_CONSTRAINTS, CERT_E_INVALID_NAME,
     CERT_CHAIN_POLICY_IGNORE_INVALID_NAME_FLAG, 0},
    {CERT_TRUST_INVALID_EXTENSION, CERT_E_CRITICAL, 0, 0},
    {CERT_TRUST_HAS_WEAK_SIGNATURE, CERT_E_UNTRUSTEDROOT, 0, 0},
    {CERT_TRUST_IS_NOT_VALID_FOR_USAGE, CERT_E_WRONG_USAGE,
     CERT_CHAIN_POLICY_IGNORE_WRONG_USAGE_FLAG, SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE},
    {CERT_TRUST_IS_OFFLINE_REVOCATION, CRYPT_E_REVOCATION_OFFLINE, IGNORE_PER_ELEMENT,
     SECURITY_FLAG_IGNORE_REVOCATION},
    {CERT_TRUST_REVOCATION_STATUS_UNKNOWN, CRYPT_E_NO_REVOCATION_CHECK, IGNORE_PER_ELEMENT,
     SECURITY_FLAG_IGNORE_REVOCATION},
};

static void report(CERT_CHAIN_POLICY_STATUS *status, HRESULT error, LONG chain, LONG element)
{
    status->dwError = (DWORD)error;
    status->lChainIndex = chain;
    status->lElementIndex = element;
}

/* May nobody know whether the certificate at this place was revoked? */
static bool is_ignored_at(const CERT_SIMPLE_CHAIN *chain, DWORD i, DWORD trust, DWORD flags)
{
    bool is_root = chain->rgpElement[i]->TrustStatus.dwInfoStatus & CERT_TRUST_IS_SELF_SIGNED;
    DWORD flag = i == 0    ? CERT_CHAIN_POLICY_IGNORE_END_REV_UNKNOWN_FLAG
                 : is_root ? CERT_CHAIN_POLICY_IGNORE_ROOT_REV_UNKNOWN_FLAG
                           : CERT_CHAIN_POLICY_IGNORE_CA_REV_UNKNOWN_FLAG;

    return (trust & (CERT_TRUST_IS_OFFLINE_REVOCATION | CERT_TRUST_REVOCATION_STATUS_UNKNOWN)) &&
           (flags & flag);
}

/* Does this fault count? *element is the first that has it, -1 if it is the chain's alone. */
static bool counts(const CERT_SIMPLE_CHAIN *chain, DWORD trust, DWORD flags, LONG *element)
{
    bool ignored = false;

    *element = -1;
    for (DWORD i = 0; i < chain->cElement; i++)
        if (chain->rgpElement[i]->TrustStatus.dwErrorStatus & trust) {
            if (!is_ignored_at(chain, i, trust, flags)) {
                *element = (LONG)i;
                return true;
            }
            ignored = true;
        }
    return !ignored;
}

static void judge_trust(PCCERT_CHAIN_CONTEXT chain, DWORD flags, DWORD fdwChecks,
                        CERT_CHAIN_POLICY_STATUS *status)
{
    DWORD trust = chain->TrustStatus.dwErrorStatus;
    LONG element;

    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if ((trust & faults[i].trust) && !(flags & faults[i].flags) &&
            !(fdwChecks & faults[i].fdwChecks) &&
            counts(chain->rgpChain[0], faults[i].trust, flags, &element)) {
            report(status, faults[i].error, 0, element);
            return;
        }
}

static DWORD judge_name(PCCERT_CHAIN_CONTEXT chain, const SSL_EXTRA_CERT_CHAIN_POLICY_PARA *ssl,
                        CERT_CHAIN_POLICY_STATUS *status)
{
    struct wh_cert *leaf =
        wh_cert_of_context(chain->rgpChain[0]->rgpElement[0]->pCertContext, NULL);
    struct wh_utf8 host;
    DWORD error = wh_utf8_make(&host, ssl->pwszServerName, (DWORD)-1, WH_NARROW_LENIENT);

    if (!error && (!leaf || wh_tls_check_host(wh_cert_x509(leaf), host.text) != X509_V_OK))
        report(status, CERT_E_CN_NO_MATCH, 0, 0);
    ERR_clear_error();
    wh_utf8_forget(&host);
    wh_cert_unref(&leaf);
    return error;
}

static const SSL_EXTRA_CERT_CHAIN_POLICY_PARA *ssl_para(LPCSTR policy,
                                                        const CERT_CHAIN_POLICY_PARA *parameters)
{
    return policy == CERT_CHAIN_POLICY_SSL && parameters ? parameters->pvExtraPolicyPara : NULL;
}

/* TRUE: the question could be answered; status->dwError is the answer. Of all flags, only one in
 * fdwChecks lets another host's certificate pass: an invalid name, which dwFlags can ignore, is one that
 * the chain's name constraints forbid. */
BOOL WINAPI CertVerifyCertificateChainPolicy(LPCSTR policy, PCCERT_CHAIN_CONTEXT chain,
                                             PCERT_CHAIN_POLICY_PARA parameters,
                                             PCERT_CHAIN_POLICY_STATUS status)
{
    const SSL_EXTRA_CERT_CHAIN_POLICY_PARA *ssl = ssl_para(policy, parameters);
    DWORD flags = parameters ? parameters->dwFlags : 0, checks = ssl ? ssl->fdwChecks : 0;
    DWORD error = ERROR_SUCCESS;

    if (policy != CERT_CHAIN_POLICY_BASE && policy != CERT_CHAIN_POLICY_SSL) {
        SetLastError(ERROR_FILE_NOT_FOUND); /* no provider for it */
        return FALSE;
    }
    if (!status || !chain || !wh_chain_hold(chain)) {
        SetLastError((DWORD)E_INVALIDARG);
        return FALSE;
    }
    report(status, S_OK, -1, -1);
    judge_trust(chain, flags, checks, status);
    if (!status->dwError && ssl && ssl->dwAuthType == AUTHTYPE_SERVER && ssl->pwszServerName &&
        !(checks & SECURITY_FLAG_IGNORE_CERT_CN_INVALID))
        error = judge_name(chain, ssl, status);
    wh_chain_release(chain);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}
