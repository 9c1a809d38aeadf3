/* ntlm.c - NTLM, and Negotiate that comes down to it, against a server whose side gss-ntlmssp plays:
 * three legs on one connection, whose identity stays with it; channel bindings that have to be right.
 *
 * The server ties the user to the connection, as IIS does: a request without Authorization on an
 * authenticated connection is that user's. So a connection that served the wrong request would show. */
#include "web.h"

#include <gssapi/gssapi.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USER     L"DOM\\carol"
#define PASSWORD L"Pa$$w0rd"

static gss_OID_desc spnego = {6, "\x2b\x06\x01\x05\x05\x02"};
static gss_OID_desc ntlmssp = {10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};

struct ntlm_server {
    const char *scheme;  /* "NTLM", "Negotiate" */
    const char *binding; /* what the clients' must be; NULL: any */
    size_t binding_len;
};

#define TEST_IN_BOTH_MODES(name)                                                                   \
    static void ntlm__##name##__in(DWORD mode);                                                    \
    TEST(ntlm, name##__sync)                                                                       \
    {                                                                                              \
        ntlm__##name##__in(0);                                                                     \
    }                                                                                              \
    TEST(ntlm, name##__async)                                                                      \
    {                                                                                              \
        ntlm__##name##__in(WINHTTP_FLAG_ASYNC);                                                    \
    }                                                                                              \
    static void ntlm__##name##__in(DWORD mode)

/* ---- the server ------------------------------------------------------------------------------ */

static void write_file(const char *name, const char *text, const char *variable)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", test_temp_dir(), name);
    file = fopen(path, "w");
    CHECK(file != NULL);
    fputs(text, file);
    CHECK_EQ(fclose(file), 0);
    setenv(variable, path, 1);
}

static void require_gssapi(void)
{
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, L"nowhere", 80, 0);
    HINTERNET request = WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, NULL, 0);
    BOOL has = WinHttpSetCredentials(request, WINHTTP_AUTH_TARGET_SERVER, WINHTTP_AUTH_SCHEME_NTLM,
                                     USER, PASSWORD, NULL);
    DWORD error = GetLastError();

    CHECK(request != NULL);
    WinHttpCloseHandle(request);
    WinHttpCloseHandle(connection);
    WinHttpCloseHandle(session);
    if (!has && error == ERROR_CALL_NOT_IMPLEMENTED)
        SKIP("built without GSSAPI");
    CHECK(has);
}

/* The users that the server knows; no realm and no KDC, so that Kerberos gives up at once. */
static void prepare(void)
{
    gss_OID_set all = GSS_C_NO_OID_SET;
    OM_uint32 minor;
    int present = 0;

    gss_indicate_mechs(&minor, &all);
    gss_test_oid_set_member(&minor, &ntlmssp, all, &present);
    gss_release_oid_set(&minor, &all);
    if (!present)
        SKIP("NTLM for GSSAPI (gss-ntlmssp) is not installed");
    require_gssapi();
    write_file("users", "DOM:carol:Pa$$w0rd\nDOM:dave:secret\n", "NTLM_USER_FILE");
    write_file("krb5.conf",
               "[libdefaults]\ndns_lookup_kdc = false\ndns_lookup_realm = false\nrdns = false\n"
               "dns_canonicalize_hostname = false\n",
               "KRB5_CONFIG");
}

struct session {
    gss_ctx_id_t context;
    gss_cred_id_t cred;
    bool known;
    char user[128];
};

static void note_user(struct session *session, gss_name_t name)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;

    if (gss_display_name(&minor, name, &text, NULL) == GSS_S_COMPLETE)
        snprintf(session->user, sizeof(session->user), "%.*s", (int)text.length,
                 (const char *)text.value);
    gss_release_buffer(&minor, &text);
    session->known = true;
}

/* A token of the client's. The answer in base64; false: it is no good. */
static bool hear(struct session *session, const struct ntlm_server *server, const char *coded,
                 char *answer, size_t room)
{
    static const size_t most = 8192;
    struct gss_channel_bindings_struct binding = {
        .initiator_addrtype = GSS_C_AF_UNSPEC,
        .acceptor_addrtype = GSS_C_AF_UNSPEC,
        .application_data = {server->binding_len, (void *)server->binding}};
    unsigned char *bytes = malloc(most);
    size_t len = strlen(coded), padding = 0;
    gss_buffer_desc in = {0, bytes}, out = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 major, minor;

    answer[0] = '\0';
    while (padding < len && coded[len - 1 - padding] == '=')
        padding++;
    in.length = len < most && EVP_DecodeBlock(bytes, (const unsigned char *)coded, (int)len) > 0
                    ? len / 4 * 3 - padding
                    : 0;
    if (session->known) { /* a new conversation on the same connection */
        gss_delete_sec_context(&minor, &session->context, GSS_C_NO_BUFFER);
        session->known = false;
    }
    major = gss_accept_sec_context(&minor, &session->context, session->cred, &in,
                                   server->binding ? &binding : GSS_C_NO_CHANNEL_BINDINGS, &name,
                                   NULL, &out, NULL, NULL, NULL);
    if (out.length > 0 && out.length * 2 < room)
        EVP_EncodeBlock((unsigned char *)answer, out.value, (int)out.length);
    if (major == GSS_S_COMPLETE)
        note_user(session, name);
    else if (GSS_ERROR(major))
        gss_delete_sec_context(&minor, &session->context, GSS_C_NO_BUFFER);
    gss_release_buffer(&minor, &out);
    gss_release_name(&minor, &name);
    free(bytes);
    return !GSS_ERROR(major);
}

static void deny(struct server_conn *conn, const char *scheme, const char *token)
{
    server_conn_print(conn,
                      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: %s%s%s\r\n"
                      "Content-Length: 6\r\n\r\ndenied",
                      scheme, *token ? " " : "", token);
}

static void take_body(struct server_conn *conn, const char *head)
{
    char length[32] = "0", body[64];
    size_t left;

    server_header(head, "Content-Length", length, sizeof(length));
    for (left = strtoul(length, NULL, 10); left > 0;) {
        size_t got = server_conn_read(conn, body, left < sizeof(body) ? left : sizeof(body));

        if (got == 0)
            return;
        left -= got;
    }
}

static void serve(struct server_conn *conn, void *user)
{
    const struct ntlm_server *server = user;
    size_t scheme_len = strlen(server->scheme);
    bool negotiates = strcmp(server->scheme, "Negotiate") == 0;
    gss_OID_set_desc mechs = {1, negotiates ? &spnego : &ntlmssp};
    struct session session = {.context = GSS_C_NO_CONTEXT};
    char field[8192], answer[8192] = "";
    const char *head;
    OM_uint32 minor;

    gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs, GSS_C_ACCEPT, &session.cred,
                     NULL, NULL);
    while ((head = server_conn_head(conn)) != NULL) {
        bool speaks = server_header(head, "Authorization", field, sizeof(field));

        bool sent_away = strncmp(head, "GET /away ", 10) == 0;

        take_body(conn, head);
        answer[0] = '\0';
        if (speaks &&
            (strncmp(field, server->scheme, scheme_len) != 0 || field[scheme_len] != ' ' ||
             !hear(&session, server, field + scheme_len + 1, answer, sizeof(answer))))
            session.known = false;
        if (session.known && sent_away)
            server_conn_print(conn,
                              "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 4\r\n\r\ngone");
        else if (session.known)
            server_conn_print(conn,
                              "HTTP/1.1 200 OK\r\nX-User: %s\r\nX-Connection: %u\r\n"
                              "Content-Length: 5\r\n\r\nhello",
                              session.user, server_conn_number(conn));
        else
            deny(conn, server->scheme, answer);
    }
    gss_delete_sec_context(&minor, &session.context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &session.cred);
}

/* ---- the client ------------------------------------------------------------------------------ */

static const char *field_of(struct web *web, const wchar_t *name)
{
    static char text[2][256];
    static unsigned turn;
    wchar_t wide[256];
    DWORD size = sizeof(wide);
    char *out = text[turn++ % 2];

    if (!WinHttpQueryHeaders(web->request, WINHTTP_QUERY_CUSTOM, name, wide, &size,
                             WINHTTP_NO_HEADER_INDEX))
        return "";
    snprintf(out, sizeof(text[0]), "%ls", wide);
    return out;
}

static void give(struct web *web, DWORD scheme, const wchar_t *user, const wchar_t *password)
{
    CHECK(WinHttpSetCredentials(web->request, WINHTTP_AUTH_TARGET_SERVER, scheme, user, password,
                                NULL));
}

static void set_policy(struct web *web, DWORD policy)
{
    CHECK(WinHttpSetOption(web->request, WINHTTP_OPTION_AUTOLOGON_POLICY, &policy, sizeof(policy)));
}

static void is_served_as(struct web *web, const char *user, const char *connection)
{
    struct answer answer = web_exchange(web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(field_of(web, L"X-User"), user);
    CHECK_STR(field_of(web, L"X-Connection"), connection);
}

static void is_denied(struct web *web)
{
    struct answer answer = web_exchange(web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 401);
    CHECK_STR(answer.body, "denied");
}

static void another_request(struct web *web, struct server *srv)
{
    web_close_request(web);
    web_request(web, srv, "GET", "/");
}

static const struct {
    const char *name;
    DWORD scheme;
} schemes[] = {{"NTLM", WINHTTP_AUTH_SCHEME_NTLM}, {"Negotiate", WINHTTP_AUTH_SCHEME_NEGOTIATE}};

/* Fact 158: chosen, the first message goes out with the first send; the rest is the loop's. */
TEST_IN_BOTH_MODES(three_legs_share_a_connection_and_the_next_request_needs_none)
{
    prepare();
    for (size_t i = 0; i < 2; i++) {
        struct ntlm_server how = {.scheme = schemes[i].name};
        struct server *srv = server_run(NULL, serve, &how);
        struct web web = web_open(srv, mode, "GET", "/");

        test_note("%s", how.scheme);
        give(&web, schemes[i].scheme, USER, PASSWORD);
        is_served_as(&web, "DOM\\carol", "0");
        CHECK_EQ(server_requests(srv), 2);
        is_served_as(&web, "DOM\\carol", "0");
        CHECK_EQ(server_requests(srv), 3);
        another_request(&web, srv);
        give(&web, schemes[i].scheme, USER, PASSWORD); /* another handle, the same credentials */
        is_served_as(&web, "DOM\\carol", "0");
        CHECK_EQ(server_requests(srv), 4);
        CHECK_EQ(server_connections(srv), 1);
        web_close(&web);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(options_answer_the_challenge_on_its_connection)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    struct server *srv;
    struct web web;

    prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, USER, PASSWORD); /* is it built in? */
    another_request(&web, srv);
    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_USERNAME, (void *)L"DOM\\carol", 9));
    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_PASSWORD, (void *)PASSWORD, 8));
    is_served_as(&web, "DOM\\carol", "0");
    CHECK_EQ(server_requests(srv), 3);
    is_served_as(&web, "DOM\\carol", "0");
    CHECK_EQ(server_requests(srv), 4);
    web_close(&web);
    server_stop(&srv);
}

/* It is the connection that was authenticated: the next leg needs no more than to stay on it. */
TEST_IN_BOTH_MODES(a_redirect_within_the_origin_stays_on_the_authenticated_connection)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    struct server *srv;
    struct web web;

    prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "GET", "/away");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, USER, PASSWORD);
    is_served_as(&web, "DOM\\carol", "0");
    CHECK_EQ(server_requests(srv), 3);
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(an_authenticated_connection_serves_nobody_else)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    struct server *srv;
    struct web web;

    prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, USER, PASSWORD);
    is_served_as(&web, "DOM\\carol", "0");
    another_request(&web, srv);
    is_denied(&web); /* nobody: connection 1 */
    another_request(&web, srv);
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, USER, L"wrong");
    is_denied(&web); /* 2, which is closed then */
    another_request(&web, srv);
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, L"DOM\\dave", L"secret");
    is_served_as(&web, "DOM\\dave", "3");
    another_request(&web, srv);
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, USER, PASSWORD);
    is_served_as(&web, "DOM\\carol", "0");
    another_request(&web, srv);
    is_denied(&web);
    CHECK_EQ(server_connections(srv), 4);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(a_written_body_is_sent_once_per_leg)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    unsigned sends = 0;
    struct server *srv;
    struct web web;
    DWORD error;

    prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "POST", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, USER, PASSWORD);
    do {
        CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
        CHECK_EQ(web_write(&web, "data", 4), 0);
        error = web_receive(&web);
        sends++;
    } while (error == ERROR_WINHTTP_RESEND_REQUEST);
    CHECK_EQ(error, 0);
    CHECK_EQ(web_status(web.request), 200);
    CHECK_EQ(sends, 2);
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

/* The first entry of NTLM_USER_FILE is who we are. An address is no intranet host: LOW alone. */
TEST_IN_BOTH_MODES(the_users_own_credentials_need_the_policys_leave)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    struct server *srv;
    struct web web;

    prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NULL, NULL);
    is_denied(&web);
    set_policy(&web, WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH);
    is_denied(&web);
    set_policy(&web, WINHTTP_AUTOLOGON_SECURITY_LEVEL_LOW);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_STR(field_of(&web, L"X-User"), "DOM\\carol");
    another_request(&web, srv); /* not chosen: a 401 first, then the connection that is there */
    set_policy(&web, WINHTTP_AUTOLOGON_SECURITY_LEVEL_LOW);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_STR(field_of(&web, L"X-User"), "DOM\\carol");
    CHECK(server_connections(srv) <= 2);
    web_close(&web);
    server_stop(&srv);
}

/* Whatever the server says in the middle of it, the 401 is the application's in the end, and the
 * connection, of which nobody knows whose it is, serves nobody. */
TEST_IN_BOTH_MODES(a_server_that_talks_nonsense_is_left_alone)
{
    static const char *const answers[] = {
        "NTLM",    "NTLM !!!!", "NTLM TlRMTVNTUAACAAAA", "NTLM AAAA", "Negotiate TlRMTVNTUAACAAAA",
        "NTLM a=b"};

    prepare();
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        char reply[256];
        struct server *srv;
        struct web web;

        test_note("%s", answers[i]);
        snprintf(reply, sizeof(reply),
                 "HTTP/1.1 401 No\r\nWWW-Authenticate: %s\r\nContent-Length: 6\r\n\r\ndenied",
                 answers[i]);
        srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                {EXPECT_HEADER, "Authorization"},
                                                {REPLY, reply},
                                                {EXPECT_CLOSE},
                                                {END}});
        web = web_open(srv, mode, "GET", "/");
        give(&web, WINHTTP_AUTH_SCHEME_NTLM, USER, PASSWORD);
        is_denied(&web);
        web_close(&web);
        server_stop(&srv);
    }
}

/* ---- channel bindings ------------------------------------------------------------------------ */

/* RFC 5929, section 4.1, of the test server's certificate, which SHA-256 signs. */
static size_t end_point(char out[static 128])
{
    static const char prefix[] = "tls-server-end-point:";
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    CHECK_EQ(X509_digest(cert_x509(cert_localhost()), EVP_sha256(), hash, &len), 1);
    memcpy(out, prefix, sizeof(prefix) - 1);
    memcpy(out + sizeof(prefix) - 1, hash, len);
    return sizeof(prefix) - 1 + len;
}

TEST_IN_BOTH_MODES(the_channel_binding_is_that_of_the_servers_certificate)
{
    struct server_options options = {.tls = true};
    char binding[128];
    struct ntlm_server right = {.scheme = "NTLM", .binding = binding},
                       wrong = {.scheme = "NTLM",
                                .binding = "tls-server-end-point:other",
                                .binding_len = 26};
    struct server *srv;
    struct web web;

    prepare();
    right.binding_len = end_point(binding);
    srv = server_run(&options, serve, &right);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, USER, PASSWORD);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    server_stop(&srv);

    srv = server_run(&options, serve, &wrong);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, USER, PASSWORD);
    is_denied(&web);
    web_close(&web);
    server_stop(&srv);
}
