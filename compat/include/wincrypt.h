/* wincrypt.h - certificates.
 *
 * A CERT_CONTEXT that a networking library hands out is real: the structure is filled, and the
 * context is counted. CertFreeCertificateContext and CertDuplicateCertificateContext live in the
 * library that made it (winhttp), because the certificate behind it is that library's.
 *
 * X509_NAME is not defined here unless the program asks for it: OpenSSL has a type so named. Nor is
 * CMSG_DATA, which <sys/socket.h> owns.
 */
#ifndef __WINCRYPT_H__
#define __WINCRYPT_H__

#include <winnt.h>
#include <winbase.h>
#include <winerror.h>

#define WINCRYPT32API       WINBASEAPI
#define WINCRYPT32STRINGAPI WINBASEAPI

typedef unsigned int ALG_ID;
typedef ULONG_PTR HCRYPTPROV;
typedef ULONG_PTR HCRYPTKEY;
typedef ULONG_PTR HCRYPTHASH;
typedef ULONG_PTR HCRYPTPROV_OR_NCRYPT_KEY_HANDLE;
typedef ULONG_PTR HCRYPTPROV_LEGACY;
typedef void *HCERTSTORE;
typedef void *HCRYPTMSG;
typedef HANDLE HCERTCHAINENGINE;

typedef struct _CRYPTOAPI_BLOB {
    DWORD cbData;
    BYTE *pbData;
} CRYPT_INTEGER_BLOB, *PCRYPT_INTEGER_BLOB, CRYPT_UINT_BLOB, *PCRYPT_UINT_BLOB, CRYPT_OBJID_BLOB,
    *PCRYPT_OBJID_BLOB, CERT_NAME_BLOB, *PCERT_NAME_BLOB, CERT_RDN_VALUE_BLOB,
    *PCERT_RDN_VALUE_BLOB, CERT_BLOB, *PCERT_BLOB, CRL_BLOB, *PCRL_BLOB, DATA_BLOB, *PDATA_BLOB,
    CRYPT_DATA_BLOB, *PCRYPT_DATA_BLOB, CRYPT_HASH_BLOB, *PCRYPT_HASH_BLOB, CRYPT_DIGEST_BLOB,
    *PCRYPT_DIGEST_BLOB, CRYPT_DER_BLOB, *PCRYPT_DER_BLOB, CRYPT_ATTR_BLOB, *PCRYPT_ATTR_BLOB;

typedef struct _CRYPT_BIT_BLOB {
    DWORD cbData;
    BYTE *pbData;
    DWORD cUnusedBits;
} CRYPT_BIT_BLOB, *PCRYPT_BIT_BLOB;

typedef struct _CRYPT_ALGORITHM_IDENTIFIER {
    LPSTR pszObjId;
    CRYPT_OBJID_BLOB Parameters;
} CRYPT_ALGORITHM_IDENTIFIER, *PCRYPT_ALGORITHM_IDENTIFIER;

typedef struct _CERT_EXTENSION {
    LPSTR pszObjId;
    BOOL fCritical;
    CRYPT_OBJID_BLOB Value;
} CERT_EXTENSION, *PCERT_EXTENSION;
typedef const CERT_EXTENSION *PCCERT_EXTENSION;

typedef struct _CERT_PUBLIC_KEY_INFO {
    CRYPT_ALGORITHM_IDENTIFIER Algorithm;
    CRYPT_BIT_BLOB PublicKey;
} CERT_PUBLIC_KEY_INFO, *PCERT_PUBLIC_KEY_INFO;

typedef struct _CERT_INFO {
    DWORD dwVersion;
    CRYPT_INTEGER_BLOB SerialNumber;
    CRYPT_ALGORITHM_IDENTIFIER SignatureAlgorithm;
    CERT_NAME_BLOB Issuer;
    FILETIME NotBefore;
    FILETIME NotAfter;
    CERT_NAME_BLOB Subject;
    CERT_PUBLIC_KEY_INFO SubjectPublicKeyInfo;
    CRYPT_BIT_BLOB IssuerUniqueId;
    CRYPT_BIT_BLOB SubjectUniqueId;
    DWORD cExtension;
    PCERT_EXTENSION rgExtension;
} CERT_INFO, *PCERT_INFO;

typedef struct _CERT_CONTEXT {
    DWORD dwCertEncodingType;
    BYTE *pbCertEncoded;
    DWORD cbCertEncoded;
    PCERT_INFO pCertInfo;
    HCERTSTORE hCertStore;
} CERT_CONTEXT, *PCERT_CONTEXT;
typedef const CERT_CONTEXT *PCCERT_CONTEXT;

#define CERT_V1 0
#define CERT_V2 1
#define CERT_V3 2

#define CRYPT_ASN_ENCODING  0x00000001
#define CRYPT_NDR_ENCODING  0x00000002
#define X509_ASN_ENCODING   0x00000001
#define X509_NDR_ENCODING   0x00000002
#define PKCS_7_ASN_ENCODING 0x00010000
#define PKCS_7_NDR_ENCODING 0x00020000

typedef struct _CERT_TRUST_STATUS {
    DWORD dwErrorStatus;
    DWORD dwInfoStatus;
} CERT_TRUST_STATUS, *PCERT_TRUST_STATUS;

typedef struct _CTL_USAGE {
    DWORD cUsageIdentifier;
    LPSTR *rgpszUsageIdentifier;
} CTL_USAGE, *PCTL_USAGE, CERT_ENHKEY_USAGE, *PCERT_ENHKEY_USAGE;
typedef const CTL_USAGE *PCCTL_USAGE;
typedef const CERT_ENHKEY_USAGE *PCCERT_ENHKEY_USAGE;

typedef struct _CERT_TRUST_LIST_INFO CERT_TRUST_LIST_INFO, *PCERT_TRUST_LIST_INFO;
typedef struct _CERT_REVOCATION_CRL_INFO CERT_REVOCATION_CRL_INFO, *PCERT_REVOCATION_CRL_INFO;

typedef struct _CERT_REVOCATION_INFO {
    DWORD cbSize;
    DWORD dwRevocationResult;
    LPCSTR pszRevocationOid;
    LPVOID pvOidSpecificInfo;
    BOOL fHasFreshnessTime;
    DWORD dwFreshnessTime;
    PCERT_REVOCATION_CRL_INFO pCrlInfo;
} CERT_REVOCATION_INFO, *PCERT_REVOCATION_INFO;

typedef struct _CERT_CHAIN_ELEMENT {
    DWORD cbSize;
    PCCERT_CONTEXT pCertContext;
    CERT_TRUST_STATUS TrustStatus;
    PCERT_REVOCATION_INFO pRevocationInfo;
    PCERT_ENHKEY_USAGE pIssuanceUsage;
    PCERT_ENHKEY_USAGE pApplicationUsage;
    LPCWSTR pwszExtendedErrorInfo;
} CERT_CHAIN_ELEMENT, *PCERT_CHAIN_ELEMENT;
typedef const CERT_CHAIN_ELEMENT *PCCERT_CHAIN_ELEMENT;

typedef struct _CERT_SIMPLE_CHAIN {
    DWORD cbSize;
    CERT_TRUST_STATUS TrustStatus;
    DWORD cElement;
    PCERT_CHAIN_ELEMENT *rgpElement;
    PCERT_TRUST_LIST_INFO pTrustListInfo;
    BOOL fHasRevocationFreshnessTime;
    DWORD dwRevocationFreshnessTime;
} CERT_SIMPLE_CHAIN, *PCERT_SIMPLE_CHAIN;
typedef const CERT_SIMPLE_CHAIN *PCCERT_SIMPLE_CHAIN;

typedef struct _CERT_CHAIN_CONTEXT CERT_CHAIN_CONTEXT, *PCERT_CHAIN_CONTEXT;
typedef const CERT_CHAIN_CONTEXT *PCCERT_CHAIN_CONTEXT;
struct _CERT_CHAIN_CONTEXT {
    DWORD cbSize;
    CERT_TRUST_STATUS TrustStatus;
    DWORD cChain;
    PCERT_SIMPLE_CHAIN *rgpChain;
    DWORD cLowerQualityChainContext;
    PCCERT_CHAIN_CONTEXT *rgpLowerQualityChainContext;
    BOOL fHasRevocationFreshnessTime;
    DWORD dwRevocationFreshnessTime;
    DWORD dwCreateFlags;
    GUID ChainId;
};

typedef struct _CERT_BASIC_CONSTRAINTS2_INFO {
    BOOL fCA;
    BOOL fPathLenConstraint;
    DWORD dwPathLenConstraint;
} CERT_BASIC_CONSTRAINTS2_INFO, *PCERT_BASIC_CONSTRAINTS2_INFO;

typedef struct _CERT_OTHER_NAME {
    LPSTR pszObjId;
    CRYPT_OBJID_BLOB Value;
} CERT_OTHER_NAME, *PCERT_OTHER_NAME;

typedef struct _CERT_ALT_NAME_ENTRY {
    DWORD dwAltNameChoice;
    __extension__ union {
        PCERT_OTHER_NAME pOtherName;
        LPWSTR pwszRfc822Name;
        LPWSTR pwszDNSName;
        CERT_NAME_BLOB DirectoryName;
        LPWSTR pwszURL;
        CRYPT_DATA_BLOB IPAddress;
        LPSTR pszRegisteredID;
    };
} CERT_ALT_NAME_ENTRY, *PCERT_ALT_NAME_ENTRY;

typedef struct _CERT_ALT_NAME_INFO {
    DWORD cAltEntry;
    PCERT_ALT_NAME_ENTRY rgAltEntry;
} CERT_ALT_NAME_INFO, *PCERT_ALT_NAME_INFO;

typedef struct _CERT_RDN_ATTR {
    LPSTR pszObjId;
    DWORD dwValueType;
    CERT_RDN_VALUE_BLOB Value;
} CERT_RDN_ATTR, *PCERT_RDN_ATTR;

typedef struct _CERT_RDN {
    DWORD cRDNAttr;
    PCERT_RDN_ATTR rgRDNAttr;
} CERT_RDN, *PCERT_RDN;

typedef struct _CERT_NAME_INFO {
    DWORD cRDN;
    PCERT_RDN rgRDN;
} CERT_NAME_INFO, *PCERT_NAME_INFO;

typedef LPVOID(WINAPI *PFN_CRYPT_ALLOC)(size_t size);
typedef VOID(WINAPI *PFN_CRYPT_FREE)(LPVOID block);

typedef struct _CRYPT_DECODE_PARA {
    DWORD cbSize;
    PFN_CRYPT_ALLOC pfnAlloc;
    PFN_CRYPT_FREE pfnFree;
} CRYPT_DECODE_PARA, *PCRYPT_DECODE_PARA;

/* OpenSSL has a type of this name, whichever header comes first. */
#ifdef WINPOSIX_X509_NAME
#define X509_NAME ((LPCSTR)7)
#endif
#define X509_ALTERNATE_NAME     ((LPCSTR)12)
#define X509_KEY_USAGE          ((LPCSTR)14)
#define X509_BASIC_CONSTRAINTS2 ((LPCSTR)15)
#define X509_UNICODE_NAME       ((LPCSTR)20)
#define X509_ENHANCED_KEY_USAGE ((LPCSTR)36)

#define CRYPT_DECODE_NOCOPY_FLAG           0x0001
#define CRYPT_DECODE_SHARE_OID_STRING_FLAG 0x0004
#define CRYPT_DECODE_ALLOC_FLAG            0x8000

#define CERT_ALT_NAME_OTHER_NAME     1
#define CERT_ALT_NAME_RFC822_NAME    2
#define CERT_ALT_NAME_DNS_NAME       3
#define CERT_ALT_NAME_X400_ADDRESS   4
#define CERT_ALT_NAME_DIRECTORY_NAME 5
#define CERT_ALT_NAME_EDI_PARTY_NAME 6
#define CERT_ALT_NAME_URL            7
#define CERT_ALT_NAME_IP_ADDRESS     8
#define CERT_ALT_NAME_REGISTERED_ID  9

#define CERT_RDN_ANY_TYPE         0
#define CERT_RDN_ENCODED_BLOB     1
#define CERT_RDN_OCTET_STRING     2
#define CERT_RDN_NUMERIC_STRING   3
#define CERT_RDN_PRINTABLE_STRING 4
#define CERT_RDN_TELETEX_STRING   5
#define CERT_RDN_T61_STRING       5
#define CERT_RDN_VIDEOTEX_STRING  6
#define CERT_RDN_IA5_STRING       7
#define CERT_RDN_GRAPHIC_STRING   8
#define CERT_RDN_VISIBLE_STRING   9
#define CERT_RDN_GENERAL_STRING   10
#define CERT_RDN_UNIVERSAL_STRING 11
#define CERT_RDN_BMP_STRING       12
#define CERT_RDN_UNICODE_STRING   12
#define CERT_RDN_UTF8_STRING      13

#define CERT_ENCIPHER_ONLY_KEY_USAGE     0x01
#define CERT_CRL_SIGN_KEY_USAGE          0x02
#define CERT_KEY_CERT_SIGN_KEY_USAGE     0x04
#define CERT_KEY_AGREEMENT_KEY_USAGE     0x08
#define CERT_DATA_ENCIPHERMENT_KEY_USAGE 0x10
#define CERT_KEY_ENCIPHERMENT_KEY_USAGE  0x20
#define CERT_NON_REPUDIATION_KEY_USAGE   0x40
#define CERT_DIGITAL_SIGNATURE_KEY_USAGE 0x80

#define CRYPT_STRING_BASE64HEADER        0x00000000
#define CRYPT_STRING_BASE64              0x00000001
#define CRYPT_STRING_BASE64REQUESTHEADER 0x00000003
#define CRYPT_STRING_BASE64_ANY          0x00000006
#define CRYPT_STRING_ENCODEMASK          0x000000ff
#define CRYPT_STRING_NOCRLF              0x40000000
#define CRYPT_STRING_NOCR                0x80000000

#define CERT_FIND_EXT_ONLY_ENHKEY_USAGE_FLAG  0x2
#define CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG 0x4

#define CERT_STORE_SIGNATURE_FLAG     0x00000001
#define CERT_STORE_TIME_VALIDITY_FLAG 0x00000002
#define CERT_STORE_REVOCATION_FLAG    0x00000004
#define CERT_STORE_NO_CRL_FLAG        0x00010000

#define CALG_MD5     0x00008003
#define CALG_SHA1    0x00008004
#define CALG_SHA_256 0x0000800c
#define CALG_SHA_384 0x0000800d
#define CALG_SHA_512 0x0000800e

#define CERT_TRUST_NO_ERROR                   0x00000000
#define CERT_TRUST_IS_NOT_TIME_VALID          0x00000001
#define CERT_TRUST_IS_REVOKED                 0x00000004
#define CERT_TRUST_IS_NOT_SIGNATURE_VALID     0x00000008
#define CERT_TRUST_IS_NOT_VALID_FOR_USAGE     0x00000010
#define CERT_TRUST_IS_UNTRUSTED_ROOT          0x00000020
#define CERT_TRUST_REVOCATION_STATUS_UNKNOWN  0x00000040
#define CERT_TRUST_IS_CYCLIC                  0x00000080
#define CERT_TRUST_INVALID_EXTENSION          0x00000100
#define CERT_TRUST_INVALID_POLICY_CONSTRAINTS 0x00000200
#define CERT_TRUST_INVALID_BASIC_CONSTRAINTS  0x00000400
#define CERT_TRUST_INVALID_NAME_CONSTRAINTS   0x00000800
#define CERT_TRUST_IS_OFFLINE_REVOCATION      0x01000000
#define CERT_TRUST_NO_ISSUANCE_CHAIN_POLICY   0x02000000
#define CERT_TRUST_IS_EXPLICIT_DISTRUST       0x04000000
#define CERT_TRUST_HAS_WEAK_SIGNATURE         0x00100000
#define CERT_TRUST_IS_PARTIAL_CHAIN           0x00010000
#define CERT_TRUST_IS_SELF_SIGNED             0x00000008

typedef struct _CERT_USAGE_MATCH {
    DWORD dwType;
    CERT_ENHKEY_USAGE Usage;
} CERT_USAGE_MATCH, *PCERT_USAGE_MATCH;
#define USAGE_MATCH_TYPE_AND 0x00000000
#define USAGE_MATCH_TYPE_OR  0x00000001

typedef struct _CERT_CHAIN_PARA {
    DWORD cbSize;
    CERT_USAGE_MATCH RequestedUsage;
#ifdef CERT_CHAIN_PARA_HAS_EXTRA_FIELDS
    CERT_USAGE_MATCH RequestedIssuancePolicy;
    DWORD dwUrlRetrievalTimeout;
    BOOL fCheckRevocationFreshnessTime;
    DWORD dwRevocationFreshnessTime;
    LPFILETIME pftCacheResync;
#endif
} CERT_CHAIN_PARA, *PCERT_CHAIN_PARA;

typedef struct _CERT_CHAIN_ENGINE_CONFIG {
    DWORD cbSize;
    HCERTSTORE hRestrictedRoot;
    HCERTSTORE hRestrictedTrust;
    HCERTSTORE hRestrictedOther;
    DWORD cAdditionalStore;
    HCERTSTORE *rghAdditionalStore;
    DWORD dwFlags;
    DWORD dwUrlRetrievalTimeout;
    DWORD MaximumCachedCertificates;
    DWORD CycleDetectionModulus;
    HCERTSTORE hExclusiveRoot;
    HCERTSTORE hExclusiveTrustedPeople;
    DWORD dwExclusiveFlags;
} CERT_CHAIN_ENGINE_CONFIG, *PCERT_CHAIN_ENGINE_CONFIG;

#define HCCE_CURRENT_USER  ((HCERTCHAINENGINE)NULL)
#define HCCE_LOCAL_MACHINE ((HCERTCHAINENGINE)0x1)

#define CERT_CHAIN_CACHE_END_CERT                      0x00000001
#define CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL            0x00000004
#define CERT_CHAIN_REVOCATION_CHECK_END_CERT           0x10000000
#define CERT_CHAIN_REVOCATION_CHECK_CHAIN              0x20000000
#define CERT_CHAIN_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT 0x40000000
#define CERT_CHAIN_REVOCATION_CHECK_CACHE_ONLY         0x80000000
#define CERT_CHAIN_REVOCATION_ACCUMULATIVE_TIMEOUT     0x08000000
#define CERT_CHAIN_ENABLE_CACHE_AUTO_UPDATE            0x00000010
#define CERT_CHAIN_ENABLE_SHARE_STORE                  0x00000020
#define CERT_CHAIN_EXCLUSIVE_ENABLE_CA_FLAG            0x00000001

typedef struct _CERT_CHAIN_POLICY_PARA {
    DWORD cbSize;
    DWORD dwFlags;
    void *pvExtraPolicyPara;
} CERT_CHAIN_POLICY_PARA, *PCERT_CHAIN_POLICY_PARA;

typedef struct _CERT_CHAIN_POLICY_STATUS {
    DWORD cbSize;
    DWORD dwError;
    LONG lChainIndex;
    LONG lElementIndex;
    void *pvExtraPolicyStatus;
} CERT_CHAIN_POLICY_STATUS, *PCERT_CHAIN_POLICY_STATUS;

#define CERT_CHAIN_POLICY_BASE           ((LPCSTR)1)
#define CERT_CHAIN_POLICY_AUTHENTICODE   ((LPCSTR)2)
#define CERT_CHAIN_POLICY_SSL            ((LPCSTR)4)
#define CERT_CHAIN_POLICY_MICROSOFT_ROOT ((LPCSTR)7)

#define CERT_CHAIN_POLICY_IGNORE_NOT_TIME_VALID_FLAG            0x00000001
#define CERT_CHAIN_POLICY_IGNORE_INVALID_BASIC_CONSTRAINTS_FLAG 0x00000008
#define CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG                 0x00000010
#define CERT_CHAIN_POLICY_IGNORE_WRONG_USAGE_FLAG               0x00000020
#define CERT_CHAIN_POLICY_IGNORE_INVALID_NAME_FLAG              0x00000040
#define CERT_CHAIN_POLICY_IGNORE_END_REV_UNKNOWN_FLAG           0x00000100
#define CERT_CHAIN_POLICY_IGNORE_CA_REV_UNKNOWN_FLAG            0x00000400
#define CERT_CHAIN_POLICY_IGNORE_ROOT_REV_UNKNOWN_FLAG          0x00000800
#define CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS          0x00000F00

#define AUTHTYPE_CLIENT 1
#define AUTHTYPE_SERVER 2

typedef struct _HTTPSPolicyCallbackData {
    __extension__ union {
        DWORD cbStruct;
        DWORD cbSize;
    };
    DWORD dwAuthType;
    DWORD fdwChecks;
    WCHAR *pwszServerName;
} HTTPSPolicyCallbackData, *PHTTPSPolicyCallbackData, SSL_EXTRA_CERT_CHAIN_POLICY_PARA,
    *PSSL_EXTRA_CERT_CHAIN_POLICY_PARA;

typedef BOOL(WINAPI *PFN_CERT_CHAIN_FIND_BY_ISSUER_CALLBACK)(PCCERT_CONTEXT certificate,
                                                             void *argument);
typedef struct _CERT_CHAIN_FIND_BY_ISSUER_PARA {
    DWORD cbSize;
    LPCSTR pszUsageIdentifier;
    DWORD dwKeySpec;
    DWORD dwAcquirePrivateKeyFlags;
    DWORD cIssuer;
    CERT_NAME_BLOB *rgIssuer;
    PFN_CERT_CHAIN_FIND_BY_ISSUER_CALLBACK pfnFindCallback;
    void *pvFindArg;
} CERT_CHAIN_FIND_ISSUER_PARA, *PCERT_CHAIN_FIND_ISSUER_PARA, CERT_CHAIN_FIND_BY_ISSUER_PARA,
    *PCERT_CHAIN_FIND_BY_ISSUER_PARA;

#define CERT_CHAIN_FIND_BY_ISSUER                     1
#define CERT_CHAIN_FIND_BY_ISSUER_CACHE_ONLY_FLAG     0x8000
#define CERT_CHAIN_FIND_BY_ISSUER_CACHE_ONLY_URL_FLAG 0x0004
#define CERT_CHAIN_FIND_BY_ISSUER_COMPARE_KEY_FLAG    0x0001

#define CERT_STORE_PROV_MSG        ((LPCSTR)1)
#define CERT_STORE_PROV_MEMORY     ((LPCSTR)2)
#define CERT_STORE_PROV_FILE       ((LPCSTR)3)
#define CERT_STORE_PROV_PKCS7      ((LPCSTR)5)
#define CERT_STORE_PROV_FILENAME_A ((LPCSTR)7)
#define CERT_STORE_PROV_FILENAME_W ((LPCSTR)8)
#define CERT_STORE_PROV_SYSTEM_A   ((LPCSTR)9)
#define CERT_STORE_PROV_SYSTEM_W   ((LPCSTR)10)
#define CERT_STORE_PROV_SYSTEM     CERT_STORE_PROV_SYSTEM_W
#define CERT_STORE_PROV_COLLECTION ((LPCSTR)11)

#define CERT_STORE_PROV_SYSTEM_REGISTRY_A ((LPCSTR)12)
#define CERT_STORE_PROV_SYSTEM_REGISTRY_W ((LPCSTR)13)
#define CERT_STORE_PROV_SYSTEM_REGISTRY   CERT_STORE_PROV_SYSTEM_REGISTRY_W

#define CERT_SYSTEM_STORE_LOCATION_MASK    0x00FF0000
#define CERT_SYSTEM_STORE_LOCATION_SHIFT   16
#define CERT_SYSTEM_STORE_CURRENT_USER_ID  1
#define CERT_SYSTEM_STORE_LOCAL_MACHINE_ID 2
#define CERT_SYSTEM_STORE_CURRENT_USER                                                             \
    (CERT_SYSTEM_STORE_CURRENT_USER_ID << CERT_SYSTEM_STORE_LOCATION_SHIFT)
#define CERT_SYSTEM_STORE_LOCAL_MACHINE                                                            \
    (CERT_SYSTEM_STORE_LOCAL_MACHINE_ID << CERT_SYSTEM_STORE_LOCATION_SHIFT)

#define CERT_STORE_NO_CRYPT_RELEASE_FLAG            0x00000001
#define CERT_STORE_DEFER_CLOSE_UNTIL_LAST_FREE_FLAG 0x00000004
#define CERT_STORE_DELETE_FLAG                      0x00000010
#define CERT_STORE_CREATE_NEW_FLAG                  0x00002000
#define CERT_STORE_OPEN_EXISTING_FLAG               0x00004000
#define CERT_STORE_READONLY_FLAG                    0x00008000
#define CERT_STORE_ADD_NEW                          1
#define CERT_STORE_ADD_USE_EXISTING                 2
#define CERT_STORE_ADD_REPLACE_EXISTING             3
#define CERT_STORE_ADD_ALWAYS                       4
#define CERT_CLOSE_STORE_FORCE_FLAG                 0x00000001
#define CERT_CLOSE_STORE_CHECK_FLAG                 0x00000002
#define CERT_PHYSICAL_STORE_ADD_ENABLE_FLAG         0x00000001

#define CERT_INFO_ISSUER_FLAG        4
#define CERT_INFO_SUBJECT_FLAG       7
#define CERT_COMPARE_SHIFT           16
#define CERT_COMPARE_ANY             0
#define CERT_COMPARE_SHA1_HASH       1
#define CERT_COMPARE_NAME            2
#define CERT_COMPARE_MD5_HASH        4
#define CERT_COMPARE_NAME_STR_A      7
#define CERT_COMPARE_NAME_STR_W      8
#define CERT_COMPARE_SUBJECT_CERT    11
#define CERT_COMPARE_EXISTING        13
#define CERT_COMPARE_HAS_PRIVATE_KEY 21
#define CERT_COMPARE_SHA256_HASH     22
#define CERT_FIND_ANY                (CERT_COMPARE_ANY << CERT_COMPARE_SHIFT)
#define CERT_FIND_SHA1_HASH          (CERT_COMPARE_SHA1_HASH << CERT_COMPARE_SHIFT)
#define CERT_FIND_MD5_HASH           (CERT_COMPARE_MD5_HASH << CERT_COMPARE_SHIFT)
#define CERT_FIND_HASH               CERT_FIND_SHA1_HASH
#define CERT_FIND_SUBJECT_NAME       (CERT_COMPARE_NAME << CERT_COMPARE_SHIFT | CERT_INFO_SUBJECT_FLAG)
#define CERT_FIND_SUBJECT_STR_A                                                                    \
    (CERT_COMPARE_NAME_STR_A << CERT_COMPARE_SHIFT | CERT_INFO_SUBJECT_FLAG)
#define CERT_FIND_SUBJECT_STR_W                                                                    \
    (CERT_COMPARE_NAME_STR_W << CERT_COMPARE_SHIFT | CERT_INFO_SUBJECT_FLAG)
#define CERT_FIND_SUBJECT_STR CERT_FIND_SUBJECT_STR_W
#define CERT_FIND_ISSUER_NAME (CERT_COMPARE_NAME << CERT_COMPARE_SHIFT | CERT_INFO_ISSUER_FLAG)
#define CERT_FIND_ISSUER_STR_A                                                                     \
    (CERT_COMPARE_NAME_STR_A << CERT_COMPARE_SHIFT | CERT_INFO_ISSUER_FLAG)
#define CERT_FIND_ISSUER_STR_W                                                                     \
    (CERT_COMPARE_NAME_STR_W << CERT_COMPARE_SHIFT | CERT_INFO_ISSUER_FLAG)
#define CERT_FIND_ISSUER_STR      CERT_FIND_ISSUER_STR_W
#define CERT_FIND_SUBJECT_CERT    (CERT_COMPARE_SUBJECT_CERT << CERT_COMPARE_SHIFT)
#define CERT_FIND_EXISTING        (CERT_COMPARE_EXISTING << CERT_COMPARE_SHIFT)
#define CERT_FIND_SHA256_HASH     (CERT_COMPARE_SHA256_HASH << CERT_COMPARE_SHIFT)
#define CERT_FIND_HAS_PRIVATE_KEY (CERT_COMPARE_HAS_PRIVATE_KEY << CERT_COMPARE_SHIFT)

#define CERT_SHA1_HASH_PROP_ID   3
#define CERT_HASH_PROP_ID        CERT_SHA1_HASH_PROP_ID
#define CERT_MD5_HASH_PROP_ID    4
#define CERT_SHA256_HASH_PROP_ID 107

#define CERT_NAME_EMAIL_TYPE            1
#define CERT_NAME_RDN_TYPE              2
#define CERT_NAME_ATTR_TYPE             3
#define CERT_NAME_SIMPLE_DISPLAY_TYPE   4
#define CERT_NAME_FRIENDLY_DISPLAY_TYPE 5
#define CERT_NAME_DNS_TYPE              6
#define CERT_NAME_URL_TYPE              7
#define CERT_NAME_UPN_TYPE              8

#define CERT_NAME_ISSUER_FLAG 0x00000001

#define CERT_SIMPLE_NAME_STR          1
#define CERT_OID_NAME_STR             2
#define CERT_X500_NAME_STR            3
#define CERT_NAME_STR_SEMICOLON_FLAG  0x40000000
#define CERT_NAME_STR_NO_QUOTING_FLAG 0x10000000
#define CERT_NAME_STR_CRLF_FLAG       0x08000000
#define CERT_NAME_STR_COMMA_FLAG      0x04000000
#define CERT_NAME_STR_REVERSE_FLAG    0x02000000
#define CERT_NAME_STR_NO_PLUS_FLAG    0x20000000

#define CRYPT_EXPORTABLE      0x00000001
#define CRYPT_USER_PROTECTED  0x00000002
#define CRYPT_MACHINE_KEYSET  0x00000020
#define CRYPT_USER_KEYSET     0x00001000
#define PKCS12_NO_PERSIST_KEY 0x00008000

#define szOID_COMMON_NAME               "2.5.4.3"
#define szOID_COUNTRY_NAME              "2.5.4.6"
#define szOID_LOCALITY_NAME             "2.5.4.7"
#define szOID_STATE_OR_PROVINCE_NAME    "2.5.4.8"
#define szOID_ORGANIZATION_NAME         "2.5.4.10"
#define szOID_ORGANIZATIONAL_UNIT_NAME  "2.5.4.11"
#define szOID_RSA_RSA                   "1.2.840.113549.1.1.1"
#define szOID_RSA_SHA1RSA               "1.2.840.113549.1.1.5"
#define szOID_RSA_SSA_PSS               "1.2.840.113549.1.1.10"
#define szOID_RSA_SHA256RSA             "1.2.840.113549.1.1.11"
#define szOID_RSA_SHA384RSA             "1.2.840.113549.1.1.12"
#define szOID_RSA_SHA512RSA             "1.2.840.113549.1.1.13"
#define szOID_RSA_emailAddr             "1.2.840.113549.1.9.1"
#define szOID_ECC_PUBLIC_KEY            "1.2.840.10045.2.1"
#define szOID_ECDSA_SHA256              "1.2.840.10045.4.3.2"
#define szOID_ECDSA_SHA384              "1.2.840.10045.4.3.3"
#define szOID_ECDSA_SHA512              "1.2.840.10045.4.3.4"
#define szOID_SUBJECT_KEY_IDENTIFIER    "2.5.29.14"
#define szOID_KEY_USAGE                 "2.5.29.15"
#define szOID_SUBJECT_ALT_NAME2         "2.5.29.17"
#define szOID_ISSUER_ALT_NAME2          "2.5.29.18"
#define szOID_BASIC_CONSTRAINTS2        "2.5.29.19"
#define szOID_NAME_CONSTRAINTS          "2.5.29.30"
#define szOID_CRL_DIST_POINTS           "2.5.29.31"
#define szOID_CERT_POLICIES             "2.5.29.32"
#define szOID_AUTHORITY_KEY_IDENTIFIER2 "2.5.29.35"
#define szOID_ENHANCED_KEY_USAGE        "2.5.29.37"
#define szOID_AUTHORITY_INFO_ACCESS     "1.3.6.1.5.5.7.1.1"
#define szOID_PKIX_KP_SERVER_AUTH       "1.3.6.1.5.5.7.3.1"
#define szOID_PKIX_KP_CLIENT_AUTH       "1.3.6.1.5.5.7.3.2"
#define szOID_SERVER_GATED_CRYPTO       "1.3.6.1.4.1.311.10.3.3"
#define szOID_SGC_NETSCAPE              "2.16.840.1.113730.4.1"

WINPOSIX_C_BEGIN

/* All of these are in libwinhttp, over OpenSSL. Failures are in GetLastError, success leaves it alone.
 * Handles and contexts that are not alive are refused, never followed.
 *
 * Contexts: counted; Free always returns TRUE. Create takes one certificate in DER. Property knows the
 * three hashes: CERT_SHA1_HASH_PROP_ID, CERT_MD5_HASH_PROP_ID, CERT_SHA256_HASH_PROP_ID; *size is in
 * bytes, NULL asks for it, ERROR_MORE_DATA says it is too small, CRYPT_E_NOT_FOUND that there is no
 * such property. */
WINCRYPT32API BOOL WINAPI CertFreeCertificateContext(PCCERT_CONTEXT context);
WINCRYPT32API PCCERT_CONTEXT WINAPI CertDuplicateCertificateContext(PCCERT_CONTEXT context);
WINCRYPT32API PCCERT_CONTEXT WINAPI CertCreateCertificateContext(DWORD encoding, const BYTE *der,
                                                                 DWORD size);
WINCRYPT32API BOOL WINAPI CertGetCertificateContextProperty(PCCERT_CONTEXT context, DWORD property,
                                                            void *into, DWORD *size);
WINCRYPT32API BOOL WINAPI CertCompareCertificate(DWORD encoding, PCERT_INFO a, PCERT_INFO b);
WINCRYPT32API BOOL WINAPI CertCompareCertificateName(DWORD encoding, PCERT_NAME_BLOB a,
                                                     PCERT_NAME_BLOB b);
WINCRYPT32API PCERT_EXTENSION WINAPI CertFindExtension(LPCSTR oid, DWORD count,
                                                       CERT_EXTENSION extensions[]);
WINCRYPT32API LONG WINAPI CertVerifyTimeValidity(LPFILETIME time, PCERT_INFO info);

/* Names. `into` gets at most `room` characters, cut to fit and always ended. Returned are the
 * characters written with the NUL, 1 for no such name; without a buffer, those that it takes. */
WINCRYPT32API DWORD WINAPI CertGetNameStringA(PCCERT_CONTEXT context, DWORD type, DWORD flags,
                                              void *parameter, LPSTR into, DWORD room);
WINCRYPT32API DWORD WINAPI CertGetNameStringW(PCCERT_CONTEXT context, DWORD type, DWORD flags,
                                              void *parameter, LPWSTR into, DWORD room)
    WINPOSIX_WIDE(CertGetNameStringW);
WINCRYPT32API DWORD WINAPI CertNameToStrA(DWORD encoding, PCERT_NAME_BLOB name, DWORD type,
                                          LPSTR into, DWORD room);
WINCRYPT32API DWORD WINAPI CertNameToStrW(DWORD encoding, PCERT_NAME_BLOB name, DWORD type,
                                          LPWSTR into, DWORD room) WINPOSIX_WIDE(CertNameToStrW);

/* Stores: MEMORY, PKCS7 (a CRYPT_DATA_BLOB), FILENAME (PEM, DER, PKCS#7, PKCS#12 without password) and
 * SYSTEM, whose ROOT is what TLS trusts here and whose other names are directories of certificate
 * files: see docs/compatibility.md. Changes to a store are not written anywhere. A context keeps its
 * store. */
WINCRYPT32API HCERTSTORE WINAPI CertOpenStore(LPCSTR provider, DWORD encoding,
                                              HCRYPTPROV_LEGACY crypt, DWORD flags,
                                              const void *parameter) WINPOSIX_WIDE(CertOpenStore);
WINCRYPT32API HCERTSTORE WINAPI CertOpenSystemStoreA(HCRYPTPROV_LEGACY crypt, LPCSTR name);
WINCRYPT32API HCERTSTORE WINAPI CertOpenSystemStoreW(HCRYPTPROV_LEGACY crypt, LPCWSTR name)
    WINPOSIX_WIDE(CertOpenSystemStoreW);
WINCRYPT32API HCERTSTORE WINAPI PFXImportCertStore(CRYPT_DATA_BLOB *pfx, LPCWSTR password,
                                                   DWORD flags) WINPOSIX_WIDE(PFXImportCertStore);
WINCRYPT32API BOOL WINAPI PFXIsPFXBlob(CRYPT_DATA_BLOB *pfx);
WINCRYPT32API BOOL WINAPI PFXVerifyPassword(CRYPT_DATA_BLOB *pfx, LPCWSTR password, DWORD flags)
    WINPOSIX_WIDE(PFXVerifyPassword);
WINCRYPT32API HCERTSTORE WINAPI CertDuplicateStore(HCERTSTORE store);
WINCRYPT32API BOOL WINAPI CertCloseStore(HCERTSTORE store, DWORD flags);
WINCRYPT32API PCCERT_CONTEXT WINAPI CertEnumCertificatesInStore(HCERTSTORE store,
                                                                PCCERT_CONTEXT previous);
WINCRYPT32API PCCERT_CONTEXT WINAPI CertFindCertificateInStore(HCERTSTORE store, DWORD encoding,
                                                               DWORD flags, DWORD type,
                                                               const void *parameter,
                                                               PCCERT_CONTEXT previous)
    WINPOSIX_WIDE(CertFindCertificateInStore);
WINCRYPT32API BOOL WINAPI CertAddEncodedCertificateToStore(HCERTSTORE store, DWORD encoding,
                                                           const BYTE *der, DWORD size,
                                                           DWORD disposition,
                                                           PCCERT_CONTEXT *context);
WINCRYPT32API BOOL WINAPI CertAddCertificateContextToStore(HCERTSTORE store, PCCERT_CONTEXT context,
                                                           DWORD disposition,
                                                           PCCERT_CONTEXT *added);
WINCRYPT32API BOOL WINAPI CertDeleteCertificateFromStore(PCCERT_CONTEXT context);
WINCRYPT32API BOOL WINAPI CertAddStoreToCollection(HCERTSTORE collection, HCERTSTORE member,
                                                   DWORD flags, DWORD priority);
WINCRYPT32API void WINAPI CertRemoveStoreFromCollection(HCERTSTORE collection, HCERTSTORE member);

/* Chains: one simple chain per context, the best that OpenSSL finds; TrustStatus tells what is wrong
 * with it. No issuer and no revocation list is fetched. Policies: BASE and SSL. */
WINCRYPT32API PCCERT_CHAIN_CONTEXT WINAPI CertFindChainInStore(HCERTSTORE store, DWORD encoding,
                                                               DWORD flags, DWORD type,
                                                               const void *parameter,
                                                               PCCERT_CHAIN_CONTEXT previous);
WINCRYPT32API BOOL WINAPI CertCreateCertificateChainEngine(PCERT_CHAIN_ENGINE_CONFIG config,
                                                           HCERTCHAINENGINE *engine);
WINCRYPT32API void WINAPI CertFreeCertificateChainEngine(HCERTCHAINENGINE engine);
WINCRYPT32API BOOL WINAPI CertGetCertificateChain(HCERTCHAINENGINE engine, PCCERT_CONTEXT context,
                                                  LPFILETIME time, HCERTSTORE additional,
                                                  PCERT_CHAIN_PARA parameters, DWORD flags,
                                                  LPVOID reserved, PCCERT_CHAIN_CONTEXT *chain);
WINCRYPT32API PCCERT_CHAIN_CONTEXT WINAPI CertDuplicateCertificateChain(PCCERT_CHAIN_CONTEXT chain);
WINCRYPT32API void WINAPI CertFreeCertificateChain(PCCERT_CHAIN_CONTEXT chain);
WINCRYPT32API BOOL WINAPI CertVerifyCertificateChainPolicy(LPCSTR policy,
                                                           PCCERT_CHAIN_CONTEXT chain,
                                                           PCERT_CHAIN_POLICY_PARA parameters,
                                                           PCERT_CHAIN_POLICY_STATUS status)
    WINPOSIX_WIDE(CertVerifyCertificateChainPolicy);

/* What certificates are for, and what is in their extensions. Decode knows X509_NAME (define
 * WINPOSIX_X509_NAME to have that name), X509_UNICODE_NAME, X509_ALTERNATE_NAME, X509_KEY_USAGE,
 * X509_BASIC_CONSTRAINTS2 and X509_ENHANCED_KEY_USAGE, by number or by the extension's OID;
 * ERROR_FILE_NOT_FOUND: another kind. With CRYPT_DECODE_ALLOC_FLAG (Ex) `into` is the address of a
 * pointer, for LocalFree; else NULL asks for the size, and ERROR_MORE_DATA says it is too small. */
WINCRYPT32API BOOL WINAPI CryptDecodeObject(DWORD encoding, LPCSTR kind, const BYTE *der, DWORD len,
                                            DWORD flags, void *into, DWORD *size)
    WINPOSIX_WIDE(CryptDecodeObject);
WINCRYPT32API BOOL WINAPI CryptDecodeObjectEx(DWORD encoding, LPCSTR kind, const BYTE *der,
                                              DWORD len, DWORD flags, PCRYPT_DECODE_PARA parameters,
                                              void *into, DWORD *size)
    WINPOSIX_WIDE(CryptDecodeObjectEx);
WINCRYPT32API BOOL WINAPI CertGetEnhancedKeyUsage(PCCERT_CONTEXT context, DWORD flags,
                                                  PCERT_ENHKEY_USAGE into, DWORD *size);
WINCRYPT32API BOOL WINAPI CertGetIntendedKeyUsage(DWORD encoding, PCERT_INFO info, BYTE *usage,
                                                  DWORD room);
WINCRYPT32API DWORD WINAPI CertGetPublicKeyLength(DWORD encoding, PCERT_PUBLIC_KEY_INFO key);
WINCRYPT32API PCCERT_CONTEXT WINAPI CertGetIssuerCertificateFromStore(HCERTSTORE store,
                                                                      PCCERT_CONTEXT subject,
                                                                      PCCERT_CONTEXT previous,
                                                                      DWORD *flags);
WINCRYPT32API BOOL WINAPI CryptHashCertificate(HCRYPTPROV_LEGACY provider, ALG_ID algorithm,
                                               DWORD flags, const BYTE *encoded, DWORD len,
                                               BYTE *into, DWORD *size);

/* Text of certificates. Kinds: BASE64, BASE64HEADER, BASE64REQUESTHEADER, and to read, BASE64_ANY. `len` 0:
 * up to the NUL. Sizes as elsewhere; the one of a text counts its NUL unless the text was put. */
WINCRYPT32API BOOL WINAPI CryptStringToBinaryA(LPCSTR text, DWORD len, DWORD flags, BYTE *into,
                                               DWORD *size, DWORD *skipped, DWORD *kind);
WINCRYPT32API BOOL WINAPI CryptStringToBinaryW(LPCWSTR text, DWORD len, DWORD flags, BYTE *into,
                                               DWORD *size, DWORD *skipped, DWORD *kind)
    WINPOSIX_WIDE(CryptStringToBinaryW);
WINCRYPT32API BOOL WINAPI CryptBinaryToStringA(const BYTE *bytes, DWORD len, DWORD flags,
                                               LPSTR into, DWORD *size);
WINCRYPT32API BOOL WINAPI CryptBinaryToStringW(const BYTE *bytes, DWORD len, DWORD flags,
                                               LPWSTR into, DWORD *size)
    WINPOSIX_WIDE(CryptBinaryToStringW);

/* These fail with ERROR_CALL_NOT_IMPLEMENTED. Closing a NULL message succeeds, as it does on Windows. */
WINCRYPT32API BOOL WINAPI CryptReleaseContext(HCRYPTPROV provider, DWORD flags);
WINCRYPT32API BOOL WINAPI CryptDestroyKey(HCRYPTKEY key);
WINCRYPT32API BOOL WINAPI CryptDestroyHash(HCRYPTHASH hash);
WINCRYPT32API BOOL WINAPI CryptMsgClose(HCRYPTMSG message);

WINPOSIX_C_END

#ifdef UNICODE
#define CertOpenSystemStore CertOpenSystemStoreW
#define CryptStringToBinary CryptStringToBinaryW
#define CryptBinaryToString CryptBinaryToStringW
#define CertGetNameString   CertGetNameStringW
#define CertNameToStr       CertNameToStrW
#else
#define CertOpenSystemStore CertOpenSystemStoreA
#define CryptStringToBinary CryptStringToBinaryA
#define CryptBinaryToString CryptBinaryToStringA
#define CertGetNameString   CertGetNameStringA
#define CertNameToStr       CertNameToStrA
#endif

#endif
