/* option_table.c - the one table of options: what Microsoft documents, and what becomes of it here.
 *
 * docs/compatibility.md shows this table; tests/unit/option_docs.c fails when it does not, and
 * writes it anew when asked to. Handle kinds: N process (NULL handle), S session, C connection,
 * R request, W WebSocket. Rows are in the order of their ids.
 */
#include "winhttp/option.h"

#include <ws2def.h>
#include <mstcpip.h>

#define N WH_OPTION_PROCESS
#define S WH_KIND_SESSION
#define C WH_KIND_CONNECT
#define R WH_KIND_REQUEST
#define W WH_KIND_SOCKET

#define ROW(name_, type_, ...)                                                                     \
    {                                                                                              \
        .id = WINHTTP_OPTION_##name_, .name = #name_, .type = WH_OPTION_##type_, __VA_ARGS__       \
    }
#define REFUSED(name_, why)                                                                        \
    {                                                                                              \
        .id = WINHTTP_OPTION_##name_, .name = #name_, .status = WH_OPTION_REFUSED, .note = why     \
    }

#define SETTING(field)    .place = WH_PLACE_SETTINGS, .offset = offsetof(struct wh_settings, field)
#define OF_REQUEST(field) .place = WH_PLACE_REQUEST, .offset = offsetof(struct wh_request, field)

#define PARTIAL(why)   .status = WH_OPTION_PARTIAL, .note = why
#define NO_EFFECT(why) .status = WH_OPTION_NO_EFFECT, .note = why

/* What refused options wait for. */
#define UNDOCUMENTED "not documented by Microsoft"
#define NO_PASSPORT  "there is no Passport"
#define NEEDS_H2     "HTTP/2 is not there yet"
#define NEEDS_H3     "HTTP/3 is not there"

#define SECURE_PROTOCOLS_KNOWN                                                                     \
    (WINHTTP_FLAG_SECURE_PROTOCOL_ALL | WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_1 |                      \
     WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2 | WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_3)
#define PASSPORT_KNOWN                                                                             \
    (WINHTTP_ENABLE_PASSPORT_AUTH | WINHTTP_DISABLE_PASSPORT_KEYRING |                             \
     WINHTTP_ENABLE_PASSPORT_KEYRING)

const struct wh_option wh_option_table[] = {
    ROW(CALLBACK, WORD, .get = S | C | R | W, .set = S | C | R | W, .query = wh_option_get_callback,
        .change = wh_option_set_callback, .note = "setting it asks for all notifications"),
    ROW(RESOLVE_TIMEOUT, DWORD, .get = S | C | R, .set = S | R, SETTING(resolve_timeout),
        .default_text = "0", .note = "ms; 0 and -1: none"),
    ROW(CONNECT_TIMEOUT, DWORD, .get = S | C | R, .set = S | R, SETTING(connect_timeout),
        .default_text = "60000", .note = "ms, for each address"),
    ROW(CONNECT_RETRIES, DWORD, .get = S | R, .set = S | R, SETTING(connect_retries),
        .default_text = "5", .note = "addresses of a host that are tried"),
    ROW(SEND_TIMEOUT, DWORD, .get = S | C | R, .set = S | R, SETTING(send_timeout),
        .default_text = "30000", .note = "ms"),
    ROW(RECEIVE_TIMEOUT, DWORD, .get = S | C | R, .set = S | R, SETTING(receive_timeout),
        .default_text = "30000", .note = "ms"),
    ROW(RECEIVE_RESPONSE_TIMEOUT, DWORD, .get = S | C | R, .set = S | R,
        SETTING(receive_response_timeout), .change = wh_option_set_response_timeout,
        .default_text = "0xffffffff",
        .note = "ms, all headers; never less than RECEIVE_TIMEOUT. Microsoft's page says 90 s, "
                "Windows says infinite"),
    ROW(HANDLE_TYPE, DWORD, .get = S | C | R | W, .query = wh_option_get_handle_type),
    ROW(READ_BUFFER_SIZE, DWORD, .get = R, .set = R, OF_REQUEST(read_buffer_size),
        .default_text = "0", NO_EFFECT("deprecated by Microsoft; read back as set")),
    ROW(WRITE_BUFFER_SIZE, DWORD, .get = R, .set = R, OF_REQUEST(write_buffer_size),
        .default_text = "0", NO_EFFECT("deprecated by Microsoft; read back as set")),
    ROW(PARENT_HANDLE, WORD, .get = S | C | R | W, .query = wh_option_get_parent,
        .note = "NULL for a session; of a WebSocket the connection"),
    ROW(EXTENDED_ERROR, DWORD, .get = N | S | C | R | W, .query = wh_option_get_extended_error,
        .note = "WSA error behind the calling thread's last network failure"),
    ROW(SECURITY_FLAGS, DWORD, .get = R, .set = R, .query = wh_option_get_security_flags,
        .change = wh_option_set_security_flags, .default_text = "0",
        .note = "the four IGNORE bits can be set; SECURE and STRENGTH are told after a handshake"),
    ROW(SECURITY_CERTIFICATE_STRUCT, STRUCT, .size = sizeof(WINHTTP_CERTIFICATE_INFO), .get = R,
        .query = wh_option_get_certificate_struct, .state_first = true,
        .note = "LocalFree subject and issuer; the other strings are NULL; dwKeySize is the "
                "cipher's"),
    ROW(URL, TEXT, .get = R, .query = wh_option_get_url),
    ROW(SECURITY_KEY_BITNESS, DWORD, .get = R, .query = wh_option_get_key_bitness,
        .state_first = true, .note = "bits of the cipher's key, once connected"),
    ROW(PROXY, STRUCT, .size = sizeof(WINHTTP_PROXY_INFO), .get = N | S | R, .set = S | R,
        .query = wh_option_get_proxy, .change = wh_option_set_proxy, .default_text = "NO_PROXY",
        .note = "GlobalFree the strings; a list without a well-formed proxy: INVALID_PARAMETER; "
                "DEFAULT_PROXY connects directly"),
    REFUSED(PROXY_RESULT_ENTRY, "comes with proxy resolvers"),
    ROW(USER_AGENT, TEXT, .get = S, .set = S, .query = wh_option_get_agent,
        .change = wh_option_set_agent, .note = "for requests sent afterwards"),
    ROW(CONTEXT_VALUE, WORD, .get = S | C | R | W, .set = S | C | R | W,
        .query = wh_option_get_context, .change = wh_option_set_context, .default_text = "0",
        .note = "inherited by handles created afterwards"),
    ROW(CLIENT_CERT_CONTEXT, STRUCT, .set = R, .change = wh_option_set_client_cert,
        .note = "a context with its private key (PFXImportCertStore, the MY store), or NULL, 0: "
                "none; for the origin the request names, and not where a redirect leads elsewhere"),
    ROW(REQUEST_PRIORITY, DWORD, .get = R, .set = R, OF_REQUEST(priority), .default_text = "0",
        NO_EFFECT("deprecated by Microsoft; read back as set")),
    ROW(HTTP_VERSION, STRUCT, .size = sizeof(HTTP_VERSION_INFO), .get = N | S | R, .set = N | S | R,
        .query = wh_option_get_version, .change = wh_option_set_version, .default_text = "1.1",
        .note = "1.0 or 1.1; the process's for NULL and sessions, for requests opened without a "
                "version; on a request, its own"),
    ROW(DISABLE_FEATURE, DWORD, .set = R, OF_REQUEST(disable_features),
        .note = "AUTHENTICATION: what WinHttpSetCredentials was given still goes out"),
    ROW(CODEPAGE, DWORD, .set = S, .change = wh_option_set_codepage, .default_text = "CP_UTF8",
        PARTIAL("CP_UTF8 only")),
    ROW(MAX_CONNS_PER_SERVER, DWORD, .get = S, .set = S, SETTING(max_connections),
        .change = wh_option_set_connections, .default_text = "0xffffffff", .note = "0 means 2"),
    ROW(MAX_CONNS_PER_1_0_SERVER, DWORD, .get = S, .set = S, SETTING(max_connections_1_0),
        .change = wh_option_set_connections_1_0, .default_text = "0xffffffff", .note = "0 means 2"),
    ROW(AUTOLOGON_POLICY, DWORD, .set = R, OF_REQUEST(autologon_policy),
        .max = WINHTTP_AUTOLOGON_SECURITY_LEVEL_MAX, .default_text = "MEDIUM",
        .note = "MEDIUM: to proxies, and to hosts whose name has no dot; HIGH: never"),
    ROW(SERVER_CERT_CONTEXT, WORD, .get = R, .query = wh_option_get_cert_context,
        .state_first = true,
        .note = "CertFreeCertificateContext it; hCertStore has what the server sent"),
    ROW(ENABLE_FEATURE, DWORD, .set = S | R, .change = wh_option_set_enable_feature,
        .size_error = ERROR_INVALID_PARAMETER,
        PARTIAL(
            "SSL_REVOCATION (request): answered by the OCSP response that the server staples "
            "and by revocation lists in the certificate directories; none is fetched, so that a "
            "certificate of which neither tells fails with CERT_REV_FAILED unless "
            "IGNORE_CERT_REVOCATION_OFFLINE; SSL_REVERT_IMPERSONATION (session): threads do "
            "not impersonate here")),
    ROW(WORKER_THREAD_COUNT, DWORD, .get = S | C | R, .set = N, .query = wh_option_get_zero,
        .change = wh_option_set_worker_threads, .default_text = "0",
        PARTIAL("0 (the library chooses) only")),
    REFUSED(PASSPORT_COBRANDING_TEXT, NO_PASSPORT),
    REFUSED(PASSPORT_COBRANDING_URL, NO_PASSPORT),
    ROW(CONFIGURE_PASSPORT_AUTH, DWORD, .set = S, SETTING(passport_auth), .bits = PASSPORT_KNOWN,
        .default_text = "0", PARTIAL("kept; " NO_PASSPORT)),
    ROW(SECURE_PROTOCOLS, DWORD, .set = S, SETTING(secure_protocols),
        .bits = SECURE_PROTOCOLS_KNOWN, .default_text = "TLS 1.2, TLS 1.3",
        .note = "SSL 2 and 3 are accepted and never spoken"),
    ROW(ENABLETRACING, BOOL, .get = N, .set = N, .query = wh_option_get_tracing,
        .change = wh_option_set_tracing, .default_text = "FALSE",
        .note = "writes to WINHTTP_TRACE's file, or stderr"),
    REFUSED(PASSPORT_SIGN_OUT, NO_PASSPORT),
    REFUSED(PASSPORT_RETURN_URL, NO_PASSPORT),
    ROW(REDIRECT_POLICY, DWORD, .get = S | R, .set = S | R, SETTING(redirect_policy),
        .max = WINHTTP_OPTION_REDIRECT_POLICY_LAST, .default_text = "DISALLOW_HTTPS_TO_HTTP",
        .note = "a redirect from https to http that is not allowed: REDIRECT_FAILED"),
    ROW(MAX_HTTP_AUTOMATIC_REDIRECTS, DWORD, .get = S | R, .set = S | R, SETTING(max_redirects),
        .default_text = "10", .note = "one more: REDIRECT_FAILED"),
    ROW(MAX_HTTP_STATUS_CONTINUE, DWORD, .get = S | R, .set = S | R, SETTING(max_status_continue),
        .default_text = "10"),
    ROW(MAX_RESPONSE_HEADER_SIZE, DWORD, .get = S | R, .set = S | R, SETTING(max_header_size),
        .default_text = "65536"),
    ROW(MAX_RESPONSE_DRAIN_SIZE, DWORD, .get = S | R, .set = S | R, SETTING(max_drain_size),
        .default_text = "1048576"),
    ROW(CONNECTION_INFO, STRUCT, .size = sizeof(WINHTTP_CONNECTION_INFO), .get = R,
        .query = wh_option_get_connection_info, .state_first = true),
    ROW(CLIENT_CERT_ISSUER_LIST, WORD, .get = R, .query = wh_option_get_issuer_list,
        .note = "after ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED; GlobalFree it"),
    ROW(SPN, DWORD, .set = R, OF_REQUEST(spn_flags), .bits = WINHTTP_OPTION_SPN_MASK,
        .default_text = "DISABLE_SPN_SERVER_PORT"),
    REFUSED(GLOBAL_PROXY_CREDS, "as on a Windows without ShareCredsWithWinHttp"),
    REFUSED(GLOBAL_SERVER_CREDS, "as on a Windows without ShareCredsWithWinHttp"),
    ROW(UNLOAD_NOTIFY_EVENT, WORD, .set = S, .change = wh_option_set_unload_event,
        .note = "set when the session and all its children are gone"),
    ROW(REJECT_USERPWD_IN_URL, BOOL, .set = R, OF_REQUEST(reject_user_in_url),
        .default_text = "FALSE",
        .note = "TRUE: a redirect to such a URL fails with INVALID_URL; FALSE: its user info is "
                "not used"),
    REFUSED(USE_GLOBAL_SERVER_CREDENTIALS, "as on a Windows without ShareCredsWithWinHttp"),
    ROW(RECEIVE_PROXY_CONNECT_RESPONSE, BOOL, .set = S | R, SETTING(show_refusal),
        .default_text = "FALSE",
        .note = "TRUE: the body of a proxy's refusal of a tunnel can be read, too; its status and "
                "headers always can"),
    ROW(IS_PROXY_CONNECT_RESPONSE, BOOL, .get = R, .query = wh_option_get_is_refusal,
        .state_first = true, .note = "is the response a proxy's refusal of a tunnel?"),
    REFUSED(NETWORK_INTERFACE_AFFINITY, UNDOCUMENTED),
    ROW(SERVER_SPN_USED, TEXT, .get = R, .query = wh_option_get_server_spn, .state_first = true,
        .note = "once Negotiate or NTLM was tried"),
    ROW(PROXY_SPN_USED, TEXT, .get = R, .query = wh_option_get_proxy_spn, .state_first = true,
        .note = "once Negotiate or NTLM was tried"),
    ROW(SERVER_CBT, STRUCT, .get = R, .query = wh_option_get_server_cbt, .state_first = true,
        .note = "tls-server-end-point; its pointer points into the buffer"),
    REFUSED(UNSAFE_HEADER_PARSING, "reserved by Microsoft"),
    ROW(ASSURED_NON_BLOCKING_CALLBACKS, BOOL, .set = S, .change = wh_option_set_quick_callbacks,
        .default_text = "FALSE", .note = "for requests opened afterwards"),
    ROW(UPGRADE_TO_WEB_SOCKET, NOTHING, .set = R, .change = wh_option_set_upgrade,
        .note = "NULL, 0; for all sends that follow"),
    ROW(WEB_SOCKET_CLOSE_TIMEOUT, DWORD, .get = S | R | W, .set = S | R | W,
        .query = wh_option_get_close_timeout, .change = wh_option_set_close_timeout,
        .default_text = "10000", .note = "ms"),
    ROW(WEB_SOCKET_KEEPALIVE_INTERVAL, DWORD, .set = W, .change = wh_option_set_keep_alive,
        .size_error = ERROR_INVALID_PARAMETER, .default_text = "30000",
        .note = "ms, 15000 at least; a ping is sent"),
    ROW(DECOMPRESSION, DWORD, .set = S | R, SETTING(decompression),
        .bits = WINHTTP_DECOMPRESSION_FLAG_ALL, .default_text = "0",
        .note = "gzip and deflate. Replaces Accept-Encoding; hides Content-Encoding and "
                "Content-Length of what it decodes. Left as they come: several codings in a row, "
                "and partial responses (206)"),
    ROW(WEB_SOCKET_RECEIVE_BUFFER_SIZE, DWORD, .get = S | R, .set = S | R,
        SETTING(web_socket_receive_buffer), .default_text = "32768",
        .note = "how far a frame's end is read past; memory is taken only while it is needed"),
    ROW(WEB_SOCKET_SEND_BUFFER_SIZE, DWORD, .get = S | R, .set = S | R,
        SETTING(web_socket_send_buffer), .default_text = "32768",
        .note = "16 at least when sent; frames above 4 KiB are masked into it while they are sent"),
    REFUSED(TCP_PRIORITY_HINT, "Windows' socket scheduler has no counterpart"),
    REFUSED(CONNECTION_FILTER, UNDOCUMENTED),
    ROW(ENABLE_HTTP_PROTOCOL, DWORD, .set = S | R, SETTING(http_protocols),
        .bits = WINHTTP_PROTOCOL_MASK, .default_text = "0",
        PARTIAL("what may be used at most: HTTP/1.1 is spoken, and HTTP_PROTOCOL_USED says so")),
    ROW(HTTP_PROTOCOL_USED, DWORD, .get = R, .query = wh_option_get_zero,
        .note = "0: HTTP/1.1 or 1.0"),
    REFUSED(KDC_PROXY_SETTINGS, UNDOCUMENTED),
    REFUSED(PROXY_DISABLE_SERVICE_CALLS, UNDOCUMENTED),
    REFUSED(ENCODE_EXTRA, "paths are escaped when the request is opened; see its flags"),
    REFUSED(DISABLE_STREAM_QUEUE, NEEDS_H2),
    ROW(IPV6_FAST_FALLBACK, BOOL, .set = S, SETTING(ipv6_fast_fallback), .default_text = "FALSE",
        .note = "the other address family is tried beside the first (RFC 8305)"),
    REFUSED(CONNECTION_STATS_V0, "Windows' TCP counters have no full counterpart"),
    ROW(REQUEST_TIMES, STRUCT, .size = sizeof(WINHTTP_REQUEST_TIMES), .get = R,
        .query = wh_option_get_request_times,
        PARTIAL("of the last leg, after redirects and challenges: names, connect, tunnel, TLS as "
                "one leg, send, receive")),
    ROW(EXPIRE_CONNECTION, NOTHING, .set = R, .change = wh_option_expire_connection,
        .note = "ERROR_WINHTTP_INCORRECT_HANDLE_STATE unless sending or receiving"),
    ROW(DISABLE_SECURE_PROTOCOL_FALLBACK, BOOL, .set = S, SETTING(no_protocol_fallback),
        .default_text = "FALSE", .note = "there is never a fallback"),
    REFUSED(HTTP_PROTOCOL_REQUIRED, NEEDS_H2),
    ROW(REQUEST_STATS, STRUCT, .size = sizeof(WINHTTP_REQUEST_STATS), .get = R,
        .query = wh_option_get_request_stats,
        PARTIAL("of the last leg: header and body sizes, session resumption, the place on its "
                "connection; others are 0")),
    ROW(SERVER_CERT_CHAIN_CONTEXT, WORD, .get = R, .query = wh_option_get_cert_chain,
        .state_first = true,
        .note = "CertFreeCertificateChain it; revocation is not in its status"),
    REFUSED(SERVER_CERT_CHAIN_BUILD_FLAGS, "chains are built by OpenSSL from what the server sent"),
    REFUSED(CONNECTION_STATS_V1, "Windows' TCP counters have no full counterpart"),
    ROW(SECURITY_INFO, STRUCT, .get = R, .query = wh_option_get_security_info, .state_first = true,
        .note = "as <schannel.h> declares it"),
    ROW(TCP_KEEPALIVE, STRUCT, .size = sizeof(struct tcp_keepalive), .set = S,
        .change = wh_option_set_tcp_keepalive, .default_text = "off"),
    REFUSED(TCP_FAST_OPEN, "not offered"),
    REFUSED(TLS_FALSE_START, "not offered"),
    ROW(IGNORE_CERT_REVOCATION_OFFLINE, BOOL, .set = R, .change = wh_option_set_revocation_offline,
        .default_text = "FALSE", .note = "see ENABLE_FEATURE"),
    REFUSED(TLS_PROTOCOL_INSECURE_FALLBACK, "there is never a fallback"),
    REFUSED(STREAM_ERROR_CODE, NEEDS_H2),
    REFUSED(REQUIRE_STREAM_END, NEEDS_H2),
    REFUSED(ENABLE_HTTP2_PLUS_CLIENT_CERT, NEEDS_H2),
    REFUSED(FAILED_CONNECTION_RETRIES, "a stale connection is replaced once, always"),
    REFUSED(HTTP2_KEEPALIVE, NEEDS_H2),
    ROW(RESOLUTION_HOSTNAME, TEXT, .set = R, .change = wh_option_set_resolution_host,
        .note = "before the request is sent"),
    REFUSED(SET_TOKEN_BINDING, "withdrawn by Microsoft"),
    REFUSED(TOKEN_BINDING_PUBLIC_KEY, "withdrawn by Microsoft"),
    REFUSED(REFERER_TOKEN_BINDING_HOSTNAME, "withdrawn by Microsoft"),
    REFUSED(HTTP2_PLUS_TRANSFER_ENCODING, NEEDS_H2),
    REFUSED(RESOLVER_CACHE_CONFIG, "the system's resolver caches, or does not"),
    REFUSED(DISABLE_CERT_CHAIN_BUILDING, "chains are always verified"),
    REFUSED(BACKGROUND_CONNECTIONS, "not offered"),
    REFUSED(FIRST_AVAILABLE_CONNECTION, "not offered"),
    REFUSED(TCP_PRIORITY_STATUS, "Windows' socket scheduler has no counterpart"),
    REFUSED(CONNECTION_GUID, "not offered"),
    REFUSED(MATCH_CONNECTION_GUID, "not offered"),
    REFUSED(HTTP2_RECEIVE_WINDOW, NEEDS_H2),
    ROW(FEATURE_SUPPORTED, BOOL, .get = N, .query = wh_option_get_feature_supported,
        .note = "in: WINHTTP_FEATURE_*; out: whether this library has it"),
    REFUSED(QUIC_STATS, NEEDS_H3),
    REFUSED(HTTP3_KEEPALIVE, NEEDS_H3),
    REFUSED(HTTP3_HANDSHAKE_TIMEOUT, NEEDS_H3),
    REFUSED(HTTP3_INITIAL_RTT, NEEDS_H3),
    REFUSED(HTTP3_STREAM_ERROR_CODE, NEEDS_H3),
    REFUSED(REQUEST_ANNOTATION, "not offered"),
    REFUSED(DISABLE_PROXY_AUTH_SCHEMES, "SetCredentials chooses the scheme"),
    REFUSED(REVERT_IMPERSONATION_SERVER_CERT, "threads do not impersonate here"),
    REFUSED(DISABLE_GLOBAL_POOLING, "the pool is the process's"),
    REFUSED(USE_SESSION_SCH_CRED, UNDOCUMENTED),
    REFUSED(SERVER_CERT_CHAIN_BUILD_CACHE_ONLY, UNDOCUMENTED),
    REFUSED(QUIC_STATS_V2, NEEDS_H3),
    REFUSED(QUIC_STREAM_STATS, NEEDS_H3),
    REFUSED(USE_LOOKASIDE, UNDOCUMENTED),
    REFUSED(ERROR_LOG_GUID, UNDOCUMENTED),
    REFUSED(ENABLE_FAST_FORWARDING, UNDOCUMENTED),
    REFUSED(FAST_FORWARDING_RESPONSE_DATA, UNDOCUMENTED),
    REFUSED(UPGRADE_TO_PROTOCOL, "bare streams are not there"),
    REFUSED(CONNECTION_STATS_V2, "Windows' TCP counters have no full counterpart"),
    REFUSED(FAST_FORWARDING_RESPONSE_STATUS, UNDOCUMENTED),
    REFUSED(DSCP_TAG, UNDOCUMENTED),
    REFUSED(HTTP11_DOWNGRADE_TTL, UNDOCUMENTED),
    REFUSED(SESSION_ERROR_LOG_GUID, UNDOCUMENTED),
    ROW(USERNAME, TEXT, .get = R, .set = R, .query = wh_option_get_user_name,
        .change = wh_option_set_user_name, .note = "for whatever scheme is the strongest offered"),
    ROW(PASSWORD, TEXT, .get = R, .set = R, .query = wh_option_get_password,
        .change = wh_option_set_password, .note = "wiped with the request"),
    ROW(PROXY_USERNAME, TEXT, .get = R, .set = R, .query = wh_option_get_proxy_user_name,
        .change = wh_option_set_proxy_user_name,
        .note = "for whatever scheme is the strongest offered"),
    ROW(PROXY_PASSWORD, TEXT, .get = R, .set = R, .query = wh_option_get_proxy_password,
        .change = wh_option_set_proxy_password, .note = "wiped with the request"),
};

const size_t wh_option_count = sizeof(wh_option_table) / sizeof(wh_option_table[0]);
