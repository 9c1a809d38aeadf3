/* winhttp.h - Windows HTTP Services for Linux and macOS.
 *
 * The contract of the Windows SDK's header of the same name: every function, structure, enum,
 * option and code, with the names, values and sizes Windows gives them. A program that includes
 * <windows.h> and <winhttp.h> and links winhttp needs no other change.
 *
 *      session  --WinHttpConnect-->  connection  --WinHttpOpenRequest-->  request
 *      (WinHttpOpen: agent,          (host and port;                      (one exchange at a time,
 *       sync or async, defaults)      opens nothing)                       may be sent again)
 *
 * What differs from Windows:
 *  - WCHAR is wchar_t, 4 bytes here unless the program is compiled with -fshort-wchar. Both widths
 *    work with this header and the same library; WINPOSIX_WIDE() marks the functions that exist
 *    twice, which are those whose behaviour depends on the width. Text is accepted with surrogate
 *    pairs in either width. Sizes in bytes are n * sizeof(WCHAR).
 *  - What this version does not implement is declared, links, and fails with
 *    ERROR_CALL_NOT_IMPLEMENTED (functions) or ERROR_WINHTTP_INVALID_OPTION (options).
 *    docs/compatibility.md has the list.
 *
 * Conventions, not repeated at each function:
 *  - A BOOL function that fails returns FALSE, and GetLastError() says why; a function that returns
 *    a DWORD returns the code itself. A call that succeeds sets the last error to ERROR_SUCCESS.
 *  - A handle that is NULL, closed or never was one gives ERROR_INVALID_HANDLE; one of the wrong
 *    kind ERROR_WINHTTP_INCORRECT_HANDLE_TYPE; the right one at the wrong moment
 *    ERROR_WINHTTP_INCORRECT_HANDLE_STATE; lack of memory ERROR_NOT_ENOUGH_MEMORY. Out parameters
 *    are left alone on failure unless stated otherwise.
 *  - "Asynchronous" means: the session was opened with WINHTTP_FLAG_ASYNC. Then TRUE says that the
 *    operation was started; its end arrives as a callback, either in-line (before the call returns,
 *    on the calling thread) or on another thread. Its failure arrives as REQUEST_ERROR. Buffers
 *    given to a started operation belong to the library until that callback.
 *  - Strings passed in are copied before the call returns.
 *  - Callback names in the comments lack their WINHTTP_CALLBACK_STATUS_ prefix.
 */
#ifndef _WINHTTPX_
#define _WINHTTPX_

#ifdef _WININET_
#error "winhttp.h and wininet.h define the same names and cannot be used in one source file"
#endif

#include <windows.h>
#include <winposix/width.h>

/* The SDK packs these structures to the pointer size. */
#if defined(__LP64__) || defined(_WIN64)
#pragma pack(push, 8)
#else
#pragma pack(push, 4)
#endif

/* Marks every function of this library. */
#ifndef WINHTTPAPI
#define WINHTTPAPI __attribute__((visibility("default")))
#endif
#define BOOLAPI WINHTTPAPI BOOL WINAPI

#ifdef __cplusplus
extern "C" {
#endif

/* clang-format off */

/* ------------------------------------------------------------------------------------------------
 * Handles, ports, schemes
 * --------------------------------------------------------------------------------------------- */

/* A session, connection, request, WebSocket, protocol or proxy resolver. It is a name, not an
 * address: a stale one is refused, never followed. Close with WinHttpCloseHandle. */
typedef LPVOID HINTERNET;
typedef HINTERNET *LPHINTERNET;

typedef WORD INTERNET_PORT;
typedef INTERNET_PORT *LPINTERNET_PORT;

#define INTERNET_DEFAULT_PORT       0  /* 80 or 443, as WINHTTP_FLAG_SECURE says */
#define INTERNET_DEFAULT_HTTP_PORT  80
#define INTERNET_DEFAULT_HTTPS_PORT 443

/* Values differ from wininet.h's. */
typedef int INTERNET_SCHEME, *LPINTERNET_SCHEME;

#define INTERNET_SCHEME_HTTP  (1)
#define INTERNET_SCHEME_HTTPS (2)
#define INTERNET_SCHEME_FTP   (3)  /* proxy results and WinHttpCreateUrl only */
#define INTERNET_SCHEME_SOCKS (4)  /* proxy results only */

/* ------------------------------------------------------------------------------------------------
 * Flags of single functions
 * --------------------------------------------------------------------------------------------- */

/* WinHttpOpen, dwFlags */
#define WINHTTP_FLAG_ASYNC           0x10000000  /* operations complete through callbacks */
#define WINHTTP_FLAG_SECURE_DEFAULTS 0x30000000  /* ASYNC, and HTTPS with TLS 1.2 or newer only */

/* WinHttpOpen, dwAccessType, and WINHTTP_PROXY_INFO */
#define WINHTTP_ACCESS_TYPE_DEFAULT_PROXY   0  /* what the machine is configured for */
#define WINHTTP_ACCESS_TYPE_NO_PROXY        1  /* straight to the server */
#define WINHTTP_ACCESS_TYPE_NAMED_PROXY     3  /* the proxy given in the call */
#define WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY 4  /* the system's settings, PAC scripts included */

#define WINHTTP_NO_PROXY_NAME   NULL
#define WINHTTP_NO_PROXY_BYPASS NULL

/* WinHttpOpenRequest, dwFlags */
#define WINHTTP_FLAG_ESCAPE_PERCENT       0x00000004  /* also escape % in path and query */
#define WINHTTP_FLAG_NULL_CODEPAGE        0x00000008  /* the string is ASCII as it stands */
#define WINHTTP_FLAG_ESCAPE_DISABLE       0x00000040  /* escape nothing but blanks and non-ASCII */
#define WINHTTP_FLAG_ESCAPE_DISABLE_QUERY 0x00000080  /* the same, for the query only */
#define WINHTTP_FLAG_BYPASS_PROXY_CACHE   0x00000100  /* ask caches on the way to revalidate */
#define WINHTTP_FLAG_REFRESH              WINHTTP_FLAG_BYPASS_PROXY_CACHE
#define WINHTTP_FLAG_AUTOMATIC_CHUNKING   0x00000200  /* send a body of unknown length chunked */
#define WINHTTP_FLAG_SECURE               0x00800000  /* HTTPS */

#define WINHTTP_NO_REFERER           NULL
#define WINHTTP_DEFAULT_ACCEPT_TYPES NULL

/* WinHttpSendRequest */
#define WINHTTP_NO_ADDITIONAL_HEADERS       NULL
#define WINHTTP_NO_REQUEST_DATA             NULL
#define WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH 0  /* the length is in the headers the caller gives */

/* WinHttpAddRequestHeaders(Ex), dwModifiers */
#define WINHTTP_ADDREQ_INDEX_MASK                   0x0000FFFF
#define WINHTTP_ADDREQ_FLAGS_MASK                   0xFFFF0000
#define WINHTTP_ADDREQ_FLAG_ADD_IF_NEW              0x10000000  /* fail if the name is there */
#define WINHTTP_ADDREQ_FLAG_ADD                     0x20000000  /* another instance; see REPLACE */
#define WINHTTP_ADDREQ_FLAG_COALESCE_WITH_COMMA     0x40000000  /* append to the first, ", " */
#define WINHTTP_ADDREQ_FLAG_COALESCE_WITH_SEMICOLON 0x01000000  /* append to the first, "; " */
#define WINHTTP_ADDREQ_FLAG_COALESCE                WINHTTP_ADDREQ_FLAG_COALESCE_WITH_COMMA
#define WINHTTP_ADDREQ_FLAG_REPLACE                 0x80000000  /* replace; empty value: remove */

/* WinHttpAddRequestHeadersEx, ullFlags */
#define WINHTTP_EXTENDED_HEADER_FLAG_UNICODE 0x00000001  /* the pwsz members are set */

/* WinHttpReadDataEx, ullFlags */
#define WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER 0x0000000000000001ull  /* full buffer or the end */

/* WinHttpQueryConnectionGroup, ullFlags */
#define WINHTTP_QUERY_CONNECTION_GROUP_FLAG_INSECURE 0x0000000000000001ull  /* http, not https */

/* WinHttpCrackUrl and WinHttpCreateUrl, dwFlags */
#define ICU_NO_ENCODE            0x20000000  /* leave unsafe characters as they are */
#define ICU_DECODE               0x10000000  /* turn %XX back into characters */
#define ICU_NO_META              0x08000000  /* do not resolve . and .. */
#define ICU_ENCODE_SPACES_ONLY   0x04000000  /* escape blanks only */
#define ICU_BROWSER_MODE         0x02000000  /* leave the query alone */
#define ICU_ENCODE_PERCENT       0x00001000  /* escape % where no escape sequence follows */
#define ICU_ESCAPE               0x80000000  /* escape what may not stand in a URL */
#define ICU_ESCAPE_AUTHORITY     0x00002000  /* the same in user name and password */
#define ICU_REJECT_USERPWD       0x00004000  /* refuse URLs with user name or password */
#define ICU_INCLUDE_DEFAULT_PORT 0x00008000  /* write the port even if it is the default */

/* WinHttpTimeFromSystemTime: bytes of buffer that always suffice. 31 characters: 62 bytes on
 * Windows, 124 if a WCHAR has four bytes, so code that divides by sizeof(WCHAR) is safe. */
#define WINHTTP_TIME_FORMAT_BUFSIZE (31 * WINPOSIX_WCHAR_BYTES)

/* ------------------------------------------------------------------------------------------------
 * Options of WinHttpSetOption and WinHttpQueryOption
 *
 * Each line: buffer type; handles (N: NULL, S: session, C: connection, R: request, W: WebSocket);
 * g: can be queried, s: can be set. A timeout is in milliseconds, 0 or 0xFFFFFFFF for none. Values
 * set on a session are copied into what is created from it afterwards.
 * Reference: https://learn.microsoft.com/windows/win32/winhttp/option-flags
 * --------------------------------------------------------------------------------------------- */

#define WINHTTP_FIRST_OPTION WINHTTP_OPTION_CALLBACK

#define WINHTTP_OPTION_CALLBACK                           1    /* WINHTTP_STATUS_CALLBACK; SCR gs */
#define WINHTTP_OPTION_RESOLVE_TIMEOUT                    2    /* DWORD; SR gs: name resolution */
#define WINHTTP_OPTION_CONNECT_TIMEOUT                    3    /* DWORD; SR gs: per address tried */
#define WINHTTP_OPTION_CONNECT_RETRIES                    4    /* DWORD; SR gs: addresses tried, 5 */
#define WINHTTP_OPTION_SEND_TIMEOUT                       5    /* DWORD; SR gs: one send */
#define WINHTTP_OPTION_RECEIVE_TIMEOUT                    6    /* DWORD; SR gs: one receive */
#define WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT           7    /* DWORD; SR gs: all response headers */
#define WINHTTP_OPTION_HANDLE_TYPE                        9    /* DWORD; SCRW g: WINHTTP_HANDLE_TYPE_* */
#define WINHTTP_OPTION_READ_BUFFER_SIZE                   12   /* DWORD; R gs: no effect */
#define WINHTTP_OPTION_WRITE_BUFFER_SIZE                  13   /* DWORD; R gs: no effect */
#define WINHTTP_OPTION_PARENT_HANDLE                      21   /* HINTERNET; SCRW g */
#define WINHTTP_OPTION_EXTENDED_ERROR                     24   /* DWORD; NSCR g: socket error behind the last one */
#define WINHTTP_OPTION_SECURITY_FLAGS                     31   /* DWORD; R gs: SECURITY_FLAG_* */
#define WINHTTP_OPTION_SECURITY_CERTIFICATE_STRUCT        32   /* WINHTTP_CERTIFICATE_INFO; R g: LocalFree its strings */
#define WINHTTP_OPTION_URL                                34   /* WCHAR[]; R g: where the response came from */
#define WINHTTP_OPTION_SECURITY_KEY_BITNESS               36   /* DWORD; R g: bits of the cipher key */
#define WINHTTP_OPTION_PROXY                              38   /* WINHTTP_PROXY_INFO; NSR gs: GlobalFree queried strings */
#define WINHTTP_OPTION_PROXY_RESULT_ENTRY                 39   /* WINHTTP_PROXY_RESULT_ENTRY; R gs */
#define WINHTTP_OPTION_USER_AGENT                         41   /* WCHAR[]; S gs */
#define WINHTTP_OPTION_CONTEXT_VALUE                      45   /* DWORD_PTR; SCRW gs: dwContext of callbacks */
#define WINHTTP_OPTION_CLIENT_CERT_CONTEXT                47   /* CERT_CONTEXT, duplicated; R s; NULL, 0: send none */
#define WINHTTP_OPTION_REQUEST_PRIORITY                   58   /* DWORD; R gs: no effect */
#define WINHTTP_OPTION_HTTP_VERSION                       59   /* HTTP_VERSION_INFO; NSR gs: 1.0 or 1.1 */
#define WINHTTP_OPTION_DISABLE_FEATURE                    63   /* DWORD; R s: WINHTTP_DISABLE_* */
#define WINHTTP_OPTION_CODEPAGE                           68   /* DWORD; S s: of the query string, CP_UTF8 */
#define WINHTTP_OPTION_MAX_CONNS_PER_SERVER               73   /* DWORD; S gs: unlimited; 0 means 2 */
#define WINHTTP_OPTION_MAX_CONNS_PER_1_0_SERVER           74   /* DWORD; S gs: the same for HTTP/1.0 servers */
#define WINHTTP_OPTION_AUTOLOGON_POLICY                   77   /* DWORD; R s: WINHTTP_AUTOLOGON_SECURITY_LEVEL_* */
#define WINHTTP_OPTION_SERVER_CERT_CONTEXT                78   /* PCCERT_CONTEXT; R g: CertFreeCertificateContext it */
#define WINHTTP_OPTION_ENABLE_FEATURE                     79   /* DWORD; SR s: WINHTTP_ENABLE_SSL_* */
#define WINHTTP_OPTION_WORKER_THREAD_COUNT                80   /* DWORD; N s, SCR g: 0 lets the library choose */
#define WINHTTP_OPTION_PASSPORT_COBRANDING_TEXT           81   /* WCHAR[]; R g */
#define WINHTTP_OPTION_PASSPORT_COBRANDING_URL            82   /* WCHAR[]; R g */
#define WINHTTP_OPTION_CONFIGURE_PASSPORT_AUTH            83   /* DWORD; S s: WINHTTP_ENABLE_PASSPORT_* */
#define WINHTTP_OPTION_SECURE_PROTOCOLS                   84   /* DWORD; S s: WINHTTP_FLAG_SECURE_PROTOCOL_* */
#define WINHTTP_OPTION_ENABLETRACING                      85   /* BOOL; N gs */
#define WINHTTP_OPTION_PASSPORT_SIGN_OUT                  86   /* WCHAR[]; S s */
#define WINHTTP_OPTION_PASSPORT_RETURN_URL                87   /* WCHAR[]; R g */
#define WINHTTP_OPTION_REDIRECT_POLICY                    88   /* DWORD; SR gs: WINHTTP_OPTION_REDIRECT_POLICY_* */
#define WINHTTP_OPTION_MAX_HTTP_AUTOMATIC_REDIRECTS       89   /* DWORD; SR gs: 10 */
#define WINHTTP_OPTION_MAX_HTTP_STATUS_CONTINUE           90   /* DWORD; SR gs: 1xx responses skipped, 10 */
#define WINHTTP_OPTION_MAX_RESPONSE_HEADER_SIZE           91   /* DWORD; SR gs: bytes, 64 KiB */
#define WINHTTP_OPTION_MAX_RESPONSE_DRAIN_SIZE            92   /* DWORD; SR gs: bytes read away to reuse, 1 MiB */
#define WINHTTP_OPTION_CONNECTION_INFO                    93   /* WINHTTP_CONNECTION_INFO; R g: once sent */
#define WINHTTP_OPTION_CLIENT_CERT_ISSUER_LIST            94   /* SecPkgContext_IssuerListInfoEx *; R g */
#define WINHTTP_OPTION_SPN                                96   /* DWORD; R s: WINHTTP_ENABLE_SPN_SERVER_PORT */
#define WINHTTP_OPTION_GLOBAL_PROXY_CREDS                 97   /* WINHTTP_CREDS; N s */
#define WINHTTP_OPTION_GLOBAL_SERVER_CREDS                98   /* WINHTTP_CREDS_EX; N s */
#define WINHTTP_OPTION_UNLOAD_NOTIFY_EVENT                99   /* HANDLE of an event; S s: set after the last callback */
#define WINHTTP_OPTION_REJECT_USERPWD_IN_URL              100  /* BOOL; R s */
#define WINHTTP_OPTION_USE_GLOBAL_SERVER_CREDENTIALS      101  /* BOOL; S s */
#define WINHTTP_OPTION_RECEIVE_PROXY_CONNECT_RESPONSE     103  /* BOOL; SR s: show the proxy's refusal as response */
#define WINHTTP_OPTION_IS_PROXY_CONNECT_RESPONSE          104  /* BOOL; R g: is this that response */
#define WINHTTP_OPTION_NETWORK_INTERFACE_AFFINITY         105  /* DWORD; undocumented */
#define WINHTTP_OPTION_SERVER_SPN_USED                    106  /* WCHAR[]; R g */
#define WINHTTP_OPTION_PROXY_SPN_USED                     107  /* WCHAR[]; R g */
#define WINHTTP_OPTION_SERVER_CBT                         108  /* SecPkgContext_Bindings; R g: channel binding */
#define WINHTTP_OPTION_UNSAFE_HEADER_PARSING              110  /* reserved by Microsoft */
#define WINHTTP_OPTION_ASSURED_NON_BLOCKING_CALLBACKS     111  /* BOOL; S s: the callback promises not to block */
#define WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET              114  /* no buffer; R s: ask for an upgrade */
#define WINHTTP_OPTION_WEB_SOCKET_CLOSE_TIMEOUT           115  /* DWORD; SRW gs: ms, 10000 */
#define WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL      116  /* DWORD; W s: ms, 15000 at least */
#define WINHTTP_OPTION_DECOMPRESSION                      118  /* DWORD; SR s: WINHTTP_DECOMPRESSION_FLAG_* */
#define WINHTTP_OPTION_WEB_SOCKET_RECEIVE_BUFFER_SIZE     122  /* DWORD; SR gs: bytes, 32768 */
#define WINHTTP_OPTION_WEB_SOCKET_SEND_BUFFER_SIZE        123  /* DWORD; SR gs: bytes, 32768; at least 16 when sent */
#define WINHTTP_OPTION_TCP_PRIORITY_HINT                  128  /* DWORD; SR s */
#define WINHTTP_OPTION_CONNECTION_FILTER                  131  /* undocumented */
#define WINHTTP_OPTION_ENABLE_HTTP_PROTOCOL               133  /* DWORD; SR s: WINHTTP_PROTOCOL_FLAG_* */
#define WINHTTP_OPTION_HTTP_PROTOCOL_USED                 134  /* DWORD; R g: WINHTTP_PROTOCOL_FLAG_* or 0 */
#define WINHTTP_OPTION_KDC_PROXY_SETTINGS                 136  /* undocumented */
#define WINHTTP_OPTION_PROXY_DISABLE_SERVICE_CALLS        137  /* undocumented */
#define WINHTTP_OPTION_ENCODE_EXTRA                       138  /* BOOL; SR s: escape path and query */
#define WINHTTP_OPTION_DISABLE_STREAM_QUEUE               139  /* BOOL; SR s: HTTP/2, open another connection */
#define WINHTTP_OPTION_IPV6_FAST_FALLBACK                 140  /* BOOL; S s: 300 ms for the first IPv6 address */
#define WINHTTP_OPTION_CONNECTION_STATS_V0                141  /* TCP_INFO_v0; R g */
#define WINHTTP_OPTION_REQUEST_TIMES                      142  /* WINHTTP_REQUEST_TIMES; R g */
#define WINHTTP_OPTION_EXPIRE_CONNECTION                  143  /* no buffer; R s: nobody else gets this connection */
#define WINHTTP_OPTION_DISABLE_SECURE_PROTOCOL_FALLBACK   144  /* BOOL; S s */
#define WINHTTP_OPTION_HTTP_PROTOCOL_REQUIRED             145  /* BOOL; SR s: nothing below the enabled protocols */
#define WINHTTP_OPTION_REQUEST_STATS                      146  /* WINHTTP_REQUEST_STATS; R g */
#define WINHTTP_OPTION_SERVER_CERT_CHAIN_CONTEXT          147  /* PCCERT_CHAIN_CONTEXT; R g: CertFreeCertificateChain it */
#define WINHTTP_OPTION_SERVER_CERT_CHAIN_BUILD_FLAGS      148  /* DWORD: WINHTTP_SERVER_CERT_CHAIN_* */
#define WINHTTP_OPTION_CONNECTION_STATS_V1                150  /* TCP_INFO_v1; R g */
#define WINHTTP_OPTION_SECURITY_INFO                      151  /* WINHTTP_SECURITY_INFO; R g */
#define WINHTTP_OPTION_TCP_KEEPALIVE                      152  /* struct tcp_keepalive; S s */
#define WINHTTP_OPTION_TCP_FAST_OPEN                      153  /* BOOL; S s */
#define WINHTTP_OPTION_TLS_FALSE_START                    154  /* BOOL; S s */
#define WINHTTP_OPTION_IGNORE_CERT_REVOCATION_OFFLINE     155  /* BOOL; R s */
#define WINHTTP_OPTION_TLS_PROTOCOL_INSECURE_FALLBACK     158  /* BOOL; S s: allow a retry with TLS 1.0 */
#define WINHTTP_OPTION_STREAM_ERROR_CODE                  159  /* DWORD; R g: of an HTTP/2 RST_STREAM */
#define WINHTTP_OPTION_REQUIRE_STREAM_END                 160  /* BOOL; SR s: HTTP/2, ignore Content-Length */
#define WINHTTP_OPTION_ENABLE_HTTP2_PLUS_CLIENT_CERT      161  /* BOOL; S s */
#define WINHTTP_OPTION_FAILED_CONNECTION_RETRIES          162  /* WINHTTP_FAILED_CONNECTION_RETRIES; S s */
#define WINHTTP_OPTION_HTTP2_KEEPALIVE                    164  /* DWORD; S s: ms of silence before a PING, 5000 at least */
#define WINHTTP_OPTION_RESOLUTION_HOSTNAME                165  /* WCHAR[]; R s: name to resolve instead of the URL's */
#define WINHTTP_OPTION_SET_TOKEN_BINDING                  166  /* token binding, withdrawn by Windows */
#define WINHTTP_OPTION_TOKEN_BINDING_PUBLIC_KEY           167  /* token binding, withdrawn by Windows */
#define WINHTTP_OPTION_REFERER_TOKEN_BINDING_HOSTNAME     168  /* token binding, withdrawn by Windows */
#define WINHTTP_OPTION_HTTP2_PLUS_TRANSFER_ENCODING       169  /* BOOL; SR s: FALSE refuses such a response */
#define WINHTTP_OPTION_RESOLVER_CACHE_CONFIG              170  /* WINHTTP_RESOLVER_CACHE_CONFIG; S s */
#define WINHTTP_OPTION_DISABLE_CERT_CHAIN_BUILDING        171  /* BOOL; S s */
#define WINHTTP_OPTION_BACKGROUND_CONNECTIONS             172  /* DWORD; S s: connections opened in advance */
#define WINHTTP_OPTION_FIRST_AVAILABLE_CONNECTION         173  /* BOOL; S s: take whichever is free first */
#define WINHTTP_OPTION_TCP_PRIORITY_STATUS                177  /* DWORD; R g */
#define WINHTTP_OPTION_CONNECTION_GUID                    178  /* GUID; R s: label of the connection used */
#define WINHTTP_OPTION_MATCH_CONNECTION_GUID              179  /* WINHTTP_MATCH_CONNECTION_GUID; R s */
#define WINHTTP_OPTION_HTTP2_RECEIVE_WINDOW               183  /* WINHTTP_HTTP2_RECEIVE_WINDOW; S s */
#define WINHTTP_OPTION_FEATURE_SUPPORTED                  184  /* DWORD in: WINHTTP_FEATURE_*, BOOL out; N g */
#define WINHTTP_OPTION_QUIC_STATS                         185  /* QUIC_STATISTICS; R g */
#define WINHTTP_OPTION_HTTP3_KEEPALIVE                    188  /* DWORD; SR s: ms */
#define WINHTTP_OPTION_HTTP3_HANDSHAKE_TIMEOUT            189  /* DWORD; SR s: ms */
#define WINHTTP_OPTION_HTTP3_INITIAL_RTT                  190  /* DWORD; SR s: ms */
#define WINHTTP_OPTION_HTTP3_STREAM_ERROR_CODE            191  /* ULONGLONG; R g */
#define WINHTTP_OPTION_REQUEST_ANNOTATION                 192  /* a caller's note on a request; R gs */
#define WINHTTP_OPTION_DISABLE_PROXY_AUTH_SCHEMES         193  /* DWORD; S s: WINHTTP_PROXY_DISABLE_* */
#define WINHTTP_OPTION_REVERT_IMPERSONATION_SERVER_CERT   194  /* BOOL; S s */
#define WINHTTP_OPTION_DISABLE_GLOBAL_POOLING             195  /* BOOL; S s: connections stay in the session */
#define WINHTTP_OPTION_USE_SESSION_SCH_CRED               196  /* BOOL; S s: one TLS identity per session */
#define WINHTTP_OPTION_SERVER_CERT_CHAIN_BUILD_CACHE_ONLY 199  /* BOOL; undocumented */
#define WINHTTP_OPTION_QUIC_STATS_V2                      200  /* QUIC_STATISTICS_V2; R g */
#define WINHTTP_OPTION_QUIC_STREAM_STATS                  202  /* QUIC_STREAM_STATISTICS; R g */
#define WINHTTP_OPTION_USE_LOOKASIDE                      203  /* undocumented */
#define WINHTTP_OPTION_ERROR_LOG_GUID                     204  /* GUID; undocumented */
#define WINHTTP_OPTION_ENABLE_FAST_FORWARDING             205  /* undocumented */
#define WINHTTP_OPTION_FAST_FORWARDING_RESPONSE_DATA      206  /* undocumented */
#define WINHTTP_OPTION_UPGRADE_TO_PROTOCOL                207  /* upgrade for WinHttpProtocolCompleteUpgrade; R s */
#define WINHTTP_OPTION_CONNECTION_STATS_V2                208  /* TCP_INFO_v2; R g */
#define WINHTTP_OPTION_FAST_FORWARDING_RESPONSE_STATUS    209  /* WINHTTP_FAST_FORWARDING_STATUS; undocumented */
#define WINHTTP_OPTION_DSCP_TAG                           210  /* undocumented */
#define WINHTTP_OPTION_HTTP11_DOWNGRADE_TTL               211  /* undocumented */
#define WINHTTP_OPTION_SESSION_ERROR_LOG_GUID             212  /* GUID; undocumented */

#define WINHTTP_LAST_OPTION WINHTTP_OPTION_SESSION_ERROR_LOG_GUID

#define WINHTTP_OPTION_USERNAME       0x1000  /* WCHAR[]; R gs: of the server; length in characters */
#define WINHTTP_OPTION_PASSWORD       0x1001  /* WCHAR[]; R gs */
#define WINHTTP_OPTION_PROXY_USERNAME 0x1002  /* WCHAR[]; R gs */
#define WINHTTP_OPTION_PROXY_PASSWORD 0x1003  /* WCHAR[]; R gs */

/* Values for those options. */

#define WINHTTP_CONNS_PER_SERVER_UNLIMITED 0xFFFFFFFF  /* MAX_CONNS_PER_SERVER */

/* FAILED_CONNECTION_RETRIES, dwAllowedRetryConditions */
#define WINHTTP_CONNECTION_RETRY_CONDITION_408              0x1  /* the server answered 408 */
#define WINHTTP_CONNECTION_RETRY_CONDITION_SSL_HANDSHAKE    0x2  /* the handshake failed */
#define WINHTTP_CONNECTION_RETRY_CONDITION_STALE_CONNECTION 0x4  /* closed while it was idle */
#define WINHTTP_CONNECTION_RETRY_CONDITION_MASK                                                    \
    (WINHTTP_CONNECTION_RETRY_CONDITION_408 | WINHTTP_CONNECTION_RETRY_CONDITION_SSL_HANDSHAKE |   \
     WINHTTP_CONNECTION_RETRY_CONDITION_STALE_CONNECTION)

/* DECOMPRESSION */
#define WINHTTP_DECOMPRESSION_FLAG_GZIP    0x00000001
#define WINHTTP_DECOMPRESSION_FLAG_DEFLATE 0x00000002
#define WINHTTP_DECOMPRESSION_FLAG_ALL                                                             \
    (WINHTTP_DECOMPRESSION_FLAG_GZIP | WINHTTP_DECOMPRESSION_FLAG_DEFLATE)

/* ENABLE_HTTP_PROTOCOL, HTTP_PROTOCOL_USED */
#define WINHTTP_PROTOCOL_FLAG_HTTP2 0x1
#define WINHTTP_PROTOCOL_FLAG_HTTP3 0x2
#define WINHTTP_PROTOCOL_MASK       (WINHTTP_PROTOCOL_FLAG_HTTP2 | WINHTTP_PROTOCOL_FLAG_HTTP3)

#define WINHTTP_OPTION_REQUEST_ANNOTATION_MAX_LENGTH 64000  /* REQUEST_ANNOTATION */

/* AUTOLOGON_POLICY: who gets the user's own credentials without being asked for */
#define WINHTTP_AUTOLOGON_SECURITY_LEVEL_MEDIUM     0  /* intranet servers */
#define WINHTTP_AUTOLOGON_SECURITY_LEVEL_LOW        1  /* every server */
#define WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH       2  /* none */
#define WINHTTP_AUTOLOGON_SECURITY_LEVEL_PROXY_ONLY 3  /* proxies */
#define WINHTTP_AUTOLOGON_SECURITY_LEVEL_DEFAULT    WINHTTP_AUTOLOGON_SECURITY_LEVEL_MEDIUM
#define WINHTTP_AUTOLOGON_SECURITY_LEVEL_MAX        WINHTTP_AUTOLOGON_SECURITY_LEVEL_PROXY_ONLY

/* REDIRECT_POLICY */
#define WINHTTP_OPTION_REDIRECT_POLICY_NEVER                  0
#define WINHTTP_OPTION_REDIRECT_POLICY_DISALLOW_HTTPS_TO_HTTP 1
#define WINHTTP_OPTION_REDIRECT_POLICY_ALWAYS                 2
#define WINHTTP_OPTION_REDIRECT_POLICY_LAST                   WINHTTP_OPTION_REDIRECT_POLICY_ALWAYS
#define WINHTTP_OPTION_REDIRECT_POLICY_DEFAULT                WINHTTP_OPTION_REDIRECT_POLICY_DISALLOW_HTTPS_TO_HTTP

/* CONFIGURE_PASSPORT_AUTH */
#define WINHTTP_DISABLE_PASSPORT_AUTH    0x00000000
#define WINHTTP_ENABLE_PASSPORT_AUTH     0x10000000
#define WINHTTP_DISABLE_PASSPORT_KEYRING 0x20000000
#define WINHTTP_ENABLE_PASSPORT_KEYRING  0x40000000

/* DISABLE_PROXY_AUTH_SCHEMES */
#define WINHTTP_PROXY_DISABLE_SCHEME_BASIC       0x00000001
#define WINHTTP_PROXY_DISABLE_SCHEME_DIGEST      0x00000002
#define WINHTTP_PROXY_DISABLE_SCHEME_NTLM        0x00000004
#define WINHTTP_PROXY_DISABLE_SCHEME_KERBEROS    0x00000008
#define WINHTTP_PROXY_DISABLE_SCHEME_NEGOTIATE   0x00000010
#define WINHTTP_PROXY_DISABLE_AUTH_LOCAL_SERVICE 0x00000100

/* SERVER_CERT_CHAIN_BUILD_FLAGS */
#define WINHTTP_SERVER_CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL    0x00000004
#define WINHTTP_SERVER_CERT_CHAIN_DISABLE_AIA                 0x00002000
#define WINHTTP_SERVER_CERT_CHAIN_REVOCATION_CHECK_CACHE_ONLY 0x80000000

/* DISABLE_FEATURE */
#define WINHTTP_DISABLE_COOKIES        0x00000001
#define WINHTTP_DISABLE_REDIRECTS      0x00000002
#define WINHTTP_DISABLE_AUTHENTICATION 0x00000004
#define WINHTTP_DISABLE_KEEP_ALIVE     0x00000008

/* ENABLE_FEATURE */
#define WINHTTP_ENABLE_SSL_REVOCATION           0x00000001  /* on a request */
#define WINHTTP_ENABLE_SSL_REVERT_IMPERSONATION 0x00000002  /* on a session */

/* SPN */
#define WINHTTP_DISABLE_SPN_SERVER_PORT 0x00000000
#define WINHTTP_ENABLE_SPN_SERVER_PORT  0x00000001
#define WINHTTP_OPTION_SPN_MASK         WINHTTP_ENABLE_SPN_SERVER_PORT

/* HANDLE_TYPE */
#define WINHTTP_HANDLE_TYPE_SESSION        1
#define WINHTTP_HANDLE_TYPE_CONNECT        2
#define WINHTTP_HANDLE_TYPE_REQUEST        3
#define WINHTTP_HANDLE_TYPE_PROXY_RESOLVER 4
#define WINHTTP_HANDLE_TYPE_WEBSOCKET      5
#define WINHTTP_HANDLE_TYPE_PROTOCOL       6

#define WINHTTP_NO_CLIENT_CERT_CONTEXT NULL  /* CLIENT_CERT_CONTEXT */

/* MATCH_CONNECTION_GUID, ullFlags */
#define WINHTTP_MATCH_CONNECTION_GUID_FLAG_REQUIRE_MARKED_CONNECTION 0x00000001  /* no unmarked one */
#define WINHTTP_MATCH_CONNECTION_GUID_FLAGS_MASK                                                   \
    (WINHTTP_MATCH_CONNECTION_GUID_FLAG_REQUIRE_MARKED_CONNECTION)

/* RESOLVER_CACHE_CONFIG, ullFlags */
#define WINHTTP_RESOLVER_CACHE_CONFIG_FLAG_SOFT_LIMIT   0x00000001
#define WINHTTP_RESOLVER_CACHE_CONFIG_FLAG_BYPASS_CACHE 0x00000002
#define WINHTTP_RESOLVER_CACHE_CONFIG_FLAG_USE_DNS_TTL  0x00000004
#define WINHTTP_RESOLVER_CACHE_CONFIG_FLAG_CONN_USE_TTL 0x00000008

/* SECURITY_FLAGS. Each IGNORE bit forgives that one fault and no other. */
#define SECURITY_FLAG_IGNORE_UNKNOWN_CA        0x00000100  /* no path to a trusted root */
#define SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE  0x00000200  /* not a server's certificate */
#define SECURITY_FLAG_IGNORE_CERT_CN_INVALID   0x00001000  /* issued for another host */
#define SECURITY_FLAG_IGNORE_CERT_DATE_INVALID 0x00002000  /* expired, or not valid yet */
#define SECURITY_FLAG_IGNORE_ALL_CERT_ERRORS                                                       \
    (SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE |                     \
     SECURITY_FLAG_IGNORE_CERT_CN_INVALID | SECURITY_FLAG_IGNORE_CERT_DATE_INVALID)
#define SECURITY_FLAG_SECURE          0x00000001  /* query only: the request uses TLS */
#define SECURITY_FLAG_STRENGTH_WEAK   0x10000000  /* query only: less than 56 bits */
#define SECURITY_FLAG_STRENGTH_MEDIUM 0x40000000  /* query only: less than 128 bits */
#define SECURITY_FLAG_STRENGTH_STRONG 0x20000000  /* query only: 128 bits or more */

/* SECURE_PROTOCOLS */
#define WINHTTP_FLAG_SECURE_PROTOCOL_SSL2   0x00000008
#define WINHTTP_FLAG_SECURE_PROTOCOL_SSL3   0x00000020
#define WINHTTP_FLAG_SECURE_PROTOCOL_TLS1   0x00000080
#define WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_1 0x00000200
#define WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2 0x00000800
#define WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_3 0x00002000
#define WINHTTP_FLAG_SECURE_PROTOCOL_ALL                                                           \
    (WINHTTP_FLAG_SECURE_PROTOCOL_SSL2 | WINHTTP_FLAG_SECURE_PROTOCOL_SSL3 |                       \
     WINHTTP_FLAG_SECURE_PROTOCOL_TLS1)   /* "all" as of 2001: no TLS 1.1 and newer */

/* FEATURE_SUPPORTED: what the library can be asked about. */
#define WINHTTP_FEATURE_DISABLE_STREAM_QUEUE                                 1
#define WINHTTP_FEATURE_IPV6_FAST_FALLBACK                                   2
#define WINHTTP_FEATURE_CONNECTION_STATS_V0                                  3
#define WINHTTP_FEATURE_REQUEST_TIMES                                        4
#define WINHTTP_FEATURE_EXPIRE_CONNECTION                                    5
#define WINHTTP_FEATURE_DISABLE_SECURE_PROTOCOL_FALLBACK                     6
#define WINHTTP_FEATURE_HTTP_PROTOCOL_REQUIRED                               7
#define WINHTTP_FEATURE_REQUEST_STATS                                        8
#define WINHTTP_FEATURE_SERVER_CERT_CHAIN_CONTEXT                            9
#define WINHTTP_FEATURE_CONNECTION_STATS_V1                                  12
#define WINHTTP_FEATURE_SECURITY_INFO                                        13
#define WINHTTP_FEATURE_TCP_KEEPALIVE                                        14
#define WINHTTP_FEATURE_TCP_FAST_OPEN                                        15
#define WINHTTP_FEATURE_TLS_FALSE_START                                      16
#define WINHTTP_FEATURE_IGNORE_CERT_REVOCATION_OFFLINE                       17
#define WINHTTP_FEATURE_TLS_PROTOCOL_INSECURE_FALLBACK                       20
#define WINHTTP_FEATURE_STREAM_ERROR_CODE                                    21
#define WINHTTP_FEATURE_REQUIRE_STREAM_END                                   22
#define WINHTTP_FEATURE_ENABLE_HTTP2_PLUS_CLIENT_CERT                        23
#define WINHTTP_FEATURE_FAILED_CONNECTION_RETRIES                            24
#define WINHTTP_FEATURE_HTTP2_KEEPALIVE                                      26
#define WINHTTP_FEATURE_RESOLUTION_HOSTNAME                                  27
#define WINHTTP_FEATURE_SET_TOKEN_BINDING                                    28
#define WINHTTP_FEATURE_TOKEN_BINDING_PUBLIC_KEY                             29
#define WINHTTP_FEATURE_REFERER_TOKEN_BINDING_HOSTNAME                       30
#define WINHTTP_FEATURE_HTTP2_PLUS_TRANSFER_ENCODING                         31
#define WINHTTP_FEATURE_RESOLVER_CACHE_CONFIG                                32
#define WINHTTP_FEATURE_DISABLE_CERT_CHAIN_BUILDING                          33
#define WINHTTP_FEATURE_BACKGROUND_CONNECTIONS                               34
#define WINHTTP_FEATURE_FIRST_AVAILABLE_CONNECTION                           35
#define WINHTTP_FEATURE_TCP_PRIORITY_STATUS                                  37
#define WINHTTP_FEATURE_CONNECTION_GUID                                      38
#define WINHTTP_FEATURE_MATCH_CONNECTION_GUID                                39
#define WINHTTP_FEATURE_HTTP2_RECEIVE_WINDOW                                 43
#define WINHTTP_FEATURE_IS_FEATURE_SUPPORTED                                 44
#define WINHTTP_FEATURE_ADD_REQUEST_HEADERS_EX                               46
#define WINHTTP_FEATURE_SET_PROXY_SETINGS_PER_USER                           47  /* sic */
#define WINHTTP_FEATURE_READ_DATA_EX                                         48
#define WINHTTP_FEATURE_QUERY_HEADERS_EX                                     49
#define WINHTTP_FEATURE_QUERY_CONNECTION_GROUP                               50
#define WINHTTP_FEATURE_FREE_QUERY_CONNECTION_GROUP_RESULT                   51
#define WINHTTP_FEATURE_SECURITY_FLAG_IGNORE_ALL_CERT_ERRORS                 52
#define WINHTTP_FEATURE_FLAG_SECURE_DEFAULTS                                 53
#define WINHTTP_FEATURE_EXTENDED_HEADER_FLAG_UNICODE                         54
#define WINHTTP_FEATURE_QUERY_FLAG_TRAILERS                                  55
#define WINHTTP_FEATURE_QUERY_FLAG_WIRE_ENCODING                             56
#define WINHTTP_FEATURE_RESOLVER_CACHE_CONFIG_FLAG_SOFT_LIMIT                57
#define WINHTTP_FEATURE_RESOLVER_CACHE_CONFIG_FLAG_BYPASS_CACHE              58
#define WINHTTP_FEATURE_FLAG_AUTOMATIC_CHUNKING                              59
#define WINHTTP_FEATURE_QUERY_CONNECTION_GROUP_FLAG_INSECURE                 60
#define WINHTTP_FEATURE_MATCH_CONNECTION_GUID_FLAG_REQUIRE_MARKED_CONNECTION 61
#define WINHTTP_FEATURE_QUERY_EX_ALL_HEADERS                                 62
#define WINHTTP_FEATURE_READ_DATA_EX_FLAG_FILL_BUFFER                        63
#define WINHTTP_FEATURE_RESOLVER_CACHE_CONFIG_FLAG_USE_DNS_TTL               64
#define WINHTTP_FEATURE_RESOLVER_CACHE_CONFIG_FLAG_CONN_USE_TTL              65
#define WINHTTP_FEATURE_QUIC_STATS                                           66
#define WINHTTP_FEATURE_HTTP3_KEEPALIVE                                      69
#define WINHTTP_FEATURE_HTTP3_HANDSHAKE_TIMEOUT                              70
#define WINHTTP_FEATURE_HTTP3_INITIAL_RTT                                    71
#define WINHTTP_FEATURE_HTTP3_STREAM_ERROR_CODE                              72
#define WINHTTP_FEATURE_REQUEST_ANNOTATION                                   73
#define WINHTTP_FEATURE_DISABLE_PROXY_AUTH_SCHEMES                           74
#define WINHTTP_FEATURE_REVERT_IMPERSONATION_SERVER_CERT                     75
#define WINHTTP_FEATURE_DISABLE_GLOBAL_POOLING                               76
#define WINHTTP_FEATURE_GET_PROXY_SETTINGS_EX                                77
#define WINHTTP_FEATURE_SESSION_SCH_CRED                                     78
#define WINHTTP_FEATURE_QUIC_STATS_V2                                        79
#define WINHTTP_FEATURE_URL_INCLUDE_DEFAULT_PORT                             80
#define WINHTTP_FEATURE_QUIC_STREAM_STATS                                    81
#define WINHTTP_FEATURE_USE_LOOKASIDE                                        82
#define WINHTTP_FEATURE_ERROR_LOG_GUID                                       83
#define WINHTTP_FEATURE_UPGRADE_TO_PROTOCOL                                  88
#define WINHTTP_FEATURE_CONNECTION_STATS_V2                                  89
#define WINHTTP_FEATURE_FAST_FORWARD_RESPONSE                                90
#define WINHTTP_FEATURE_DISABLE_AIA_FLAG                                     91
#define WINHTTP_FEATURE_DSCP_TAG                                             92
#define WINHTTP_FEATURE_HTTP11_DOWNGRADE_TTL                                 93
#define WINHTTP_FEATURE_SESSION_ERROR_LOG_GUID                               94
#define WINHTTP_FEATURE_GET_PROXY_SETTINGS_EX_XBOX                           95

/* ------------------------------------------------------------------------------------------------
 * Authentication
 * --------------------------------------------------------------------------------------------- */

#define WINHTTP_AUTH_SCHEME_BASIC     0x00000001
#define WINHTTP_AUTH_SCHEME_NTLM      0x00000002
#define WINHTTP_AUTH_SCHEME_PASSPORT  0x00000004
#define WINHTTP_AUTH_SCHEME_DIGEST    0x00000008
#define WINHTTP_AUTH_SCHEME_NEGOTIATE 0x00000010  /* Kerberos or NTLM */

#define WINHTTP_AUTH_TARGET_SERVER 0x00000000  /* the 401 of the server */
#define WINHTTP_AUTH_TARGET_PROXY  0x00000001  /* the 407 of a proxy */

/* ------------------------------------------------------------------------------------------------
 * Callbacks
 *
 * Each status: what happened; what lpvStatusInformation points to (nothing: NULL, length 0).
 * The pointed-to memory is valid during the callback only. [async]: only in asynchronous sessions.
 * ..._STATUS: WINHTTP_WEB_SOCKET_STATUS.
 * Reference: https://learn.microsoft.com/windows/win32/api/winhttp/nc-winhttp-winhttp_status_callback
 * --------------------------------------------------------------------------------------------- */

#define WINHTTP_CALLBACK_STATUS_RESOLVING_NAME            0x00000001  /* lookup starts; WCHAR[] host */
#define WINHTTP_CALLBACK_STATUS_NAME_RESOLVED             0x00000002  /* lookup done; WCHAR[] the name that was resolved */
#define WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER      0x00000004  /* WCHAR[] address */
#define WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER       0x00000008  /* WCHAR[] address */
#define WINHTTP_CALLBACK_STATUS_SENDING_REQUEST           0x00000010  /* nothing */
#define WINHTTP_CALLBACK_STATUS_REQUEST_SENT              0x00000020  /* DWORD bytes written */
#define WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE        0x00000040  /* nothing */
#define WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED         0x00000080  /* DWORD bytes received */
#define WINHTTP_CALLBACK_STATUS_CLOSING_CONNECTION        0x00000100  /* nothing */
#define WINHTTP_CALLBACK_STATUS_CONNECTION_CLOSED         0x00000200  /* nothing */
#define WINHTTP_CALLBACK_STATUS_HANDLE_CREATED            0x00000400  /* HINTERNET, the new one */
#define WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING            0x00000800  /* HINTERNET; the last callback for it */
#define WINHTTP_CALLBACK_STATUS_DETECTING_PROXY           0x00001000  /* nothing */
#define WINHTTP_CALLBACK_STATUS_REDIRECT                  0x00004000  /* WCHAR[] new URL; length in characters */
#define WINHTTP_CALLBACK_STATUS_INTERMEDIATE_RESPONSE     0x00008000  /* DWORD 1xx status code */
#define WINHTTP_CALLBACK_STATUS_SECURE_FAILURE            0x00010000  /* DWORD WINHTTP_CALLBACK_STATUS_FLAG_* */
#define WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE         0x00020000  /* [async] ReceiveResponse done; nothing */
#define WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE            0x00040000  /* [async] DWORD bytes; 0 at the end */
#define WINHTTP_CALLBACK_STATUS_READ_COMPLETE             0x00080000  /* [async] caller's buffer, length read; WebSocket: ..._STATUS */
#define WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE            0x00100000  /* [async] DWORD bytes; WebSocket: ..._STATUS */
#define WINHTTP_CALLBACK_STATUS_REQUEST_ERROR             0x00200000  /* [async] WINHTTP_ASYNC_RESULT */
#define WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE      0x00400000  /* [async] nothing */
#define WINHTTP_CALLBACK_STATUS_GETPROXYFORURL_COMPLETE   0x01000000  /* nothing: call WinHttpGetProxyResult */
#define WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE            0x02000000  /* [async] WebSocket closed; nothing */
#define WINHTTP_CALLBACK_STATUS_SHUTDOWN_COMPLETE         0x04000000  /* [async] close frame sent; nothing */
#define WINHTTP_CALLBACK_STATUS_GETPROXYSETTINGS_COMPLETE 0x08000000  /* nothing: call WinHttpGetProxySettingsResultEx */
#define WINHTTP_CALLBACK_STATUS_SETTINGS_WRITE_COMPLETE   0x10000000  /* nothing */
#define WINHTTP_CALLBACK_STATUS_SETTINGS_READ_COMPLETE    0x20000000  /* nothing */

/* WinHttpSetStatusCallback, dwNotificationFlags: which of them are wanted. */
#define WINHTTP_CALLBACK_FLAG_RESOLVE_NAME                                                         \
    (WINHTTP_CALLBACK_STATUS_RESOLVING_NAME | WINHTTP_CALLBACK_STATUS_NAME_RESOLVED)
#define WINHTTP_CALLBACK_FLAG_CONNECT_TO_SERVER                                                    \
    (WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER | WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER)
#define WINHTTP_CALLBACK_FLAG_SEND_REQUEST                                                         \
    (WINHTTP_CALLBACK_STATUS_SENDING_REQUEST | WINHTTP_CALLBACK_STATUS_REQUEST_SENT)
#define WINHTTP_CALLBACK_FLAG_RECEIVE_RESPONSE                                                     \
    (WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE | WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED)
#define WINHTTP_CALLBACK_FLAG_CLOSE_CONNECTION                                                     \
    (WINHTTP_CALLBACK_STATUS_CLOSING_CONNECTION | WINHTTP_CALLBACK_STATUS_CONNECTION_CLOSED)
#define WINHTTP_CALLBACK_FLAG_HANDLES                                                              \
    (WINHTTP_CALLBACK_STATUS_HANDLE_CREATED | WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING)
#define WINHTTP_CALLBACK_FLAG_DETECTING_PROXY           WINHTTP_CALLBACK_STATUS_DETECTING_PROXY
#define WINHTTP_CALLBACK_FLAG_REDIRECT                  WINHTTP_CALLBACK_STATUS_REDIRECT
#define WINHTTP_CALLBACK_FLAG_INTERMEDIATE_RESPONSE     WINHTTP_CALLBACK_STATUS_INTERMEDIATE_RESPONSE
#define WINHTTP_CALLBACK_FLAG_SECURE_FAILURE            WINHTTP_CALLBACK_STATUS_SECURE_FAILURE
#define WINHTTP_CALLBACK_FLAG_SENDREQUEST_COMPLETE      WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE
#define WINHTTP_CALLBACK_FLAG_HEADERS_AVAILABLE         WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE
#define WINHTTP_CALLBACK_FLAG_DATA_AVAILABLE            WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE
#define WINHTTP_CALLBACK_FLAG_READ_COMPLETE             WINHTTP_CALLBACK_STATUS_READ_COMPLETE
#define WINHTTP_CALLBACK_FLAG_WRITE_COMPLETE            WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE
#define WINHTTP_CALLBACK_FLAG_REQUEST_ERROR             WINHTTP_CALLBACK_STATUS_REQUEST_ERROR
#define WINHTTP_CALLBACK_FLAG_GETPROXYFORURL_COMPLETE   WINHTTP_CALLBACK_STATUS_GETPROXYFORURL_COMPLETE
#define WINHTTP_CALLBACK_FLAG_GETPROXYSETTINGS_COMPLETE WINHTTP_CALLBACK_STATUS_GETPROXYSETTINGS_COMPLETE
#define WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS                                                      \
    (WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE | WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE |    \
     WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE | WINHTTP_CALLBACK_STATUS_READ_COMPLETE |              \
     WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE | WINHTTP_CALLBACK_STATUS_REQUEST_ERROR |              \
     WINHTTP_CALLBACK_STATUS_GETPROXYFORURL_COMPLETE |                                             \
     WINHTTP_CALLBACK_STATUS_GETPROXYSETTINGS_COMPLETE)
#define WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS 0xffffffff

/* SECURE_FAILURE: every fault found, or-ed. */
#define WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED        0x00000001  /* revocation not verifiable */
#define WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CERT           0x00000002  /* malformed or otherwise invalid */
#define WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED           0x00000004  /* revoked */
#define WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA             0x00000008  /* no path to a trusted root */
#define WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID        0x00000010  /* issued for another host */
#define WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID      0x00000020  /* expired, or not valid yet */
#define WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE       0x00000040  /* not a server's certificate */
#define WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR 0x80000000  /* TLS itself failed */

/* REQUEST_ERROR, WINHTTP_ASYNC_RESULT.dwResult: which function failed. */
#define API_RECEIVE_RESPONSE     (1)
#define API_QUERY_DATA_AVAILABLE (2)
#define API_READ_DATA            (3)
#define API_WRITE_DATA           (4)
#define API_SEND_REQUEST         (5)
#define API_GET_PROXY_FOR_URL    (6)
#define API_GET_PROXY_SETTINGS   (7)

/* ------------------------------------------------------------------------------------------------
 * WinHttpQueryHeaders(Ex), dwInfoLevel: one attribute, or-ed with modifiers
 *
 * An attribute without a comment is the header of that name.
 * Reference: https://learn.microsoft.com/windows/win32/winhttp/query-info-flags
 * --------------------------------------------------------------------------------------------- */

#define WINHTTP_QUERY_MIME_VERSION              0
#define WINHTTP_QUERY_CONTENT_TYPE              1
#define WINHTTP_QUERY_CONTENT_TRANSFER_ENCODING 2
#define WINHTTP_QUERY_CONTENT_ID                3
#define WINHTTP_QUERY_CONTENT_DESCRIPTION       4
#define WINHTTP_QUERY_CONTENT_LENGTH            5
#define WINHTTP_QUERY_CONTENT_LANGUAGE          6
#define WINHTTP_QUERY_ALLOW                     7
#define WINHTTP_QUERY_PUBLIC                    8
#define WINHTTP_QUERY_DATE                      9
#define WINHTTP_QUERY_EXPIRES                   10
#define WINHTTP_QUERY_LAST_MODIFIED             11
#define WINHTTP_QUERY_MESSAGE_ID                12
#define WINHTTP_QUERY_URI                       13
#define WINHTTP_QUERY_DERIVED_FROM              14
#define WINHTTP_QUERY_COST                      15
#define WINHTTP_QUERY_LINK                      16
#define WINHTTP_QUERY_PRAGMA                    17
#define WINHTTP_QUERY_VERSION                   18  /* HTTP version of the status line */
#define WINHTTP_QUERY_STATUS_CODE               19  /* status line; number or text */
#define WINHTTP_QUERY_STATUS_TEXT               20  /* reason phrase */
#define WINHTTP_QUERY_RAW_HEADERS               21  /* all, lines ended by NUL, two at the end */
#define WINHTTP_QUERY_RAW_HEADERS_CRLF          22  /* all, lines ended by CR LF */
#define WINHTTP_QUERY_CONNECTION                23
#define WINHTTP_QUERY_ACCEPT                    24
#define WINHTTP_QUERY_ACCEPT_CHARSET            25
#define WINHTTP_QUERY_ACCEPT_ENCODING           26
#define WINHTTP_QUERY_ACCEPT_LANGUAGE           27
#define WINHTTP_QUERY_AUTHORIZATION             28
#define WINHTTP_QUERY_CONTENT_ENCODING          29
#define WINHTTP_QUERY_FORWARDED                 30
#define WINHTTP_QUERY_FROM                      31
#define WINHTTP_QUERY_IF_MODIFIED_SINCE         32
#define WINHTTP_QUERY_LOCATION                  33
#define WINHTTP_QUERY_ORIG_URI                  34
#define WINHTTP_QUERY_REFERER                   35
#define WINHTTP_QUERY_RETRY_AFTER               36
#define WINHTTP_QUERY_SERVER                    37
#define WINHTTP_QUERY_TITLE                     38
#define WINHTTP_QUERY_USER_AGENT                39
#define WINHTTP_QUERY_WWW_AUTHENTICATE          40
#define WINHTTP_QUERY_PROXY_AUTHENTICATE        41
#define WINHTTP_QUERY_ACCEPT_RANGES             42
#define WINHTTP_QUERY_SET_COOKIE                43  /* one instance per index */
#define WINHTTP_QUERY_COOKIE                    44
#define WINHTTP_QUERY_REQUEST_METHOD            45  /* verb of the request */
#define WINHTTP_QUERY_REFRESH                   46
#define WINHTTP_QUERY_CONTENT_DISPOSITION       47
#define WINHTTP_QUERY_AGE                       48
#define WINHTTP_QUERY_CACHE_CONTROL             49
#define WINHTTP_QUERY_CONTENT_BASE              50
#define WINHTTP_QUERY_CONTENT_LOCATION          51
#define WINHTTP_QUERY_CONTENT_MD5               52
#define WINHTTP_QUERY_CONTENT_RANGE             53
#define WINHTTP_QUERY_ETAG                      54
#define WINHTTP_QUERY_HOST                      55
#define WINHTTP_QUERY_IF_MATCH                  56
#define WINHTTP_QUERY_IF_NONE_MATCH             57
#define WINHTTP_QUERY_IF_RANGE                  58
#define WINHTTP_QUERY_IF_UNMODIFIED_SINCE       59
#define WINHTTP_QUERY_MAX_FORWARDS              60
#define WINHTTP_QUERY_PROXY_AUTHORIZATION       61
#define WINHTTP_QUERY_RANGE                     62
#define WINHTTP_QUERY_TRANSFER_ENCODING         63
#define WINHTTP_QUERY_UPGRADE                   64
#define WINHTTP_QUERY_VARY                      65
#define WINHTTP_QUERY_VIA                       66
#define WINHTTP_QUERY_WARNING                   67
#define WINHTTP_QUERY_EXPECT                    68
#define WINHTTP_QUERY_PROXY_CONNECTION          69
#define WINHTTP_QUERY_UNLESS_MODIFIED_SINCE     70
#define WINHTTP_QUERY_PROXY_SUPPORT             75
#define WINHTTP_QUERY_AUTHENTICATION_INFO       76
#define WINHTTP_QUERY_PASSPORT_URLS             77
#define WINHTTP_QUERY_PASSPORT_CONFIG           78

#define WINHTTP_QUERY_MAX            78
#define WINHTTP_QUERY_EX_ALL_HEADERS WINHTTP_QUERY_RAW_HEADERS  /* WinHttpQueryHeadersEx: all */
#define WINHTTP_QUERY_CUSTOM         65535                      /* the header named in the call */

/* Modifiers */
#define WINHTTP_QUERY_FLAG_REQUEST_HEADERS 0x80000000  /* of the request, not the response */
#define WINHTTP_QUERY_FLAG_SYSTEMTIME      0x40000000  /* a date, into a SYSTEMTIME */
#define WINHTTP_QUERY_FLAG_NUMBER          0x20000000  /* a number, into a DWORD */
#define WINHTTP_QUERY_FLAG_NUMBER64        0x08000000  /* a number, into a ULONGLONG */
#define WINHTTP_QUERY_FLAG_TRAILERS        0x02000000  /* of the trailers, after the whole body */
#define WINHTTP_QUERY_FLAG_WIRE_ENCODING   0x01000000  /* bytes as they came */

#define WINHTTP_HEADER_NAME_BY_INDEX NULL  /* pwszName: the attribute names the header */
#define WINHTTP_NO_OUTPUT_BUFFER     NULL  /* lpBuffer: only the size is wanted */
#define WINHTTP_NO_HEADER_INDEX      NULL  /* lpdwIndex: the first instance */

/* ------------------------------------------------------------------------------------------------
 * Status codes
 * --------------------------------------------------------------------------------------------- */

#define HTTP_STATUS_CONTINUE            100
#define HTTP_STATUS_SWITCH_PROTOCOLS    101
#define HTTP_STATUS_OK                  200
#define HTTP_STATUS_CREATED             201
#define HTTP_STATUS_ACCEPTED            202
#define HTTP_STATUS_PARTIAL             203  /* Non-Authoritative Information */
#define HTTP_STATUS_NO_CONTENT          204
#define HTTP_STATUS_RESET_CONTENT       205
#define HTTP_STATUS_PARTIAL_CONTENT     206
#define HTTP_STATUS_WEBDAV_MULTI_STATUS 207
#define HTTP_STATUS_AMBIGUOUS           300  /* Multiple Choices */
#define HTTP_STATUS_MOVED               301  /* Moved Permanently */
#define HTTP_STATUS_REDIRECT            302  /* Found */
#define HTTP_STATUS_REDIRECT_METHOD     303  /* See Other */
#define HTTP_STATUS_NOT_MODIFIED        304
#define HTTP_STATUS_USE_PROXY           305
#define HTTP_STATUS_REDIRECT_KEEP_VERB  307  /* Temporary Redirect */
#define HTTP_STATUS_PERMANENT_REDIRECT  308
#define HTTP_STATUS_BAD_REQUEST         400
#define HTTP_STATUS_DENIED              401  /* Unauthorized */
#define HTTP_STATUS_PAYMENT_REQ         402
#define HTTP_STATUS_FORBIDDEN           403
#define HTTP_STATUS_NOT_FOUND           404
#define HTTP_STATUS_BAD_METHOD          405  /* Method Not Allowed */
#define HTTP_STATUS_NONE_ACCEPTABLE     406  /* Not Acceptable */
#define HTTP_STATUS_PROXY_AUTH_REQ      407
#define HTTP_STATUS_REQUEST_TIMEOUT     408
#define HTTP_STATUS_CONFLICT            409
#define HTTP_STATUS_GONE                410
#define HTTP_STATUS_LENGTH_REQUIRED     411
#define HTTP_STATUS_PRECOND_FAILED      412
#define HTTP_STATUS_REQUEST_TOO_LARGE   413
#define HTTP_STATUS_URI_TOO_LONG        414
#define HTTP_STATUS_UNSUPPORTED_MEDIA   415
#define HTTP_STATUS_RETRY_WITH          449
#define HTTP_STATUS_SERVER_ERROR        500
#define HTTP_STATUS_NOT_SUPPORTED       501  /* Not Implemented */
#define HTTP_STATUS_BAD_GATEWAY         502
#define HTTP_STATUS_SERVICE_UNAVAIL     503
#define HTTP_STATUS_GATEWAY_TIMEOUT     504
#define HTTP_STATUS_VERSION_NOT_SUP     505

#define HTTP_STATUS_FIRST HTTP_STATUS_CONTINUE
#define HTTP_STATUS_LAST  HTTP_STATUS_VERSION_NOT_SUP

/* ------------------------------------------------------------------------------------------------
 * Error codes, for GetLastError() and WINHTTP_ASYNC_RESULT.dwError
 *
 * Reference: https://learn.microsoft.com/windows/win32/winhttp/error-messages
 * --------------------------------------------------------------------------------------------- */

#define WINHTTP_ERROR_BASE 12000

#define ERROR_WINHTTP_OUT_OF_HANDLES                        (WINHTTP_ERROR_BASE + 1)    /* never returned */
#define ERROR_WINHTTP_TIMEOUT                               (WINHTTP_ERROR_BASE + 2)    /* a timeout option's time is up */
#define ERROR_WINHTTP_INTERNAL_ERROR                        (WINHTTP_ERROR_BASE + 4)    /* a fault of the library */
#define ERROR_WINHTTP_INVALID_URL                           (WINHTTP_ERROR_BASE + 5)    /* not a URL */
#define ERROR_WINHTTP_UNRECOGNIZED_SCHEME                   (WINHTTP_ERROR_BASE + 6)    /* neither http nor https */
#define ERROR_WINHTTP_NAME_NOT_RESOLVED                     (WINHTTP_ERROR_BASE + 7)    /* the host name has no address */
#define ERROR_WINHTTP_INVALID_OPTION                        (WINHTTP_ERROR_BASE + 9)    /* no such option, or not for this handle */
#define ERROR_WINHTTP_OPTION_NOT_SETTABLE                   (WINHTTP_ERROR_BASE + 11)   /* can only be queried */
#define ERROR_WINHTTP_SHUTDOWN                              (WINHTTP_ERROR_BASE + 12)   /* the library is being unloaded */
#define ERROR_WINHTTP_LOGIN_FAILURE                         (WINHTTP_ERROR_BASE + 15)   /* authentication failed */
#define ERROR_WINHTTP_OPERATION_CANCELLED                   (WINHTTP_ERROR_BASE + 17)   /* the handle was closed meanwhile */
#define ERROR_WINHTTP_INCORRECT_HANDLE_TYPE                 (WINHTTP_ERROR_BASE + 18)   /* the handle is of another kind */
#define ERROR_WINHTTP_INCORRECT_HANDLE_STATE                (WINHTTP_ERROR_BASE + 19)   /* not now */
#define ERROR_WINHTTP_CANNOT_CONNECT                        (WINHTTP_ERROR_BASE + 29)   /* nobody accepts the connection */
#define ERROR_WINHTTP_CONNECTION_ERROR                      (WINHTTP_ERROR_BASE + 30)   /* the connection broke */
#define ERROR_WINHTTP_RESEND_REQUEST                        (WINHTTP_ERROR_BASE + 32)   /* call WinHttpSendRequest again */
#define ERROR_WINHTTP_SECURE_CERT_DATE_INVALID              (WINHTTP_ERROR_BASE + 37)   /* expired, or not valid yet */
#define ERROR_WINHTTP_SECURE_CERT_CN_INVALID                (WINHTTP_ERROR_BASE + 38)   /* issued for another host */
#define ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED               (WINHTTP_ERROR_BASE + 44)   /* the server wants a client certificate */
#define ERROR_WINHTTP_SECURE_INVALID_CA                     (WINHTTP_ERROR_BASE + 45)   /* no path to a trusted root */
#define ERROR_WINHTTP_SECURE_CERT_REV_FAILED                (WINHTTP_ERROR_BASE + 57)   /* revocation not verifiable */
#define ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN               (WINHTTP_ERROR_BASE + 100)  /* IWinHttpRequest */
#define ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND               (WINHTTP_ERROR_BASE + 101)  /* IWinHttpRequest */
#define ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND                (WINHTTP_ERROR_BASE + 102)  /* IWinHttpRequest */
#define ERROR_WINHTTP_CANNOT_CALL_AFTER_OPEN                (WINHTTP_ERROR_BASE + 103)  /* IWinHttpRequest */
#define ERROR_WINHTTP_HEADER_NOT_FOUND                      (WINHTTP_ERROR_BASE + 150)  /* no such header, or no further instance */
#define ERROR_WINHTTP_INVALID_SERVER_RESPONSE               (WINHTTP_ERROR_BASE + 152)  /* what came back is not HTTP */
#define ERROR_WINHTTP_INVALID_HEADER                        (WINHTTP_ERROR_BASE + 153)  /* not a header field */
#define ERROR_WINHTTP_INVALID_QUERY_REQUEST                 (WINHTTP_ERROR_BASE + 154)  /* this level cannot be queried so */
#define ERROR_WINHTTP_HEADER_ALREADY_EXISTS                 (WINHTTP_ERROR_BASE + 155)  /* WINHTTP_ADDREQ_FLAG_ADD_IF_NEW */
#define ERROR_WINHTTP_REDIRECT_FAILED                       (WINHTTP_ERROR_BASE + 156)  /* refused, or one too many */
#define ERROR_WINHTTP_SECURE_CHANNEL_ERROR                  (WINHTTP_ERROR_BASE + 157)  /* TLS itself failed */
#define ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT                 (WINHTTP_ERROR_BASE + 166)  /* the PAC script is faulty */
#define ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT             (WINHTTP_ERROR_BASE + 167)  /* the PAC script cannot be had */
#define ERROR_WINHTTP_SECURE_INVALID_CERT                   (WINHTTP_ERROR_BASE + 169)  /* malformed or otherwise invalid */
#define ERROR_WINHTTP_SECURE_CERT_REVOKED                   (WINHTTP_ERROR_BASE + 170)  /* revoked */
#define ERROR_WINHTTP_NOT_INITIALIZED                       (WINHTTP_ERROR_BASE + 172)  /* never returned */
#define ERROR_WINHTTP_SECURE_FAILURE                        (WINHTTP_ERROR_BASE + 175)  /* see the SECURE_FAILURE callback */
#define ERROR_WINHTTP_UNHANDLED_SCRIPT_TYPE                 (WINHTTP_ERROR_BASE + 176)  /* not a PAC script */
#define ERROR_WINHTTP_SCRIPT_EXECUTION_ERROR                (WINHTTP_ERROR_BASE + 177)  /* the PAC script failed */
#define ERROR_WINHTTP_AUTO_PROXY_SERVICE_ERROR              (WINHTTP_ERROR_BASE + 178)  /* no proxy service */
#define ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE               (WINHTTP_ERROR_BASE + 179)  /* not a server's certificate */
#define ERROR_WINHTTP_AUTODETECTION_FAILED                  (WINHTTP_ERROR_BASE + 180)  /* no PAC URL found */
#define ERROR_WINHTTP_HEADER_COUNT_EXCEEDED                 (WINHTTP_ERROR_BASE + 181)  /* too many response headers */
#define ERROR_WINHTTP_HEADER_SIZE_OVERFLOW                  (WINHTTP_ERROR_BASE + 182)  /* MAX_RESPONSE_HEADER_SIZE reached */
#define ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW (WINHTTP_ERROR_BASE + 183)  /* a chunk header is too long */
#define ERROR_WINHTTP_RESPONSE_DRAIN_OVERFLOW               (WINHTTP_ERROR_BASE + 184)  /* MAX_RESPONSE_DRAIN_SIZE reached */
#define ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY            (WINHTTP_ERROR_BASE + 185)  /* the certificate comes without key */
#define ERROR_WINHTTP_CLIENT_CERT_NO_ACCESS_PRIVATE_KEY     (WINHTTP_ERROR_BASE + 186)  /* its key cannot be used */
#define ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED_PROXY         (WINHTTP_ERROR_BASE + 187)  /* the proxy wants a client certificate */
#define ERROR_WINHTTP_SECURE_FAILURE_PROXY                  (WINHTTP_ERROR_BASE + 188)  /* the proxy's certificate is refused */
#define ERROR_WINHTTP_RESERVED_189                          (WINHTTP_ERROR_BASE + 189)  /* never returned */
#define ERROR_WINHTTP_HTTP_PROTOCOL_MISMATCH                (WINHTTP_ERROR_BASE + 190)  /* HTTP_PROTOCOL_REQUIRED not met */
#define ERROR_WINHTTP_GLOBAL_CALLBACK_FAILED                (WINHTTP_ERROR_BASE + 191)  /* undocumented */
#define ERROR_WINHTTP_FEATURE_DISABLED                      (WINHTTP_ERROR_BASE + 192)  /* undocumented */
#define ERROR_WINHTTP_FAST_FORWARDING_NOT_SUPPORTED         (WINHTTP_ERROR_BASE + 193)  /* undocumented */

#define WINHTTP_ERROR_LAST (WINHTTP_ERROR_BASE + 193)

/* WinHttpResetAutoProxy, dwFlags */
#define WINHTTP_RESET_STATE                  0x00000001
#define WINHTTP_RESET_SWPAD_CURRENT_NETWORK  0x00000002
#define WINHTTP_RESET_SWPAD_ALL              0x00000004
#define WINHTTP_RESET_SCRIPT_CACHE           0x00000008
#define WINHTTP_RESET_ALL                    0x0000FFFF
#define WINHTTP_RESET_NOTIFY_NETWORK_CHANGED 0x00010000
#define WINHTTP_RESET_OUT_OF_PROC            0x00020000
#define WINHTTP_RESET_DISCARD_RESOLVERS      0x00040000

/* clang-format on */

/* ------------------------------------------------------------------------------------------------
 * Structures of requests
 * --------------------------------------------------------------------------------------------- */

/* The parts of a URL; WinHttpCrackUrl and WinHttpCreateUrl say how lengths are used. Lengths are in
 * characters. https://learn.microsoft.com/windows/win32/api/winhttp/ns-winhttp-url_components */
typedef struct {
    DWORD dwStructSize; /* sizeof(URL_COMPONENTS) */
    LPWSTR lpszScheme;
    DWORD dwSchemeLength;
    INTERNET_SCHEME nScheme;
    LPWSTR lpszHostName;
    DWORD dwHostNameLength;
    INTERNET_PORT nPort;
    LPWSTR lpszUserName;
    DWORD dwUserNameLength;
    LPWSTR lpszPassword;
    DWORD dwPasswordLength;
    LPWSTR lpszUrlPath;
    DWORD dwUrlPathLength;
    LPWSTR lpszExtraInfo; /* from the ? or the # on */
    DWORD dwExtraInfoLength;
} URL_COMPONENTS, *LPURL_COMPONENTS;

typedef URL_COMPONENTS URL_COMPONENTSW;
typedef LPURL_COMPONENTS LPURL_COMPONENTSW;

/* What failed; payload of REQUEST_ERROR. */
typedef struct {
    DWORD_PTR dwResult; /* API_* */
    DWORD dwError;      /* what GetLastError() would have said */
} WINHTTP_ASYNC_RESULT, *LPWINHTTP_ASYNC_RESULT, *PWINHTTP_ASYNC_RESULT;

/* WINHTTP_OPTION_HTTP_VERSION */
typedef struct _HTTP_VERSION_INFO {
    DWORD dwMajorVersion;
    DWORD dwMinorVersion;
} HTTP_VERSION_INFO, *LPHTTP_VERSION_INFO, *PHTTP_VERSION_INFO;

/* One header with name and value apart; wide or bytes as the call's flags say. */
typedef struct _WINHTTP_EXTENDED_HEADER {
    union {
        PCWSTR pwszName;
        PCSTR pszName;
    };
    union {
        PCWSTR pwszValue;
        PCSTR pszValue;
    };
} WINHTTP_EXTENDED_HEADER, *PWINHTTP_EXTENDED_HEADER;

/* The header WinHttpQueryHeadersEx looks for. */
typedef union _WINHTTP_HEADER_NAME {
    PCWSTR pwszName;
    PCSTR pszName;
} WINHTTP_HEADER_NAME, *PWINHTTP_HEADER_NAME;

/* WINHTTP_OPTION_SECURITY_CERTIFICATE_STRUCT. The subject and issuer strings are the caller's and
 * freed with LocalFree; the other strings are NULL. */
typedef struct {
    FILETIME ftExpiry;
    FILETIME ftStart;
    LPWSTR lpszSubjectInfo;
    LPWSTR lpszIssuerInfo;
    LPWSTR lpszProtocolName;
    LPWSTR lpszSignatureAlgName;
    LPWSTR lpszEncryptionAlgName;
    DWORD dwKeySize; /* bits */
} WINHTTP_CERTIFICATE_INFO, *PWINHTTP_CERTIFICATE_INFO;

#if defined(_WS2DEF_) || defined(_SYS_SOCKET_H) || defined(_SYS_SOCKET_H_)
/* WINHTTP_OPTION_CONNECTION_INFO: both ends of the connection. As on Windows it exists when the
 * socket headers were included before this one. */
typedef struct {
    DWORD cbSize; /* sizeof(WINHTTP_CONNECTION_INFO) */
    struct sockaddr_storage LocalAddress;
    struct sockaddr_storage RemoteAddress;
} WINHTTP_CONNECTION_INFO, *PWINHTTP_CONNECTION_INFO;
#endif

#ifdef __SCHANNEL_H__
/* WINHTTP_OPTION_SECURITY_INFO: exists when <schannel.h> was included before. */
typedef struct _WINHTTP_SECURITY_INFO {
    SecPkgContext_ConnectionInfo ConnectionInfo;
    SecPkgContext_CipherInfo CipherInfo;
} WINHTTP_SECURITY_INFO, *PWINHTTP_SECURITY_INFO;
#endif

/* Moments in the life of a request; index of WINHTTP_REQUEST_TIMES.rgullTimes. */
typedef enum _WINHTTP_REQUEST_TIME_ENTRY {
    WinHttpProxyDetectionStart = 0,
    WinHttpProxyDetectionEnd,
    WinHttpConnectionAcquireStart,
    WinHttpConnectionAcquireWaitEnd,
    WinHttpConnectionAcquireEnd,
    WinHttpNameResolutionStart,
    WinHttpNameResolutionEnd,
    WinHttpConnectionEstablishmentStart,
    WinHttpConnectionEstablishmentEnd,
    WinHttpTlsHandshakeClientLeg1Start,
    WinHttpTlsHandshakeClientLeg1End,
    WinHttpTlsHandshakeClientLeg2Start,
    WinHttpTlsHandshakeClientLeg2End,
    WinHttpTlsHandshakeClientLeg3Start,
    WinHttpTlsHandshakeClientLeg3End,
    WinHttpStreamWaitStart,
    WinHttpStreamWaitEnd,
    WinHttpSendRequestStart,
    WinHttpSendRequestHeadersCompressionStart,
    WinHttpSendRequestHeadersCompressionEnd,
    WinHttpSendRequestHeadersEnd,
    WinHttpSendRequestEnd,
    WinHttpReceiveResponseStart,
    WinHttpReceiveResponseHeadersDecompressionStart,
    WinHttpReceiveResponseHeadersDecompressionEnd,
    WinHttpReceiveResponseHeadersEnd,
    WinHttpReceiveResponseBodyDecompressionDelta,
    WinHttpReceiveResponseEnd,
    WinHttpProxyTunnelStart,
    WinHttpProxyTunnelEnd,
    WinHttpProxyTlsHandshakeClientLeg1Start,
    WinHttpProxyTlsHandshakeClientLeg1End,
    WinHttpProxyTlsHandshakeClientLeg2Start,
    WinHttpProxyTlsHandshakeClientLeg2End,
    WinHttpProxyTlsHandshakeClientLeg3Start,
    WinHttpProxyTlsHandshakeClientLeg3End,

    WinHttpRequestTimeLast, /* one past those defined */
    WinHttpRequestTimeMax = 64
} WINHTTP_REQUEST_TIME_ENTRY;

/* WINHTTP_OPTION_REQUEST_TIMES, in units of QueryPerformanceCounter; 0: did not happen. */
typedef struct _WINHTTP_REQUEST_TIMES {
    ULONG cTimes; /* in: entries wanted; out: entries written */
    ULONGLONG rgullTimes[WinHttpRequestTimeMax];
} WINHTTP_REQUEST_TIMES, *PWINHTTP_REQUEST_TIMES;

/* Counters of a request; index of WINHTTP_REQUEST_STATS.rgullStats. Sizes are bytes. */
typedef enum _WINHTTP_REQUEST_STAT_ENTRY {
    WinHttpConnectFailureCount = 0,
    WinHttpProxyFailureCount,
    WinHttpTlsHandshakeClientLeg1Size,
    WinHttpTlsHandshakeServerLeg1Size,
    WinHttpTlsHandshakeClientLeg2Size,
    WinHttpTlsHandshakeServerLeg2Size,
    WinHttpRequestHeadersSize,
    WinHttpRequestHeadersCompressedSize,
    WinHttpResponseHeadersSize,
    WinHttpResponseHeadersCompressedSize,
    WinHttpResponseBodySize,
    WinHttpResponseBodyCompressedSize,
    WinHttpProxyTlsHandshakeClientLeg1Size,
    WinHttpProxyTlsHandshakeServerLeg1Size,
    WinHttpProxyTlsHandshakeClientLeg2Size,
    WinHttpProxyTlsHandshakeServerLeg2Size,

    WinHttpRequestStatLast, /* one past those defined */
    WinHttpRequestStatMax = 32
} WINHTTP_REQUEST_STAT_ENTRY;

/* WINHTTP_REQUEST_STATS.ullFlags */
#define WINHTTP_REQUEST_STAT_FLAG_TCP_FAST_OPEN                0x00000001
#define WINHTTP_REQUEST_STAT_FLAG_TLS_SESSION_RESUMPTION       0x00000002
#define WINHTTP_REQUEST_STAT_FLAG_TLS_FALSE_START              0x00000004
#define WINHTTP_REQUEST_STAT_FLAG_PROXY_TLS_SESSION_RESUMPTION 0x00000008
#define WINHTTP_REQUEST_STAT_FLAG_PROXY_TLS_FALSE_START        0x00000010
#define WINHTTP_REQUEST_STAT_FLAG_FIRST_REQUEST                0x00000020 /* of its connection */

/* WINHTTP_OPTION_REQUEST_STATS */
typedef struct _WINHTTP_REQUEST_STATS {
    ULONGLONG ullFlags;
    ULONG ulIndex; /* which request of its connection this is */
    ULONG cStats;  /* in: entries wanted; out: entries written */
    ULONGLONG rgullStats[WinHttpRequestStatMax];
} WINHTTP_REQUEST_STATS, *PWINHTTP_REQUEST_STATS;

/* WINHTTP_OPTION_FAILED_CONNECTION_RETRIES */
typedef struct _WINHTTP_FAILED_CONNECTION_RETRIES {
    DWORD dwMaxRetries;
    DWORD dwAllowedRetryConditions; /* WINHTTP_CONNECTION_RETRY_CONDITION_* */
} WINHTTP_FAILED_CONNECTION_RETRIES, *PWINHTTP_FAILED_CONNECTION_RETRIES;

/* WINHTTP_OPTION_MATCH_CONNECTION_GUID */
typedef struct _WINHTTP_MATCH_CONNECTION_GUID {
    GUID ConnectionGuid;
    ULONGLONG ullFlags;
} WINHTTP_MATCH_CONNECTION_GUID, *PWINHTTP_MATCH_CONNECTION_GUID;

/* WINHTTP_OPTION_HTTP2_RECEIVE_WINDOW; bytes. */
typedef struct _WINHTTP_HTTP2_RECEIVE_WINDOW {
    ULONG ulStreamWindow;
    ULONG ulStreamWindowUpdateDelta;
} WINHTTP_HTTP2_RECEIVE_WINDOW, *PWINHTTP_HTTP2_RECEIVE_WINDOW;

/* DNS over HTTPS, as the system's resolver offers it. */
typedef enum _WINHTTP_SECURE_DNS_SETTING {
    WinHttpSecureDnsSettingDefault = 0,
    WinHttpSecureDnsSettingForcePlaintext,
    WinHttpSecureDnsSettingRequireEncryption,
    WinHttpSecureDnsSettingTryEncryptionWithFallback,
    WinHttpSecureDnsSettingMax
} WINHTTP_SECURE_DNS_SETTING;

/* WINHTTP_OPTION_RESOLVER_CACHE_CONFIG; ages and waits as Windows defines them. */
typedef struct _WINHTTP_RESOLVER_CACHE_CONFIG {
    ULONG ulMaxResolverCacheEntries;
    ULONG ulMaxCacheEntryAge;
    ULONG ulMinCacheEntryTtl;
    WINHTTP_SECURE_DNS_SETTING SecureDnsSetting;
    ULONGLONG ullConnResolutionWaitTime;
    ULONGLONG ullFlags; /* WINHTTP_RESOLVER_CACHE_CONFIG_FLAG_* */
} WINHTTP_RESOLVER_CACHE_CONFIG, *PWINHTTP_RESOLVER_CACHE_CONFIG;

/* WINHTTP_OPTION_FAST_FORWARDING_RESPONSE_STATUS */
typedef enum _WINHTTP_FAST_FORWARDING_STATE {
    WinHttpFastForwardingStateInProgress = 0,
    WinHttpFastForwardingStateSucceeded,
    WinHttpFastForwardingStateClientSideFailed,
    WinHttpFastForwardingStateServerSideFailed
} WINHTTP_FAST_FORWARDING_STATE,
    *PWINHTTP_FAST_FORWARDING_STATE;

typedef struct _WINHTTP_FAST_FORWARDING_STATUS {
    WINHTTP_FAST_FORWARDING_STATE TransferState;
    LONG NtStatus;
    DWORD dwError;
    ULONGLONG ullBytesTransferred;
} WINHTTP_FAST_FORWARDING_STATUS, *PWINHTTP_FAST_FORWARDING_STATUS;

/* Result of WinHttpQueryConnectionGroup. */
typedef struct _WINHTTP_CONNECTION_GROUP {
    ULONG cConnections;
    GUID guidGroup;
} WINHTTP_CONNECTION_GROUP, *PWINHTTP_CONNECTION_GROUP;

typedef struct _WINHTTP_HOST_CONNECTION_GROUP {
    PCWSTR pwszHost;
    ULONG cConnectionGroups;
    PWINHTTP_CONNECTION_GROUP pConnectionGroups;
} WINHTTP_HOST_CONNECTION_GROUP, *PWINHTTP_HOST_CONNECTION_GROUP;

typedef struct _WINHTTP_QUERY_CONNECTION_GROUP_RESULT {
    ULONG cHosts;
    PWINHTTP_HOST_CONNECTION_GROUP pHostConnectionGroups;
} WINHTTP_QUERY_CONNECTION_GROUP_RESULT, *PWINHTTP_QUERY_CONNECTION_GROUP_RESULT;

/* WINHTTP_OPTION_GLOBAL_PROXY_CREDS; strings are bytes. */
typedef struct tagWINHTTP_CREDS {
    LPSTR lpszUserName;
    LPSTR lpszPassword;
    LPSTR lpszRealm;
    DWORD dwAuthScheme; /* WINHTTP_AUTH_SCHEME_* */
    LPSTR lpszHostName;
    DWORD dwPort;
} WINHTTP_CREDS, *PWINHTTP_CREDS;

/* WINHTTP_OPTION_GLOBAL_SERVER_CREDS; strings are bytes. */
typedef struct tagWINHTTP_CREDS_EX {
    LPSTR lpszUserName;
    LPSTR lpszPassword;
    LPSTR lpszRealm;
    DWORD dwAuthScheme; /* WINHTTP_AUTH_SCHEME_* */
    LPSTR lpszHostName;
    DWORD dwPort;
    LPSTR lpszUrl;
} WINHTTP_CREDS_EX, *PWINHTTP_CREDS_EX;

/* ------------------------------------------------------------------------------------------------
 * Structures of proxies
 * --------------------------------------------------------------------------------------------- */

/* A proxy setting. Strings that come from the library are freed with GlobalFree. */
typedef struct {
    DWORD dwAccessType;     /* WINHTTP_ACCESS_TYPE_* */
    LPWSTR lpszProxy;       /* "host:port", several apart by blanks or semicolons */
    LPWSTR lpszProxyBypass; /* hosts to reach directly, * as wildcard, "<local>" */
} WINHTTP_PROXY_INFO, *LPWINHTTP_PROXY_INFO, *PWINHTTP_PROXY_INFO;

typedef WINHTTP_PROXY_INFO WINHTTP_PROXY_INFOW;
typedef LPWINHTTP_PROXY_INFO LPWINHTTP_PROXY_INFOW;

/* WINHTTP_AUTOPROXY_OPTIONS.dwFlags */
#define WINHTTP_AUTOPROXY_AUTO_DETECT          0x00000001
#define WINHTTP_AUTOPROXY_CONFIG_URL           0x00000002
#define WINHTTP_AUTOPROXY_HOST_KEEPCASE        0x00000004
#define WINHTTP_AUTOPROXY_HOST_LOWERCASE       0x00000008
#define WINHTTP_AUTOPROXY_ALLOW_AUTOCONFIG     0x00000100
#define WINHTTP_AUTOPROXY_ALLOW_STATIC         0x00000200
#define WINHTTP_AUTOPROXY_ALLOW_CM             0x00000400
#define WINHTTP_AUTOPROXY_USE_INTERFACE_CONFIG 0x00000800
#define WINHTTP_AUTOPROXY_RUN_INPROCESS        0x00010000
#define WINHTTP_AUTOPROXY_RUN_OUTPROCESS_ONLY  0x00020000
#define WINHTTP_AUTOPROXY_NO_DIRECTACCESS      0x00040000
#define WINHTTP_AUTOPROXY_NO_CACHE_CLIENT      0x00080000
#define WINHTTP_AUTOPROXY_NO_CACHE_SVC         0x00100000
#define WINHTTP_AUTOPROXY_SORT_RESULTS         0x00400000

/* WINHTTP_AUTOPROXY_OPTIONS.dwAutoDetectFlags, WinHttpDetectAutoProxyConfigUrl */
#define WINHTTP_AUTO_DETECT_TYPE_DHCP  0x00000001
#define WINHTTP_AUTO_DETECT_TYPE_DNS_A 0x00000002

typedef struct {
    DWORD dwFlags;
    DWORD dwAutoDetectFlags;
    LPCWSTR lpszAutoConfigUrl;
    LPVOID lpvReserved;
    DWORD dwReserved;
    BOOL fAutoLogonIfChallenged;
} WINHTTP_AUTOPROXY_OPTIONS, *PWINHTTP_AUTOPROXY_OPTIONS;

typedef struct _WINHTTP_PROXY_RESULT_ENTRY {
    BOOL fProxy;  /* FALSE: go directly */
    BOOL fBypass; /* directly because of the bypass list */
    INTERNET_SCHEME ProxyScheme;
    PWSTR pwszProxy;
    INTERNET_PORT ProxyPort;
} WINHTTP_PROXY_RESULT_ENTRY;

typedef struct _WINHTTP_PROXY_RESULT {
    DWORD cEntries;
    WINHTTP_PROXY_RESULT_ENTRY *pEntries;
} WINHTTP_PROXY_RESULT;

typedef struct _WINHTTP_PROXY_RESULT_EX {
    DWORD cEntries;
    WINHTTP_PROXY_RESULT_ENTRY *pEntries;
    HANDLE hProxyDetectionHandle;
    DWORD dwProxyInterfaceAffinity;
} WINHTTP_PROXY_RESULT_EX;

#define NETWORKING_KEY_BUFSIZE 128

typedef struct _WinHttpProxyNetworkKey {
    unsigned char pbBuffer[NETWORKING_KEY_BUFSIZE];
} WINHTTP_PROXY_NETWORKING_KEY, *PWINHTTP_PROXY_NETWORKING_KEY;

/* WINHTTP_PROXY_SETTINGS.dwFlags */
#define WINHTTP_PROXY_TYPE_DIRECT         0x00000001
#define WINHTTP_PROXY_TYPE_PROXY          0x00000002
#define WINHTTP_PROXY_TYPE_AUTO_PROXY_URL 0x00000004
#define WINHTTP_PROXY_TYPE_AUTO_DETECT    0x00000008

typedef struct _WINHTTP_PROXY_SETTINGS {
    DWORD dwStructSize;
    DWORD dwFlags;
    DWORD dwCurrentSettingsVersion;
    PWSTR pwszConnectionName;
    PWSTR pwszProxy;
    PWSTR pwszProxyBypass;
    PWSTR pwszAutoconfigUrl;
    PWSTR pwszAutoconfigSecondaryUrl;
    DWORD dwAutoDiscoveryFlags;
    PWSTR pwszLastKnownGoodAutoConfigUrl;
    DWORD dwAutoconfigReloadDelayMins;
    FILETIME ftLastKnownDetectTime;
    DWORD dwDetectedInterfaceIpCount;
    PDWORD pdwDetectedInterfaceIp;
    DWORD cNetworkKeys;
    PWINHTTP_PROXY_NETWORKING_KEY pNetworkKeys;
} WINHTTP_PROXY_SETTINGS, *PWINHTTP_PROXY_SETTINGS;

typedef struct {
    BOOL fAutoDetect;
    LPWSTR lpszAutoConfigUrl;
    LPWSTR lpszProxy;
    LPWSTR lpszProxyBypass;
} WINHTTP_CURRENT_USER_IE_PROXY_CONFIG, *PWINHTTP_CURRENT_USER_IE_PROXY_CONFIG;

typedef enum _WINHTTP_PROXY_SETTINGS_TYPE {
    WinHttpProxySettingsTypeUnknown = 0,
    WinHttpProxySettingsTypeWsl,
    WinHttpProxySettingsTypeWsa,
    WinHttpProxySettingsTypeXBox
} WINHTTP_PROXY_SETTINGS_TYPE,
    *PWINHTTP_PROXY_SETTINGS_TYPE;

typedef struct _WINHTTP_PROXY_SETTINGS_PARAM {
    ULONGLONG ullFlags;
    PCWSTR pcwszConnectionName;
    PCWSTR pcwszProbeHost;
} WINHTTP_PROXY_SETTINGS_PARAM, *PWINHTTP_PROXY_SETTINGS_PARAM;

typedef struct _WINHTTP_PROXY_SETTINGS_EX {
    ULONGLONG ullGenerationId;
    ULONGLONG ullFlags;
    PCWSTR pcwszAutoconfigUrl;
    PCWSTR pcwszProxy;
    PCWSTR pcwszSecureProxy;
    DWORD cProxyBypasses;
    PCWSTR *rgpcwszProxyBypasses;
    DWORD dwInterfaceIndex;
    PCWSTR pcwszConnectionName;
} WINHTTP_PROXY_SETTINGS_EX, *PWINHTTP_PROXY_SETTINGS_EX;

/* WinHttpRegisterProxyChangeNotification, ullFlags */
#define WINHTTP_PROXY_NOTIFY_CHANGE 0x00000001

typedef PVOID WINHTTP_PROXY_CHANGE_REGISTRATION_HANDLE;

/* Called when the effective proxy settings have changed. */
typedef VOID(CALLBACK *WINHTTP_PROXY_CHANGE_CALLBACK)(_In_ ULONGLONG ullFlags,
                                                      _In_ PVOID pvContext);

/* ------------------------------------------------------------------------------------------------
 * Structures of WebSockets and other upgraded protocols
 * --------------------------------------------------------------------------------------------- */

typedef enum _WINHTTP_WEB_SOCKET_OPERATION {
    WINHTTP_WEB_SOCKET_SEND_OPERATION = 0,
    WINHTTP_WEB_SOCKET_RECEIVE_OPERATION = 1,
    WINHTTP_WEB_SOCKET_CLOSE_OPERATION = 2,
    WINHTTP_WEB_SOCKET_SHUTDOWN_OPERATION = 3
} WINHTTP_WEB_SOCKET_OPERATION;

/* A message is whole, or the last part of one; a fragment has more to follow. */
typedef enum _WINHTTP_WEB_SOCKET_BUFFER_TYPE {
    WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE = 0,
    WINHTTP_WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE = 1,
    WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE = 2,
    WINHTTP_WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE = 3,
    WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE = 4
} WINHTTP_WEB_SOCKET_BUFFER_TYPE;

/* RFC 6455, section 7.4.1. 1005, 1006 and 1015 never travel. */
typedef enum _WINHTTP_WEB_SOCKET_CLOSE_STATUS {
    WINHTTP_WEB_SOCKET_SUCCESS_CLOSE_STATUS = 1000,
    WINHTTP_WEB_SOCKET_ENDPOINT_TERMINATED_CLOSE_STATUS = 1001,
    WINHTTP_WEB_SOCKET_PROTOCOL_ERROR_CLOSE_STATUS = 1002,
    WINHTTP_WEB_SOCKET_INVALID_DATA_TYPE_CLOSE_STATUS = 1003,
    WINHTTP_WEB_SOCKET_EMPTY_CLOSE_STATUS = 1005,
    WINHTTP_WEB_SOCKET_ABORTED_CLOSE_STATUS = 1006,
    WINHTTP_WEB_SOCKET_INVALID_PAYLOAD_CLOSE_STATUS = 1007,
    WINHTTP_WEB_SOCKET_POLICY_VIOLATION_CLOSE_STATUS = 1008,
    WINHTTP_WEB_SOCKET_MESSAGE_TOO_BIG_CLOSE_STATUS = 1009,
    WINHTTP_WEB_SOCKET_UNSUPPORTED_EXTENSIONS_CLOSE_STATUS = 1010,
    WINHTTP_WEB_SOCKET_SERVER_ERROR_CLOSE_STATUS = 1011,
    WINHTTP_WEB_SOCKET_SECURE_HANDSHAKE_ERROR_CLOSE_STATUS = 1015
} WINHTTP_WEB_SOCKET_CLOSE_STATUS;

/* Payload of REQUEST_ERROR on a WebSocket. */
typedef struct _WINHTTP_WEB_SOCKET_ASYNC_RESULT {
    WINHTTP_ASYNC_RESULT AsyncResult;
    WINHTTP_WEB_SOCKET_OPERATION Operation;
} WINHTTP_WEB_SOCKET_ASYNC_RESULT;

/* Payload of READ_COMPLETE and WRITE_COMPLETE on a WebSocket. */
typedef struct _WINHTTP_WEB_SOCKET_STATUS {
    DWORD dwBytesTransferred;
    WINHTTP_WEB_SOCKET_BUFFER_TYPE eBufferType;
} WINHTTP_WEB_SOCKET_STATUS;

#define WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH 123   /* bytes of UTF-8 */
#define WINHTTP_WEB_SOCKET_MIN_KEEPALIVE_VALUE     15000 /* ms */

typedef enum _WINHTTP_PROTOCOL_OPERATION {
    WINHTTP_PROTOCOL_SEND_OPERATION = 0,
    WINHTTP_PROTOCOL_RECEIVE_OPERATION = 1
} WINHTTP_PROTOCOL_OPERATION;

/* Payload of REQUEST_ERROR on a protocol handle. */
typedef struct _WINHTTP_PROTOCOL_ASYNC_RESULT {
    WINHTTP_ASYNC_RESULT AsyncResult;
    WINHTTP_PROTOCOL_OPERATION Operation;
} WINHTTP_PROTOCOL_ASYNC_RESULT;

/* ------------------------------------------------------------------------------------------------
 * Functions: callbacks
 * --------------------------------------------------------------------------------------------- */

/* The application's callback.
 *
 * hInternet is the handle concerned, dwContext what the application attached to it, the rest what
 * the status says. lpvStatusInformation is the library's and valid during the call, except for
 * READ_COMPLETE, where it is the caller's own buffer. For one handle callbacks come one at a time
 * (a WebSocket's two directions are independent); for different handles on several threads at
 * once. Any function of this library may be called from it, WinHttpCloseHandle included. It may
 * block: other requests go on. HANDLE_CLOSING is the last one for a handle. */
typedef VOID(CALLBACK *WINHTTP_STATUS_CALLBACK)(_In_ HINTERNET hInternet, _In_ DWORD_PTR dwContext,
                                                _In_ DWORD dwInternetStatus,
                                                _In_ LPVOID lpvStatusInformation,
                                                _In_ DWORD dwStatusInformationLength);
typedef WINHTTP_STATUS_CALLBACK *LPWINHTTP_STATUS_CALLBACK;

/* What WinHttpSetStatusCallback returns when it fails. */
#define WINHTTP_INVALID_STATUS_CALLBACK ((WINHTTP_STATUS_CALLBACK)(-1L))

/* Set the callback of a handle, for it and for what is created from it afterwards.
 *
 * lpfnInternetCallback: NULL removes it, and nothing is delivered any more; then an asynchronous
 * operation started later completes unseen. dwNotificationFlags: WINHTTP_CALLBACK_FLAG_* or-ed;
 * only these are delivered. dwReserved: 0. Strings in callbacks have the width of the code that
 * called this function.
 *
 * Returns the callback that was set before, NULL if none was, WINHTTP_INVALID_STATUS_CALLBACK on
 * failure. Remove it, or close the handle and wait for HANDLE_CLOSING, before what dwContext points
 * to goes away.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpsetstatuscallback */
WINHTTPAPI WINHTTP_STATUS_CALLBACK WINAPI WinHttpSetStatusCallback(
    _In_ HINTERNET hInternet, _In_ WINHTTP_STATUS_CALLBACK lpfnInternetCallback,
    _In_ DWORD dwNotificationFlags, _In_ DWORD_PTR dwReserved)
    WINPOSIX_WIDE(WinHttpSetStatusCallback);

/* ------------------------------------------------------------------------------------------------
 * Functions: handles
 * --------------------------------------------------------------------------------------------- */

/* Open a session.
 *
 * pszAgentW: the User-Agent header, NULL or empty for none. dwAccessType: WINHTTP_ACCESS_TYPE_*;
 * pszProxyW and pszProxyBypassW belong to NAMED_PROXY and are otherwise NULL. dwFlags: 0,
 * WINHTTP_FLAG_ASYNC, or WINHTTP_FLAG_SECURE_DEFAULTS, with which every request must be secure.
 *
 * Returns the session, to be closed with WinHttpCloseHandle, or NULL:
 * ERROR_INVALID_PARAMETER for an unknown access type or flag, or a named proxy without a name.
 * Opens no connection and starts no thread. No callback, since none can be set yet.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpopen */
WINHTTPAPI HINTERNET WINAPI WinHttpOpen(_In_opt_ LPCWSTR pszAgentW, _In_ DWORD dwAccessType,
                                        _In_opt_ LPCWSTR pszProxyW,
                                        _In_opt_ LPCWSTR pszProxyBypassW, _In_ DWORD dwFlags)
    WINPOSIX_WIDE(WinHttpOpen);

/* Name the server of coming requests.
 *
 * pswzServerName: host name, IPv4 address, or IPv6 address with or without brackets; no scheme, no
 * port. Names outside ASCII are converted by IDNA. nServerPort: 0 (INTERNET_DEFAULT_PORT) for 80 or
 * 443. dwReserved: 0.
 *
 * Returns the connection handle, or NULL: ERROR_INVALID_PARAMETER for a NULL name,
 * ERROR_WINHTTP_INVALID_URL for one that cannot be a host. Nothing is looked up or connected.
 * Delivers HANDLE_CREATED in-line. Callback, context and options are the session's as of now.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpconnect */
WINHTTPAPI HINTERNET WINAPI WinHttpConnect(_In_ HINTERNET hSession, _In_ LPCWSTR pswzServerName,
                                           _In_ INTERNET_PORT nServerPort, _In_ DWORD dwReserved)
    WINPOSIX_WIDE(WinHttpConnect);

/* Make a request, without sending it.
 *
 * pwszVerb: NULL or empty for GET; taken as it stands otherwise. pwszObjectName: path and query,
 * NULL or empty for "/"; a missing leading slash is added. Unless dwFlags says otherwise, controls,
 * blanks, non-ASCII (as UTF-8) and " # < > [ \ ] ^ ` { | } are sent as %XX. pwszVersion: NULL for
 * "HTTP/1.1". pwszReferrer: the Referer header, or WINHTTP_NO_REFERER. ppwszAcceptTypes: values of
 * the Accept header, ended by NULL, or WINHTTP_DEFAULT_ACCEPT_TYPES for no such header. dwFlags:
 * WINHTTP_FLAG_SECURE, WINHTTP_FLAG_ESCAPE_*, WINHTTP_FLAG_REFRESH and the like.
 *
 * Returns the request handle, or NULL: ERROR_INVALID_PARAMETER for text that cannot stand in a
 * request line. Delivers HANDLE_CREATED in-line. Options are the session's as of now.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpopenrequest */
WINHTTPAPI HINTERNET WINAPI WinHttpOpenRequest(
    _In_ HINTERNET hConnect, _In_opt_ LPCWSTR pwszVerb, _In_opt_ LPCWSTR pwszObjectName,
    _In_opt_ LPCWSTR pwszVersion, _In_opt_ LPCWSTR pwszReferrer, _In_opt_ LPCWSTR *ppwszAcceptTypes,
    _In_ DWORD dwFlags) WINPOSIX_WIDE(WinHttpOpenRequest);

/* Close a handle of any kind, from any thread, at any moment, in any callback.
 *
 * An operation in flight is cancelled and ends as REQUEST_ERROR with
 * ERROR_WINHTTP_OPERATION_CANCELLED; buffers it was lent are free again with that callback.
 * HANDLE_CLOSING follows, once, as the last callback of the handle. Handles created from this one
 * stay usable. The connection of an unread response is drained and kept where that is cheap.
 *
 * Returns TRUE; FALSE with ERROR_INVALID_HANDLE if it was closed already, which harms nothing.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpclosehandle */
BOOLAPI WinHttpCloseHandle(_In_ HINTERNET hInternet);

/* Whether this platform can run WinHTTP. Always TRUE.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpcheckplatform */
BOOLAPI WinHttpCheckPlatform(void);

/* ------------------------------------------------------------------------------------------------
 * Functions: options
 * --------------------------------------------------------------------------------------------- */

/* Read an option.
 *
 * lpBuffer receives it; NULL asks for the size. *lpdwBufferLength: in, the bytes of lpBuffer; out,
 * the bytes written (strings without their NUL) or, with ERROR_INSUFFICIENT_BUFFER, the bytes
 * needed (strings with it). hInternet may be NULL for the options marked N above.
 *
 * Fails with ERROR_INSUFFICIENT_BUFFER; ERROR_INVALID_PARAMETER (no length pointer, or an option
 * that cannot be queried); ERROR_WINHTTP_INVALID_OPTION; ERROR_WINHTTP_INCORRECT_HANDLE_TYPE or
 * _STATE. What is handed out (strings, certificates) is freed as the option's line above says.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpqueryoption */
BOOLAPI WinHttpQueryOption(_In_ HINTERNET hInternet, _In_ DWORD dwOption,
                           _Out_writes_bytes_to_opt_(*lpdwBufferLength, *lpdwBufferLength)
                               LPVOID lpBuffer,
                           _Inout_ LPDWORD lpdwBufferLength) WINPOSIX_WIDE(WinHttpQueryOption);

/* Set an option of a handle, for it and for what is created from it afterwards.
 *
 * lpBuffer is copied. dwBufferLength: bytes, and exactly the type's size; for strings, characters
 * without the NUL. Options without buffer take NULL and 0.
 *
 * Fails with ERROR_INSUFFICIENT_BUFFER (wrong size); ERROR_INVALID_PARAMETER (bad value, or NULL
 * with a size); ERROR_WINHTTP_INVALID_OPTION; ERROR_WINHTTP_OPTION_NOT_SETTABLE;
 * ERROR_WINHTTP_INCORRECT_HANDLE_TYPE or _STATE.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpsetoption */
BOOLAPI WinHttpSetOption(_In_opt_ HINTERNET hInternet, _In_ DWORD dwOption,
                         _In_reads_bytes_opt_(dwBufferLength) LPVOID lpBuffer,
                         _In_ DWORD dwBufferLength) WINPOSIX_WIDE(WinHttpSetOption);

/* Set the four timeouts of a session or request, in milliseconds; 0 or -1 for none.
 *
 * Fails with ERROR_INVALID_PARAMETER for a value below -1 (looked at before the handle), and
 * ERROR_WINHTTP_INCORRECT_HANDLE_TYPE for a connection.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpsettimeouts */
BOOLAPI WinHttpSetTimeouts(_In_ HINTERNET hInternet, _In_ int nResolveTimeout,
                           _In_ int nConnectTimeout, _In_ int nSendTimeout,
                           _In_ int nReceiveTimeout);

/* ------------------------------------------------------------------------------------------------
 * Functions: sending
 * --------------------------------------------------------------------------------------------- */

/* Add, replace or remove headers of a request, for this and later sends on the handle.
 *
 * lpszHeaders: "Name: value" lines apart by any run of CR and LF. dwHeadersLength: characters, or
 * (DWORD)-1 for a NUL-terminated string; 0 is refused. dwModifiers: WINHTTP_ADDREQ_FLAG_*, applied
 * to each line; 0 adds. REPLACE alone needs the name to be there; with ADD it need not; with an
 * empty value it removes.
 *
 * Fails with ERROR_INVALID_PARAMETER (no name, no colon, blanks before the colon, unknown flags),
 * ERROR_WINHTTP_HEADER_NOT_FOUND (REPLACE), ERROR_WINHTTP_HEADER_ALREADY_EXISTS (ADD_IF_NEW).
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpaddrequestheaders */
BOOLAPI WinHttpAddRequestHeaders(_In_ HINTERNET hRequest,
                                 _In_reads_(dwHeadersLength) LPCWSTR lpszHeaders,
                                 _In_ DWORD dwHeadersLength, _In_ DWORD dwModifiers)
    WINPOSIX_WIDE(WinHttpAddRequestHeaders);

/* The same for names and values that are apart already.
 *
 * dwModifiers as above. ullFlags: WINHTTP_EXTENDED_HEADER_FLAG_UNICODE if the pwsz members of
 * pHeaders are set, 0 if the psz members are. ullExtra: 0. cHeaders: elements of pHeaders.
 * A value with CR, LF or NUL is refused.
 *
 * Returns ERROR_SUCCESS or the codes of WinHttpAddRequestHeaders.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpaddrequestheadersex */
WINHTTPAPI DWORD WINAPI WinHttpAddRequestHeadersEx(_In_ HINTERNET hRequest, _In_ DWORD dwModifiers,
                                                   _In_ ULONGLONG ullFlags, _In_ ULONGLONG ullExtra,
                                                   _In_ DWORD cHeaders,
                                                   _In_reads_(cHeaders)
                                                       WINHTTP_EXTENDED_HEADER *pHeaders)
    WINPOSIX_WIDE(WinHttpAddRequestHeadersEx);

/* Connect if needed, and send the request's head and what of its body is at hand.
 *
 * lpszHeaders, dwHeadersLength: headers for this and later sends, added as by
 * WINHTTP_ADDREQ_FLAG_ADD and REPLACE; NULL and 0 for none; 0 or (DWORD)-1 with a string: up to its
 * NUL. lpOptional, dwOptionalLength: body bytes to send with the head; they stay valid until the
 * response is complete or the handle closed, since a redirect or a challenge sends them again.
 * dwTotalLength: bytes of the whole body; the rest follows with WinHttpWriteData. For bodies beyond
 * 4 GiB or of unknown length: WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH, with a Content-Length or
 * Transfer-Encoding header of the caller's. dwContext: for callbacks from now on; 0 keeps the old.
 *
 * Callbacks: RESOLVING_NAME, NAME_RESOLVED, CONNECTING_TO_SERVER, CONNECTED_TO_SERVER where a new
 * connection is made, SECURE_FAILURE if its certificate is refused; SENDING_REQUEST, REQUEST_SENT.
 * Asynchronous: SENDREQUEST_COMPLETE or REQUEST_ERROR, never in-line; if no body is left to write,
 * not before the response has begun to arrive.
 *
 * Fails with ERROR_WINHTTP_NAME_NOT_RESOLVED, ERROR_WINHTTP_CANNOT_CONNECT, ERROR_WINHTTP_TIMEOUT,
 * ERROR_WINHTTP_CONNECTION_ERROR, ERROR_WINHTTP_SECURE_FAILURE (nothing was sent),
 * ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED, ERROR_WINHTTP_OPERATION_CANCELLED,
 * ERROR_INVALID_PARAMETER. A handle may be sent again when the exchange before is over.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpsendrequest */
BOOLAPI WinHttpSendRequest(_In_ HINTERNET hRequest,
                           _In_reads_opt_(dwHeadersLength) LPCWSTR lpszHeaders,
                           _In_ DWORD dwHeadersLength,
                           _In_reads_bytes_opt_(dwOptionalLength) LPVOID lpOptional,
                           _In_ DWORD dwOptionalLength, _In_ DWORD dwTotalLength,
                           _In_ DWORD_PTR dwContext) WINPOSIX_WIDE(WinHttpSendRequest);

/* Send more of the body.
 *
 * lpBuffer: dwNumberOfBytesToWrite bytes, lent until WRITE_COMPLETE or REQUEST_ERROR.
 * lpdwNumberOfBytesWritten: set when synchronous; NULL when asynchronous, where WRITE_COMPLETE
 * points to the count.
 *
 * Fails with ERROR_INVALID_PARAMETER for more than was announced;
 * ERROR_WINHTTP_INCORRECT_HANDLE_STATE before the head was sent; ERROR_WINHTTP_TIMEOUT,
 * ERROR_WINHTTP_CONNECTION_ERROR, ERROR_WINHTTP_OPERATION_CANCELLED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpwritedata */
BOOLAPI WinHttpWriteData(_In_ HINTERNET hRequest,
                         _In_reads_bytes_opt_(dwNumberOfBytesToWrite) LPCVOID lpBuffer,
                         _In_ DWORD dwNumberOfBytesToWrite,
                         _Out_opt_ LPDWORD lpdwNumberOfBytesWritten);

/* ------------------------------------------------------------------------------------------------
 * Functions: receiving
 * --------------------------------------------------------------------------------------------- */

/* Wait for the response's status line and headers. lpReserved: NULL.
 *
 * Callbacks: RECEIVING_RESPONSE, RESPONSE_RECEIVED; INTERMEDIATE_RESPONSE for a 1xx; asynchronous
 * then HEADERS_AVAILABLE or REQUEST_ERROR. An error status such as 404 is no failure.
 *
 * Fails with ERROR_WINHTTP_INCORRECT_HANDLE_STATE unless the request was sent;
 * ERROR_WINHTTP_INVALID_SERVER_RESPONSE, ERROR_WINHTTP_HEADER_SIZE_OVERFLOW,
 * ERROR_WINHTTP_HEADER_COUNT_EXCEEDED, ERROR_WINHTTP_REDIRECT_FAILED,
 * ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED, ERROR_WINHTTP_RESEND_REQUEST, ERROR_WINHTTP_TIMEOUT,
 * ERROR_WINHTTP_CONNECTION_ERROR, ERROR_WINHTTP_OPERATION_CANCELLED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpreceiveresponse */
BOOLAPI WinHttpReceiveResponse(_In_ HINTERNET hRequest, _Reserved_ LPVOID lpReserved);

/* Read the status line or a header.
 *
 * dwInfoLevel: WINHTTP_QUERY_* with modifiers. pwszName: the name for WINHTTP_QUERY_CUSTOM, else
 * WINHTTP_HEADER_NAME_BY_INDEX. lpBuffer: receives text, a DWORD, a ULONGLONG or a SYSTEMTIME;
 * WINHTTP_NO_OUTPUT_BUFFER asks for the size. *lpdwBufferLength: in, bytes; out, bytes written (of
 * text without its NUL) or, with ERROR_INSUFFICIENT_BUFFER, needed (text with it). *lpdwIndex: which
 * instance, from 0; goes up by one on success; NULL for the first.
 *
 * Fails with ERROR_INSUFFICIENT_BUFFER (the buffer is untouched), ERROR_WINHTTP_HEADER_NOT_FOUND,
 * ERROR_WINHTTP_INVALID_HEADER (not a number or date), ERROR_INVALID_PARAMETER (no such attribute),
 * ERROR_WINHTTP_INCORRECT_HANDLE_STATE (no response yet). Request headers can be read at any time,
 * trailers after the last byte of the body.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpqueryheaders */
BOOLAPI
WinHttpQueryHeaders(_In_ HINTERNET hRequest, _In_ DWORD dwInfoLevel, _In_opt_ LPCWSTR pwszName,
                    _Out_writes_bytes_to_opt_(*lpdwBufferLength, *lpdwBufferLength) LPVOID lpBuffer,
                    _Inout_ LPDWORD lpdwBufferLength, _Inout_opt_ LPDWORD lpdwIndex)
    WINPOSIX_WIDE(WinHttpQueryHeaders);

/* Read headers as pairs of name and value.
 *
 * dwInfoLevel: WINHTTP_QUERY_EX_ALL_HEADERS, an attribute, or WINHTTP_QUERY_CUSTOM and pHeaderName;
 * modifiers REQUEST_HEADERS, TRAILERS and WIRE_ENCODING (psz members instead of pwsz). ullFlags: 0.
 * uiCodePage: 0. pdwIndex as above. pBuffer, *pdwBufferLength: room in bytes for the table and its
 * strings; NULL asks for it. *ppHeaders: out, the table, inside pBuffer, with *pdwHeadersCount
 * entries; it lives as long as pBuffer.
 *
 * Returns ERROR_SUCCESS, ERROR_INSUFFICIENT_BUFFER with *pdwBufferLength set,
 * ERROR_WINHTTP_HEADER_NOT_FOUND, ERROR_INVALID_PARAMETER (VERSION, STATUS_*, RAW_HEADERS_CRLF,
 * NUMBER*, SYSTEMTIME), ERROR_WINHTTP_INCORRECT_HANDLE_STATE.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpqueryheadersex */
WINHTTPAPI DWORD WINAPI WinHttpQueryHeadersEx(
    _In_ HINTERNET hRequest, _In_ DWORD dwInfoLevel, _In_ ULONGLONG ullFlags, _In_ UINT uiCodePage,
    _Inout_opt_ PDWORD pdwIndex, _Inout_opt_ PWINHTTP_HEADER_NAME pHeaderName,
    _Out_writes_bytes_to_opt_(*pdwBufferLength, *pdwBufferLength) PVOID pBuffer,
    _Inout_ PDWORD pdwBufferLength, _Out_opt_ PWINHTTP_EXTENDED_HEADER *ppHeaders,
    _Out_ PDWORD pdwHeadersCount) WINPOSIX_WIDE(WinHttpQueryHeadersEx);

/* Wait until some of the body is there, and say how much can be read without waiting again.
 *
 * lpdwNumberOfBytesAvailable: bytes of body without chunk framing, 0 at the end; set when
 * synchronous, NULL when asynchronous, where DATA_AVAILABLE points to the count. Asynchronous and
 * TRUE: the last error is ERROR_SUCCESS if the callback came in-line, ERROR_IO_PENDING if it will
 * come on another thread.
 *
 * Fails with ERROR_WINHTTP_INCORRECT_HANDLE_STATE before a response, ERROR_WINHTTP_TIMEOUT,
 * ERROR_WINHTTP_CONNECTION_ERROR, ERROR_WINHTTP_INVALID_SERVER_RESPONSE,
 * ERROR_WINHTTP_OPERATION_CANCELLED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpquerydataavailable */
BOOLAPI WinHttpQueryDataAvailable(_In_ HINTERNET hRequest,
                                  _Out_opt_ LPDWORD lpdwNumberOfBytesAvailable);

/* Read from the body until the buffer is full or the body ends.
 *
 * lpBuffer: dwNumberOfBytesToRead bytes, lent until READ_COMPLETE or REQUEST_ERROR.
 * lpdwNumberOfBytesRead: 0 at the end of the body; set when synchronous, NULL when asynchronous,
 * where READ_COMPLETE's length is the count. In-line or later as WinHttpQueryDataAvailable says.
 *
 * Fails like WinHttpQueryDataAvailable; ERROR_INVALID_PARAMETER for a NULL buffer.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpreaddata */
BOOLAPI WinHttpReadData(_In_ HINTERNET hRequest,
                        _Out_writes_bytes_to_(dwNumberOfBytesToRead, *lpdwNumberOfBytesRead)
                            LPVOID lpBuffer,
                        _In_ DWORD dwNumberOfBytesToRead, _Out_opt_ LPDWORD lpdwNumberOfBytesRead);

/* Read from the body what is there, waiting for the first byte only.
 *
 * As WinHttpReadData, which it equals with WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER in ullFlags.
 * *lpdwNumberOfBytesRead is set to 0 before anything else. cbProperty and pvProperty: 0 and NULL.
 *
 * Returns ERROR_SUCCESS (asynchronous: the callback came in-line), ERROR_IO_PENDING, or the codes
 * of WinHttpReadData.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpreaddataex */
WINHTTPAPI DWORD WINAPI WinHttpReadDataEx(
    _In_ HINTERNET hRequest,
    _Out_writes_bytes_to_(dwNumberOfBytesToRead, *lpdwNumberOfBytesRead) LPVOID lpBuffer,
    _In_ DWORD dwNumberOfBytesToRead, _Out_opt_ LPDWORD lpdwNumberOfBytesRead,
    _In_ ULONGLONG ullFlags, _In_ DWORD cbProperty,
    _In_reads_bytes_opt_(cbProperty) PVOID pvProperty);

/* ------------------------------------------------------------------------------------------------
 * Functions: URLs and dates
 * --------------------------------------------------------------------------------------------- */

/* Take a URL apart.
 *
 * pwszUrl, dwUrlLength: characters, 0 for NUL-terminated. dwFlags: 0, ICU_DECODE, ICU_ESCAPE,
 * ICU_REJECT_USERPWD. For each part of *lpUrlComponents: pointer and length given, it is copied and
 * ended by a NUL; NULL with a length other than 0, the pointer is set into pwszUrl; NULL and 0, it is not
 * wanted, and an unwanted extra info stays with the path. On return lengths are characters without
 * NUL. dwStructSize must be set. nScheme and nPort are always set.
 *
 * Fails with ERROR_INVALID_PARAMETER (a buffer of length 0; ICU_DECODE without buffers),
 * ERROR_INSUFFICIENT_BUFFER (lengths of parts that did not fit then include the NUL),
 * ERROR_WINHTTP_UNRECOGNIZED_SCHEME, ERROR_WINHTTP_INVALID_URL.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpcrackurl */
BOOLAPI WinHttpCrackUrl(_In_reads_(dwUrlLength) LPCWSTR pwszUrl, _In_ DWORD dwUrlLength,
                        _In_ DWORD dwFlags, _Inout_ LPURL_COMPONENTS lpUrlComponents)
    WINPOSIX_WIDE(WinHttpCrackUrl);

/* Put a URL together.
 *
 * lpUrlComponents: parts with their lengths in characters, which count, embedded NULs included; 0
 * for a NUL-terminated one, NULL for none. dwStructSize must be set. lpszScheme wins over nScheme;
 * the port is written where it is not the scheme's. dwFlags: 0, ICU_ESCAPE (path and extra info), ICU_REJECT_USERPWD,
 * ICU_INCLUDE_DEFAULT_PORT. pwszUrl receives the text; *pdwUrlLength: in, characters of room; out,
 * characters without NUL or, with ERROR_INSUFFICIENT_BUFFER, with it.
 *
 * Fails with ERROR_INSUFFICIENT_BUFFER; ERROR_INVALID_PARAMETER (NULL pointers, a password without
 * a user name, non-ASCII with ICU_ESCAPE).
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpcreateurl */
BOOLAPI WinHttpCreateUrl(_In_ LPURL_COMPONENTS lpUrlComponents, _In_ DWORD dwFlags,
                         _Out_writes_to_opt_(*pdwUrlLength, *pdwUrlLength) LPWSTR pwszUrl,
                         _Inout_ LPDWORD pdwUrlLength) WINPOSIX_WIDE(WinHttpCreateUrl);

/* Write a time (UTC) as HTTP does: "Sun, 06 Nov 1994 08:49:37 GMT".
 *
 * pwszTime: at least WINHTTP_TIME_FORMAT_BUFSIZE bytes.
 * Fails with ERROR_INVALID_PARAMETER (a NULL pointer, or no such date).
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttptimefromsystemtime */
BOOLAPI WinHttpTimeFromSystemTime(_In_ const SYSTEMTIME *pst,
                                  _Out_writes_bytes_(WINHTTP_TIME_FORMAT_BUFSIZE) LPWSTR pwszTime)
    WINPOSIX_WIDE(WinHttpTimeFromSystemTime);

/* Read a time as HTTP writes it, with some tolerance for case and punctuation.
 *
 * Fails with ERROR_INVALID_PARAMETER (a NULL pointer, or no date).
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttptimetosystemtime */
BOOLAPI WinHttpTimeToSystemTime(_In_ LPCWSTR pwszTime, _Out_ SYSTEMTIME *pst)
    WINPOSIX_WIDE(WinHttpTimeToSystemTime);

/* ------------------------------------------------------------------------------------------------
 * Functions: authentication
 * --------------------------------------------------------------------------------------------- */

/* Give a request handle credentials, for its own origin, until others are given.
 *
 * AuthTargets: WINHTTP_AUTH_TARGET_*. AuthScheme: one WINHTTP_AUTH_SCHEME_*. pwszUserName,
 * pwszPassword: copied; both NULL for the user's own, with NEGOTIATE and NTLM, as far as
 * WINHTTP_OPTION_AUTOLOGON_POLICY allows. pAuthParams: NULL. They go out with the next send, or in
 * answer to its challenge; turned down, the 401 is delivered.
 * ERROR_INVALID_PARAMETER; ERROR_WINHTTP_INCORRECT_HANDLE_STATE: an operation is under way;
 * ERROR_CALL_NOT_IMPLEMENTED: PASSPORT, or a scheme that GSSAPI here does not have.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpsetcredentials */
BOOLAPI WinHttpSetCredentials(_In_ HINTERNET hRequest, _In_ DWORD AuthTargets,
                              _In_ DWORD AuthScheme, _In_opt_ LPCWSTR pwszUserName,
                              _In_opt_ LPCWSTR pwszPassword, _In_opt_ LPVOID pAuthParams)
    WINPOSIX_WIDE(WinHttpSetCredentials);

/* After a 401 or 407: the schemes offered (or-ed), the first of them, and who asks.
 *
 * ERROR_INVALID_OPERATION: there is no response yet, or it asks for nothing;
 * ERROR_INVALID_PARAMETER: a pointer is missing.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpqueryauthschemes */
BOOLAPI WinHttpQueryAuthSchemes(_In_ HINTERNET hRequest, _Out_ LPDWORD lpdwSupportedSchemes,
                                _Out_ LPDWORD lpdwFirstScheme, _Out_ LPDWORD pdwAuthTarget);

/* Parameters of a scheme. Declared by older SDKs and mingw-w64, exported by no Windows version.
 *
 * This version fails with ERROR_CALL_NOT_IMPLEMENTED. */
BOOLAPI WinHttpQueryAuthParams(_In_ HINTERNET hRequest, _In_ DWORD AuthScheme,
                               _Out_ LPVOID *pAuthParams);

/* ------------------------------------------------------------------------------------------------
 * Functions: connections
 * --------------------------------------------------------------------------------------------- */

/* Ask which connections a session or connection handle has, by label.
 *
 * pGuidConnection: one label, or NULL for all. ullFlags: 0 or
 * WINHTTP_QUERY_CONNECTION_GROUP_FLAG_INSECURE. *ppResult is freed with
 * WinHttpFreeQueryConnectionGroupResult. This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpqueryconnectiongroup */
WINHTTPAPI DWORD WINAPI WinHttpQueryConnectionGroup(
    _In_ HINTERNET hInternet, _In_opt_ const GUID *pGuidConnection, _In_ ULONGLONG ullFlags,
    _Inout_ PWINHTTP_QUERY_CONNECTION_GROUP_RESULT *ppResult)
    WINPOSIX_WIDE(WinHttpQueryConnectionGroup);

/* Free such a result. This version hands none out: it sets ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpfreequeryconnectiongroupresult */
WINHTTPAPI VOID WINAPI
WinHttpFreeQueryConnectionGroupResult(_Inout_ WINHTTP_QUERY_CONNECTION_GROUP_RESULT *pResult);

/* ------------------------------------------------------------------------------------------------
 * Functions: proxies
 *
 * None of them is implemented by this version. Those that return BOOL fail with
 * ERROR_CALL_NOT_IMPLEMENTED, those that return DWORD return it, those that return nothing set it:
 * they would free what this version hands out to nobody.
 * --------------------------------------------------------------------------------------------- */

/* Read the machine's WinHTTP proxy setting. Strings are the caller's, freed with GlobalFree.
 * This version fails with ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetdefaultproxyconfiguration */
BOOLAPI WinHttpGetDefaultProxyConfiguration(_Inout_ WINHTTP_PROXY_INFO *pProxyInfo)
    WINPOSIX_WIDE(WinHttpGetDefaultProxyConfiguration);

/* Change the machine's WinHTTP proxy setting, for sessions opened afterwards.
 * This version fails with ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpsetdefaultproxyconfiguration */
BOOLAPI WinHttpSetDefaultProxyConfiguration(_In_ WINHTTP_PROXY_INFO *pProxyInfo)
    WINPOSIX_WIDE(WinHttpSetDefaultProxyConfiguration);

/* Read the user's proxy setting. Strings are the caller's, freed with GlobalFree.
 * This version fails with ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetieproxyconfigforcurrentuser */
BOOLAPI
WinHttpGetIEProxyConfigForCurrentUser(_Inout_ WINHTTP_CURRENT_USER_IE_PROXY_CONFIG *pProxyConfig)
    WINPOSIX_WIDE(WinHttpGetIEProxyConfigForCurrentUser);

/* Find the URL of the PAC script by DHCP or DNS (WPAD). *ppwstrAutoConfigUrl: GlobalFree it.
 * This version fails with ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpdetectautoproxyconfigurl */
BOOLAPI WinHttpDetectAutoProxyConfigUrl(_In_ DWORD dwAutoDetectFlags,
                                        _Out_ LPWSTR *ppwstrAutoConfigUrl)
    WINPOSIX_WIDE(WinHttpDetectAutoProxyConfigUrl);

/* Find the proxies for a URL, waiting for it. Strings are the caller's, freed with GlobalFree.
 * This version fails with ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetproxyforurl */
BOOLAPI WinHttpGetProxyForUrl(_In_ HINTERNET hSession, _In_ LPCWSTR lpcwszUrl,
                              _In_ WINHTTP_AUTOPROXY_OPTIONS *pAutoProxyOptions,
                              _Out_ WINHTTP_PROXY_INFO *pProxyInfo)
    WINPOSIX_WIDE(WinHttpGetProxyForUrl);

/* Make a resolver for WinHttpGetProxyForUrlEx. Close it with WinHttpCloseHandle.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpcreateproxyresolver */
WINHTTPAPI DWORD WINAPI WinHttpCreateProxyResolver(_In_ HINTERNET hSession,
                                                   _Out_ HINTERNET *phResolver);

/* Find the proxies for a URL. ERROR_IO_PENDING, then GETPROXYFORURL_COMPLETE with pContext.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetproxyforurlex */
WINHTTPAPI DWORD WINAPI WinHttpGetProxyForUrlEx(_In_ HINTERNET hResolver, _In_ PCWSTR pcwszUrl,
                                                _In_ WINHTTP_AUTOPROXY_OPTIONS *pAutoProxyOptions,
                                                _In_opt_ DWORD_PTR pContext)
    WINPOSIX_WIDE(WinHttpGetProxyForUrlEx);

/* The same with a choice of network interface.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED. Microsoft has no page for it. */
WINHTTPAPI DWORD WINAPI WinHttpGetProxyForUrlEx2(_In_ HINTERNET hResolver, _In_ PCWSTR pcwszUrl,
                                                 _In_ WINHTTP_AUTOPROXY_OPTIONS *pAutoProxyOptions,
                                                 _In_ DWORD cbInterfaceSelectionContext,
                                                 _In_reads_bytes_opt_(cbInterfaceSelectionContext)
                                                     BYTE *pInterfaceSelectionContext,
                                                 _In_opt_ DWORD_PTR pContext)
    WINPOSIX_WIDE(WinHttpGetProxyForUrlEx2);

/* Take the outcome of WinHttpGetProxyForUrlEx; free it with WinHttpFreeProxyResult.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetproxyresult */
WINHTTPAPI DWORD WINAPI WinHttpGetProxyResult(_In_ HINTERNET hResolver,
                                              _Out_ WINHTTP_PROXY_RESULT *pProxyResult)
    WINPOSIX_WIDE(WinHttpGetProxyResult);

/* Take the outcome of WinHttpGetProxyForUrlEx2; free it with WinHttpFreeProxyResultEx.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED. Microsoft has no page for it. */
WINHTTPAPI DWORD WINAPI WinHttpGetProxyResultEx(_In_ HINTERNET hResolver,
                                                _Out_ WINHTTP_PROXY_RESULT_EX *pProxyResultEx)
    WINPOSIX_WIDE(WinHttpGetProxyResultEx);

/* Free what WinHttpGetProxyResult handed out. This version sets ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpfreeproxyresult */
WINHTTPAPI VOID WINAPI WinHttpFreeProxyResult(_Inout_ WINHTTP_PROXY_RESULT *pProxyResult);

/* Free what WinHttpGetProxyResultEx handed out. This version sets ERROR_CALL_NOT_IMPLEMENTED. */
WINHTTPAPI VOID WINAPI WinHttpFreeProxyResultEx(_Inout_ WINHTTP_PROXY_RESULT_EX *pProxyResultEx);

/* Forget cached proxy results and scripts; dwFlags: WINHTTP_RESET_*.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpresetautoproxy */
WINHTTPAPI DWORD WINAPI WinHttpResetAutoProxy(_In_ HINTERNET hSession, _In_ DWORD dwFlags);

/* Whether a host is on the bypass list of *pProxyInfo. Declared by mingw-w64.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED. Microsoft has no page for it. */
WINHTTPAPI DWORD WINAPI WinHttpIsHostInProxyBypassList(_In_ const WINHTTP_PROXY_INFO *pProxyInfo,
                                                       _In_ PCWSTR pwszHost,
                                                       _In_ INTERNET_SCHEME tScheme,
                                                       _In_ INTERNET_PORT nPort,
                                                       _Out_ BOOL *pfIsInBypassList)
    WINPOSIX_WIDE(WinHttpIsHostInProxyBypassList);

/* Read the proxy settings of a network connection; free them with WinHttpFreeProxySettings.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED. Microsoft has no page for it. */
WINHTTPAPI DWORD WINAPI WinHttpReadProxySettings(
    _In_ HINTERNET hSession, _In_opt_ PCWSTR pcwszConnectionName,
    _In_ BOOL fFallBackToDefaultSettings, _In_ BOOL fSetAutoDiscoverForDefaultSettings,
    _Out_ DWORD *pdwSettingsVersion, _Out_ BOOL *pfDefaultSettingsAreReturned,
    _Out_ WINHTTP_PROXY_SETTINGS *pWinHttpProxySettings) WINPOSIX_WIDE(WinHttpReadProxySettings);

/* Change the proxy settings of a network connection.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED. Microsoft has no page for it. */
WINHTTPAPI DWORD WINAPI WinHttpWriteProxySettings(
    _In_ HINTERNET hSession, _In_ BOOL fForceUpdate,
    _In_ WINHTTP_PROXY_SETTINGS *pWinHttpProxySettings) WINPOSIX_WIDE(WinHttpWriteProxySettings);

/* Free what WinHttpReadProxySettings handed out. This version sets ERROR_CALL_NOT_IMPLEMENTED. */
WINHTTPAPI VOID WINAPI WinHttpFreeProxySettings(_In_ WINHTTP_PROXY_SETTINGS *pWinHttpProxySettings);

/* A number that grows when the proxy settings change.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED. Microsoft has no page for it. */
WINHTTPAPI DWORD WINAPI WinHttpGetProxySettingsVersion(_In_ HINTERNET hSession,
                                                       _Out_ DWORD *pdwProxySettingsVersion);

/* Whether settings belong to the user or to the machine.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED. Microsoft has no page for it. */
WINHTTPAPI DWORD WINAPI WinHttpSetProxySettingsPerUser(_In_ BOOL fProxySettingsPerUser);

/* Ask for the effective proxy settings. ERROR_IO_PENDING, then GETPROXYSETTINGS_COMPLETE.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetproxysettingsex */
WINHTTPAPI DWORD WINAPI WinHttpGetProxySettingsEx(
    _In_ HINTERNET hResolver, _In_ WINHTTP_PROXY_SETTINGS_TYPE ProxySettingsType,
    _In_opt_ PWINHTTP_PROXY_SETTINGS_PARAM pProxySettingsParam, _In_opt_ DWORD_PTR pContext)
    WINPOSIX_WIDE(WinHttpGetProxySettingsEx);

/* Take the outcome, a WINHTTP_PROXY_SETTINGS_EX; free it with WinHttpFreeProxySettingsEx.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetproxysettingsresultex */
WINHTTPAPI DWORD WINAPI WinHttpGetProxySettingsResultEx(_In_ HINTERNET hResolver,
                                                        _Out_ PVOID pProxySettingsEx)
    WINPOSIX_WIDE(WinHttpGetProxySettingsResultEx);

/* Free it. This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpfreeproxysettingsex */
WINHTTPAPI DWORD WINAPI WinHttpFreeProxySettingsEx(
    _In_ WINHTTP_PROXY_SETTINGS_TYPE ProxySettingsType, _In_ PVOID pProxySettingsEx);

/* Have a function called when the effective proxy settings change.
 * This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpregisterproxychangenotification */
WINHTTPAPI DWORD WINAPI WinHttpRegisterProxyChangeNotification(
    _In_ ULONGLONG ullFlags, _In_ WINHTTP_PROXY_CHANGE_CALLBACK pfnCallback, _In_ PVOID pvContext,
    _Out_ WINHTTP_PROXY_CHANGE_REGISTRATION_HANDLE *hRegistration);

/* End that. This version returns ERROR_CALL_NOT_IMPLEMENTED.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpunregisterproxychangenotification */
WINHTTPAPI DWORD WINAPI WinHttpUnregisterProxyChangeNotification(
    _In_ WINHTTP_PROXY_CHANGE_REGISTRATION_HANDLE hRegistration);

/* ------------------------------------------------------------------------------------------------
 * Functions: WebSockets
 *
 * Text is UTF-8 bytes, whatever the width of WCHAR. All but the first return the error itself. One
 * operation per direction: ERROR_INVALID_OPERATION for a second, and when the direction was closed or
 * has failed. Failures of asynchronous ones come as REQUEST_ERROR with a
 * WINHTTP_WEB_SOCKET_ASYNC_RESULT. ERROR_WINHTTP_INVALID_SERVER_RESPONSE: the peer broke the protocol;
 * ERROR_WINHTTP_CONNECTION_ERROR: it is gone; ERROR_WINHTTP_TIMEOUT: it is silent.
 * --------------------------------------------------------------------------------------------- */

/* After a 101 to a request with WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET: the WebSocket's own handle.
 *
 * pContext: the dwContext of its callbacks. Delivers HANDLE_CREATED in-line. The request handle may
 * be closed at once. Returns NULL on failure: ERROR_WINHTTP_INCORRECT_HANDLE_STATE without a 101.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpwebsocketcompleteupgrade */
WINHTTPAPI HINTERNET WINAPI WinHttpWebSocketCompleteUpgrade(_In_ HINTERNET hRequest,
                                                            _In_opt_ DWORD_PTR pContext);

/* Send a message, or a part of one. pvBuffer is lent until WRITE_COMPLETE or REQUEST_ERROR.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpwebsocketsend */
WINHTTPAPI DWORD WINAPI WinHttpWebSocketSend(_In_ HINTERNET hWebSocket,
                                             _In_ WINHTTP_WEB_SOCKET_BUFFER_TYPE eBufferType,
                                             _In_reads_bytes_opt_(dwBufferLength) PVOID pvBuffer,
                                             _In_ DWORD dwBufferLength);

/* Receive a message, or what of it fits. pvBuffer is lent until READ_COMPLETE or REQUEST_ERROR;
 * *pdwBytesRead and *peBufferType are set when synchronous only.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpwebsocketreceive */
WINHTTPAPI DWORD WINAPI WinHttpWebSocketReceive(_In_ HINTERNET hWebSocket,
                                                _Out_writes_bytes_to_(dwBufferLength, *pdwBytesRead)
                                                    PVOID pvBuffer,
                                                _In_ DWORD dwBufferLength,
                                                _Out_ DWORD *pdwBytesRead,
                                                _Out_ WINHTTP_WEB_SOCKET_BUFFER_TYPE *peBufferType);

/* Send the close frame and go on receiving; SHUTDOWN_COMPLETE.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpwebsocketshutdown */
WINHTTPAPI DWORD WINAPI WinHttpWebSocketShutdown(
    _In_ HINTERNET hWebSocket, _In_ USHORT usStatus,
    _In_reads_bytes_opt_(dwReasonLength) PVOID pvReason,
    _In_range_(0, WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH) DWORD dwReasonLength);

/* Close: send the close frame unless sent, cancel a pending receive, wait for the peer's close
 * frame; CLOSE_COMPLETE.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpwebsocketclose */
WINHTTPAPI DWORD WINAPI WinHttpWebSocketClose(_In_ HINTERNET hWebSocket, _In_ USHORT usStatus,
                                              _In_reads_bytes_opt_(dwReasonLength) PVOID pvReason,
                                              _In_range_(0,
                                                         WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH)
                                                  DWORD dwReasonLength);

/* The status and reason of the peer's close frame, once it is there.
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpwebsocketqueryclosestatus */
WINHTTPAPI DWORD WINAPI WinHttpWebSocketQueryCloseStatus(
    _In_ HINTERNET hWebSocket, _Out_ USHORT *pusStatus,
    _Out_writes_bytes_to_opt_(dwReasonLength, *pdwReasonLengthConsumed) PVOID pvReason,
    _In_range_(0, WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH) DWORD dwReasonLength,
    _Out_range_(0, WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH) DWORD *pdwReasonLengthConsumed);

/* ------------------------------------------------------------------------------------------------
 * Functions: other upgraded protocols
 *
 * In recent SDKs; Microsoft has no pages for them. None is implemented by this version.
 * --------------------------------------------------------------------------------------------- */

/* After a 101 to a request with WINHTTP_OPTION_UPGRADE_TO_PROTOCOL: the bare stream's handle.
 * Returns NULL on failure; this version fails with ERROR_CALL_NOT_IMPLEMENTED. */
WINHTTPAPI HINTERNET WINAPI WinHttpProtocolCompleteUpgrade(_In_ HINTERNET hRequest,
                                                           _In_opt_ DWORD_PTR dwContext);

/* Send bytes on it. This version returns ERROR_CALL_NOT_IMPLEMENTED. */
WINHTTPAPI DWORD WINAPI WinHttpProtocolSend(_In_ HINTERNET ProtocolHandle, _In_ ULONGLONG Flags,
                                            _In_reads_bytes_opt_(dwBufferLength) PVOID pvBuffer,
                                            _In_ DWORD dwBufferLength);

/* Receive bytes from it. This version returns ERROR_CALL_NOT_IMPLEMENTED. */
WINHTTPAPI DWORD WINAPI WinHttpProtocolReceive(_In_ HINTERNET ProtocolHandle, _In_ ULONGLONG Flags,
                                               _Out_writes_bytes_to_(dwBufferLength, *pdwBytesRead)
                                                   PVOID pvBuffer,
                                               _In_ DWORD dwBufferLength,
                                               _Out_ DWORD *pdwBytesRead);

#ifdef __cplusplus
}
#endif

#pragma pack(pop)

#endif /* _WINHTTPX_ */
